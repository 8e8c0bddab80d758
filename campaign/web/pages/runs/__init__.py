"""Pages of one run: live, its rows, its rerun, its lost answers, its report, its end."""
