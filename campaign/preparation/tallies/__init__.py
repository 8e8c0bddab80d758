"""Tallies over all rows of a sheet: what their numbers are, and which of them are merged into one call."""
