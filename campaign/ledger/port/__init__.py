"""The ledger's port: what the rest of the project may ask it and tell it, without a word of any database."""
