"""Intake: reads a sheet, matches its columns, parses phone numbers, and screens rows into contacts or problems."""
