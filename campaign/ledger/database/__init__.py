"""Where a ledger stands: what it needs of its database, and the choice between a file and a server."""
