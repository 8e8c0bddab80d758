"""Call outcomes: one table, and the only rule by which a created row may be called again.

    attempt 1--0..1 call_outcome        one for each call that was polled; the attempt is the call

A call that was made cannot be undone. Its row leaves `created` in one case only: the call is known to be over, in a
way that leaves a reason for another one. The database checks AICaller's own statuses, not their interpretation.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    UniqueConstraint,
)

from campaign.domain.call_outcome import CallOutcome
from campaign.ledger.schema.tables import metadata
from campaign.ledger.schema.types import ID, TEXT, WHERE

call_outcome = Table(
    "call_outcome",
    metadata,
    Column("call_id", TEXT, primary_key=True),
    Column("row_id", ID, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),
    Column("status", TEXT, nullable=False),
    Column("status_code", TEXT),
    # How it ended, in this program's terms; NULL while it goes on.
    Column("ended_as", TEXT),
    Column("later_at", TEXT),
    Column("duration", Float),
    Column("recording_url", TEXT),
    Column("result_values", TEXT),
    Column("triggered_at", TEXT),
    Column("started_at", TEXT),
    Column("ended_at", TEXT),
    # By the local clock, as all instants that decisions depend on.
    Column("final_since", TEXT),
    Column("looks", Integer, nullable=False),
    Column("looked_at", TEXT, nullable=False),
    # When it is polled next; NULL once nothing more is expected.
    Column("look_at", TEXT),
    # When the rules want another call; NULL when they want none.
    Column("again_at", TEXT),
    ForeignKeyConstraint(["row_id", "attempt"], ["attempt.row_id", "attempt.number"], name="outcome_of_attempt"),
    UniqueConstraint("row_id", "attempt", name="one_outcome_per_attempt"),
    CheckConstraint(
        "(final_since IS NOT NULL) = (status IN ('busy', 'noAnswer', 'failed', 'cancelled', 'canceled', 'completed'))",
        name="outcome_final",
    ),
    CheckConstraint("look_at IS NOT NULL OR final_since IS NOT NULL", name="outcome_looked_for"),
    CheckConstraint("again_at IS NULL OR final_since IS NOT NULL", name="outcome_again"),
    Index("outcome_by_end", "run_id", "ended_as"),
    Index("outcome_by_again", "run_id", "again_at"),
    Index("outcome_to_poll", "run_id", "look_at", info={WHERE: "look_at IS NOT NULL"}),
)


def outcome_from(row: Mapping[Any, Any]) -> CallOutcome:
    """The outcome in a row of `call_outcome`."""
    return CallOutcome(
        call_id=row["call_id"],
        status=row["status"],
        status_code=row["status_code"],
        later_at=row["later_at"],
        duration=row["duration"],
        recording_url=row["recording_url"],
        values=tuple((name, value) for name, value in json.loads(row["result_values"] or "[]")),
        triggered_at=row["triggered_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
    )
