"""The durable truth of all runs: what was loaded, claimed, sent, and what became of it.

Public, for the rest of the project:
    store      opens a ledger: `open_ledger`
    reading    opens one to be asked only, which starts faster: `open_for_reading`
    port       what a `Ledger` may be asked (`LedgerReader`) and told (`LedgerWriter`), as protocols
    records    the frozen values that go in and out
    home       its folder, seen without opening it

All else is the ledger's own: no engine, connection or table is seen outside.
"""
