"""Machines that share a ledger: which goes on with it, which runs a worker takes, and one of them carried out."""
