"""Serving: what a page and an API keep in the ledger beside the runs."""
