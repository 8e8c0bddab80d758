"""Queue of a run: which row is sent next, and the timetable that it follows."""
