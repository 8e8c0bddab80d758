"""Use cases of whoever watches runs: how they stand now, their rows a page at a time."""
