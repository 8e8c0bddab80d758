"""Which row is next: the queue of a run, and the timetable that it goes by."""
