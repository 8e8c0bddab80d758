"""Exports ledger rows to files: CSV, Excel, JSON, HTML."""
