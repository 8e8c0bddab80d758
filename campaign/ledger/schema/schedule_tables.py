"""The tables of scheduled runs: schedules and their firings.

    schedule 1--* firing *--1 run

Constraints: an instant of a schedule is recorded once; a schedule has one open firing at most;
a firing has one run at most, and a run one firing; the record of an instant that is over never changes.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from campaign.ledger.schema.tables import metadata
from campaign.ledger.schema.types import ID, TEXT, WHERE

schedule = Table(
    "schedule",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("timezone", TEXT, nullable=False),
    Column("cron", TEXT),
    Column("at", TEXT),
    Column("sheet", TEXT, nullable=False),
    Column("template", TEXT, nullable=False),
    Column("service", TEXT, nullable=False),
    Column("answers", TEXT, nullable=False),
    Column("results_folder", TEXT, nullable=False),
    Column("grace_seconds", Integer, nullable=False),
    Column("notify_url", TEXT),
    Column("created_at", TEXT, nullable=False),
    Column("paused_at", TEXT),
    Column("removed_at", TEXT),
    CheckConstraint("(cron IS NULL) <> (at IS NULL)", name="schedule_cron_or_at"),
    CheckConstraint("grace_seconds > 0", name="schedule_grace"),
    Index(
        "one_schedule_per_name",
        "name",
        unique=True,
        info={WHERE: "removed_at IS NULL"},
    ),
)

firing = Table(
    "firing",
    metadata,
    Column("id", ID, primary_key=True),
    Column("schedule_id", ID, ForeignKey("schedule.id"), nullable=False),
    Column("instant", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("noted_at", TEXT, nullable=False),
    Column("seen_at", TEXT, nullable=False),
    Column("run_id", ID, ForeignKey("run.id"), unique=True),
    Column("ended_at", TEXT),
    Column("exit_code", Integer),
    Column("why", TEXT),
    # Two schedulers, two processes, two machines with one clock: one of them fails here, before anything is read.
    UniqueConstraint("schedule_id", "instant", name="one_firing_per_instant"),
    CheckConstraint(
        "state IN ('firing', 'ended', 'abandoned', 'refused', 'missed', 'skipped')",
        name="firing_state",
    ),
    CheckConstraint("(state = 'firing') = (ended_at IS NULL)", name="firing_ended"),
    CheckConstraint("(state = 'ended') = (exit_code IS NOT NULL)", name="firing_ended_says_how"),
    CheckConstraint("state = 'firing' OR (state IN ('ended', 'abandoned')) = (run_id IS NOT NULL)", name="firing_run"),
    CheckConstraint("state IN ('firing', 'ended') OR why IS NOT NULL", name="firing_says_why"),
    # A schedule never overlaps with its own previous run.
    Index(
        "one_open_firing",
        "schedule_id",
        unique=True,
        info={WHERE: "state = 'firing'"},
    ),
)
