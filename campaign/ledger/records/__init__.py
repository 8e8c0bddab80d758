"""The frozen values that go into and out of the ledger, independent of the database."""
