"""Runs that are dialled: begun from a sheet, gone on with, or called again."""
