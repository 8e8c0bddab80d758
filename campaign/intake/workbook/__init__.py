"""Workbooks: read by a child process with limits."""
