"""Parts of the open ledger that have a subject of their own: drafts, and schedules with their firings."""
