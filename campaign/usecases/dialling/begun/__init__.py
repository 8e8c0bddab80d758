"""A run that was begun before: which plan holds for its rest, and which answers."""
