"""Commands: each asks what it must, calls its use case, and prints the result."""
