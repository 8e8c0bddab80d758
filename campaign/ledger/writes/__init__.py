"""The statements that change the ledger, and the thread that commits them."""
