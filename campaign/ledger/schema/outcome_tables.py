"""What became of the calls: one table, and the rule by which it, and nothing else, lets a created row be called again.

    attempt 1--0..1 call_outcome        one for each call that was looked at; the attempt is the call

A call that was made cannot be taken back. Its row leaves `created` in one case only: the call is known to be over, in a
way that leaves a reason for another one. The database looks at AICaller's own words, and not at what was made of them.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    event as sqlalchemy_event,
)

from campaign.domain.call_outcome import CallOutcome
from campaign.ledger.schema.tables import metadata

call_outcome = Table(
    "call_outcome",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("row_id", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("status_code", Text),
    # How it ended, in this program's words; NULL while it goes on.
    Column("ended_as", Text),
    Column("later_at", Text),
    Column("duration", Float),
    Column("recording_url", Text),
    Column("result_values", Text),
    Column("triggered_at", Text),
    Column("started_at", Text),
    Column("ended_at", Text),
    # By our own clock, as all that decides.
    Column("final_since", Text),
    Column("looks", Integer, nullable=False),
    Column("looked_at", Text, nullable=False),
    # When it is looked at next; NULL once there is nothing more to come.
    Column("look_at", Text),
    # When the rules want another call; NULL when they want none.
    Column("again_at", Text),
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
)

_TRIGGERS = (
    (
        "CREATE TRIGGER created_row_leaves_by_its_outcome BEFORE UPDATE OF state ON sheet_row "
        "WHEN OLD.state = 'created' AND NEW.state <> 'created' AND NOT EXISTS ("
        "SELECT 1 FROM call_outcome AS o WHERE o.call_id = OLD.call_id AND o.row_id = OLD.id "
        "AND o.final_since IS NOT NULL AND ("
        "(o.status_code IS NULL AND o.status IN ('busy', 'noAnswer', 'cancelled', 'canceled')) "
        "OR (o.status_code IN ('VOICEMAIL_DETECTED', 'IVR_DETECTED', 'CALL_LATER') AND o.status <> 'failed'))) "
        "BEGIN SELECT RAISE(ABORT, 'a row cannot move so: what became of its call leaves no room for another'); END"
    ),
    (
        "CREATE TRIGGER outcome_stays BEFORE UPDATE ON call_outcome "
        "WHEN (NEW.call_id, NEW.row_id, NEW.attempt) <> (OLD.call_id, OLD.row_id, OLD.attempt) "
        "OR (OLD.final_since IS NOT NULL AND NEW.final_since IS NULL) "
        "OR (OLD.ended_as = 'do_not_call' AND NEW.ended_as IS NOT 'do_not_call') "
        "BEGIN SELECT RAISE(ABORT, 'a call that is over does not go on, and a wish not to be called stands'); END"
    ),
    (
        "CREATE TRIGGER outcome_no_delete BEFORE DELETE ON call_outcome "
        "BEGIN SELECT RAISE(ABORT, 'what became of a call is kept'); END"
    ),
)
for _trigger in _TRIGGERS:
    sqlalchemy_event.listen(
        call_outcome,
        "after_create",
        DDL(_trigger).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    )


def outcome_from(row: Mapping[Any, Any]) -> CallOutcome:
    """The outcome that a row of `call_outcome` holds."""
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
