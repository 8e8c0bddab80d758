"""Queries of the ledger, one file for each subject."""
