"""The durable truth of all runs: what was loaded, claimed, sent, and what became of it.

Public, for the rest of the project:
    store      opens a ledger: `open_ledger`
    port       what a `Ledger` may be asked (`LedgerReader`) and told (`LedgerWriter`), as protocols
    records    the frozen values that go in and out
    home       its folder, seen without opening it

All else is the ledger's own: no engine, connection or table is seen outside.
"""
