"""Phone numbers: from what a cell says to E.164, or to a problem."""
