"""Use cases that move a ledger, or go on with a copy of one."""
