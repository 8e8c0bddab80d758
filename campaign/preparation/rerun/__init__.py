"""Corrected rows of an earlier run, screened and requeued."""
