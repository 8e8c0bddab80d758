"""Words and values of the pages of sheets that are no runs yet."""
