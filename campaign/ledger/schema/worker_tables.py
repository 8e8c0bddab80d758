"""Tables of who dials: the processes that hold runs, with their heartbeat, and what is wanted of each run.

worker          a row for each start; its id is the fencing token: who is ended claims nothing any more
run_control     whether a run is to be dialled; read in every claiming transaction
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from campaign.ledger.schema.tables import metadata
from campaign.ledger.schema.types import ID, TEXT, WHERE

worker = Table(
    "worker",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", TEXT, nullable=False),
    # As the attempts name it.
    Column("owner", TEXT, nullable=False),
    Column("version", TEXT, nullable=False),
    # The queue that it takes runs from; NULL for a process that dials its own.
    Column("takes", TEXT),
    Column("started_at", TEXT, nullable=False),
    # The last heartbeat, for people; others see by the count that it lives, and compare no clocks.
    Column("seen_at", TEXT, nullable=False),
    Column("beats", Integer, nullable=False),
    Column("ended_at", TEXT),
    # The owner of who ended it: itself, or who took it for dead.
    Column("ended_by", TEXT),
    UniqueConstraint("owner", name="one_worker_per_owner"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="worker_ended"),
    CheckConstraint("beats > 0", name="worker_beats"),
    Index("worker_on_duty", "id", info={WHERE: "ended_at IS NULL"}),
)

run_control = Table(
    "run_control",
    metadata,
    Column("run_id", ID, ForeignKey("run.id"), primary_key=True, autoincrement=False),
    Column("wanted", TEXT, nullable=False),
    Column("why", TEXT),
    Column("code", Integer),
    # Who says so; NULL where the program itself stopped it.
    Column("who", TEXT),
    Column("at", TEXT, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    CheckConstraint("wanted IN ('go', 'stop')", name="run_control_wanted"),
    CheckConstraint(
        "(wanted = 'stop') = (why IS NOT NULL) AND (wanted = 'stop') = (code IS NOT NULL)", name="run_control_says_why"
    ),
    CheckConstraint("parts > 0 AND revision > 0", name="run_control_counts"),
)
