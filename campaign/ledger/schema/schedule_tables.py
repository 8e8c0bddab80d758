"""The tables of scheduled runs: what is to be fired when, and what became of each instant.

    schedule 1--* firing *--1 run

Held here: an instant of a schedule is written down once, whoever comes to it; a schedule has one open firing at most;
a firing has one run at most, and a run one firing; what was written down about an instant that is over stays so.
"""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    event as sqlalchemy_event,
    text,
)

from campaign.ledger.schema.tables import metadata

schedule = Table(
    "schedule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("cron", Text),
    Column("at", Text),
    Column("sheet", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("results_folder", Text, nullable=False),
    Column("grace_seconds", Integer, nullable=False),
    Column("notify_url", Text),
    Column("created_at", Text, nullable=False),
    Column("paused_at", Text),
    Column("removed_at", Text),
    CheckConstraint("(cron IS NULL) <> (at IS NULL)", name="schedule_cron_or_at"),
    CheckConstraint("grace_seconds > 0", name="schedule_grace"),
    Index(
        "one_schedule_per_name",
        "name",
        unique=True,
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
)

firing = Table(
    "firing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schedule_id", Integer, ForeignKey("schedule.id"), nullable=False),
    Column("instant", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("noted_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), unique=True),
    Column("ended_at", Text),
    Column("exit_code", Integer),
    Column("why", Text),
    # Two schedulers, two processes, two machines with one clock: one of them loses here, before anything is read.
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
        sqlite_where=text("state = 'firing'"),
        postgresql_where=text("state = 'firing'"),
    ),
)

_REWRITTEN = (
    "OLD.state <> 'firing' OR (NEW.id, NEW.schedule_id, NEW.instant, NEW.noted_at) <> "
    "(OLD.id, OLD.schedule_id, OLD.instant, OLD.noted_at) OR (OLD.run_id IS NOT NULL AND NEW.run_id IS NOT OLD.run_id)"
)
for _name, _when in (
    ("firing_no_delete", "DELETE ON firing"),
    ("firing_is_kept", f"UPDATE ON firing WHEN {_REWRITTEN}"),
):
    sqlalchemy_event.listen(
        firing,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
            f"CREATE TRIGGER {_name} BEFORE {_when} "
            "BEGIN SELECT RAISE(ABORT, 'what was noted of an instant stays so'); END"
        ).execute_if(dialect="sqlite"),
    )
