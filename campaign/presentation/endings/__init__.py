"""Wording of how runs, and rehearsals of them, ended."""
