"""Use cases of those who watch runs: how they stand now, their rows a page at a time."""
