"""Dates and times of cells: read as their owner wrote them, and spoken in words."""
