"""Commands that end rows or runs for good."""
