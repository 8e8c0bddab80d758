"""Where the called person is: time zones by number, state and name; written times."""
