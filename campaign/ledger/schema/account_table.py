"""Table of the accounts' pace, shared by all runs of one account: one row hands out the send times."""

from sqlalchemy import CheckConstraint, Column, Float, Integer, PrimaryKeyConstraint, Table

from campaign.ledger.schema.tables import metadata
from campaign.ledger.schema.types import TEXT

account_pace = Table(
    "account_pace",
    metadata,
    # Instants are seconds since 1970: slots lie closer together than the milliseconds of a text.
    Column("service", TEXT, nullable=False),
    Column("team", TEXT, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("written_at", Float, nullable=False),
    Column("last_slot", Float, nullable=False),
    Column("interval", Float, nullable=False),
    Column("fastest_until", Float, nullable=False),
    Column("held_until", Float, nullable=False),
    # For older versions that go on in another process: the part of the asked rate that is used, since when.
    Column("share", Float, nullable=False),
    Column("share_since", Float, nullable=False),
    Column("why", TEXT, nullable=False),
    # What is known of the server's limit, as JSON of `FoundRate`; empty where an older version wrote the row.
    Column("found", TEXT, nullable=False, server_default=""),
    PrimaryKeyConstraint("service", "team"),
    CheckConstraint("share > 0 AND share <= 1", name="account_share"),
)
