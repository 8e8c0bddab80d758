"""The ledger's tables, their rules, and the text that they can hold."""
