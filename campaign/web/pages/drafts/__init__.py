"""Pages of a draft: an uploaded sheet that is checked, corrected, and launched or scheduled."""
