"""Home: which file this ledger was, when it was last written by a program that was told to go on with it.

A copy of a ledger has the same row, and is another file: two ledgers that go on from one state call everybody twice.
"""

from sqlalchemy import CheckConstraint, Column, Table

from campaign.ledger.schema.tables import metadata
from campaign.ledger.schema.types import ID, TEXT

home = Table(
    "home",
    metadata,
    Column("id", ID, primary_key=True),
    # Random, and the same in all copies.
    Column("ledger_id", TEXT, nullable=False),
    # What a copy does not share, as `sqlite.home_identity` reads it.
    Column("file", TEXT, nullable=False),
    # For people: where it was.
    Column("path", TEXT, nullable=False),
    Column("since", TEXT, nullable=False),
    CheckConstraint("id = 1", name="one_home"),
)
