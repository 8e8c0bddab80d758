"""Use cases that dial a run: run a sheet, resume a run, rerun rows; and drafts, pace and questions of runs."""
