"""A rerun by cells that were corrected: the cells, and the rows that they make."""
