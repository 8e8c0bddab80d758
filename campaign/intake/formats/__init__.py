"""Workbook formats: validation and metadata that each needs to be read faithfully."""
