"""A rehearsal's ledger: a passing copy, which no thread writes."""
