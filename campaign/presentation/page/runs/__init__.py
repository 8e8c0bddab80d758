"""Words and values of the pages of runs."""
