"""The worker: takes runs of a shared ledger, one of many processes on many machines."""
