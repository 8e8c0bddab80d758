"""Corrected rows of an earlier run, screened and put back."""
