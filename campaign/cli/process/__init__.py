"""What concerns the process itself: signals, and how many files it may open."""
