"""What the ledger gives and takes: frozen values, without a word of any database."""
