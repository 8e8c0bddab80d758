"""Verbs that end a run: stop, cancel, forget."""
