"""The ledger's port: protocols for all reads and writes of the ledger, independent of the database."""
