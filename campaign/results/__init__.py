"""From ledger rows to files: views for people, never read back as truth."""
