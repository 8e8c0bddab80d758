"""What the system and libraries report: their errors in one line, and too few open files."""
