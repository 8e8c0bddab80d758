"""Phone numbers: converts a cell's text to E.164, or to a problem."""
