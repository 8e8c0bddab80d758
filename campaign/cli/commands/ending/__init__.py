"""Commands that end rows or runs, for now or for good."""
