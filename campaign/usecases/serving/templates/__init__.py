"""Use cases of the templates folder: list, edit, copy, rename, delete. Runs keep what they were begun with."""
