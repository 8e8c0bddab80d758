"""The ledger's tables: every rule that SQL can hold is held here.

    run 1--* sheet_row 1--* attempt          what is true now
                  |-------* event            how it came to be; append-only
                  `-------* mending          what a row said before a person corrected it
             sheet_row 1--? timetable        whose hours hold for the row, and when it is due, where that matters
               attempt 1--? delay            the callDelayedUntil that was sent: no two of a run are alike
    transition                               which moves are legal at all
    suppression                              who is not to be called, by any run; append-only but for the removal
    suppression_key                          which key the hashes were made with, but not the key
    account_pace                             what all runs of one account share: one row hands out the send times

Times are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`, so that they sort as they read. The statements of this package are
plain SQLAlchemy Core; what only SQLite knows (pragmas, triggers) is marked as such. Whoever changes a table here adds
a step to `schema_steps`, and one to `SCHEMA_VERSION`.
"""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event as sqlalchemy_event,
    text,
)

from campaign.domain.attempt_end import AttemptEnd
from campaign.domain.model import RowState
from campaign.ledger.records.suppression import LONGEST_REASON

SCHEMA_VERSION = 3


P, S, W = RowState.PENDING, RowState.SENDING, RowState.RETRY_WAIT
C, R, U, K = RowState.CREATED, RowState.REJECTED, RowState.UNKNOWN, RowState.SKIPPED
LEGAL_MOVES: tuple[tuple[RowState, RowState], ...] = (
    (P, S),  # claimed
    (W, S),  # claimed again, after proof that nothing was sent
    (P, K),  # called recently by another run
    (W, K),
    (S, C),
    (S, R),
    (S, U),
    (S, W),  # proof that nothing was sent
    (S, P),  # put back: the run stopped before the first byte, or after proof that nothing was sent
    (W, P),
    (R, P),  # a person asked for a rerun
    (U, C),  # looked up, and found
    (U, P),  # a person says that it was not called
    (C, P),  # nobody was reached: only as `outcome_tables` allows
)
"""A call that was made cannot be taken back: `created` leads to another call only when that one is known to be over."""

_STATES = ", ".join(f"'{state}'" for state in RowState)
_ENDS = ", ".join(f"'{end}'" for end in AttemptEnd)
_CLOSED = ", ".join(f"'{state}'" for state in (RowState.INVALID, RowState.SKIPPED))

metadata = MetaData()

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("template_fingerprint", Text, nullable=False),
    Column("content_fingerprint", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("header", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("results_path", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    # A run is "loading" until all of its rows are in: a load that was cut off is never dialled.
    CheckConstraint("state IN ('loading', 'ready')", name="run_state"),
    Index("run_by_content", "service", "template_fingerprint", "content_fingerprint"),
)

sheet_row = Table(
    "sheet_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("phone", Text),
    Column("contact", Text),
    Column("cells", Text, nullable=False),
    Column("reason", Text),
    Column("call_id", Text),
    Column("submitted_at", Text),
    UniqueConstraint("run_id", "key", name="row_by_content"),
    CheckConstraint(f"state IN ({_STATES})", name="row_state"),
    CheckConstraint("(state = 'created') = (call_id IS NOT NULL)", name="created_has_id"),
    CheckConstraint(f"state IN ({_CLOSED}) OR (phone IS NOT NULL AND contact IS NOT NULL)", name="callable_has_phone"),
    CheckConstraint("state <> 'sending' OR attempts > 0", name="sending_has_attempt"),
    # The heart of the promise: within a run, one number is one row's, whatever becomes of it.
    Index(
        "one_row_per_number",
        "run_id",
        "phone",
        unique=True,
        sqlite_where=text(f"state NOT IN ({_CLOSED})"),
        postgresql_where=text(f"state NOT IN ({_CLOSED})"),
    ),
    Index("row_by_state", "run_id", "state", "id"),
    Index("row_by_number", "run_id", "number"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("row_id", Integer, ForeignKey("sheet_row.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("service", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("body_sha256", Text, nullable=False),
    Column("claimed_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("outcome", Text),
    Column("status", Integer),
    Column("call_id", Text, unique=True),
    Column("evidence", Text),
    PrimaryKeyConstraint("row_id", "number"),
    CheckConstraint("number > 0", name="attempt_number"),
    CheckConstraint(f"outcome IN ({_ENDS})", name="attempt_outcome"),
    CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="attempt_ended"),
    # Spelt out for an open attempt: a CHECK that comes to NULL passes.
    CheckConstraint("(call_id IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'created')", name="attempt_id"),
    # Two workers, two processes or two machines: one of them loses here, before its first byte.
    Index(
        "one_open_attempt",
        "row_id",
        unique=True,
        sqlite_where=text("outcome IS NULL"),
        postgresql_where=text("outcome IS NULL"),
    ),
    Index("attempt_by_number", "service", "phone", "claimed_at"),
    Index("attempt_by_time", "run_id", "claimed_at"),
)

timetable = Table(
    "timetable",
    metadata,
    Column("row_id", Integer, ForeignKey("sheet_row.id"), nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("due", Text),
    Column("asked", Integer, nullable=False),
    PrimaryKeyConstraint("row_id"),
    UniqueConstraint("run_id", "number", name="one_time_per_row"),
    UniqueConstraint("run_id", "due", name="one_row_per_millisecond"),
    # Asked for by the sheet itself; such a time is never planned anew.
    CheckConstraint("asked IN (0, 1) AND (asked = 0 OR due IS NOT NULL)", name="asked_has_time"),
    Index("timetable_by_place", "run_id", "place", "due", "row_id"),
)

delay = Table(
    "delay",
    metadata,
    Column("row_id", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("until", Text, nullable=False),
    PrimaryKeyConstraint("row_id", "attempt"),
    ForeignKeyConstraint(["row_id", "attempt"], ["attempt.row_id", "attempt.number"], name="delay_of_attempt"),
    # It comes back in the API's lists, and tells there which attempt a call is.
    UniqueConstraint("run_id", "until", name="one_attempt_per_millisecond"),
)

transition = Table(
    "transition",
    metadata,
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    PrimaryKeyConstraint("from_state", "to_state"),
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("row_id", Integer, ForeignKey("sheet_row.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("why", Text),
    # An illegal move cannot be written down, and a move that is not written down is rolled back.
    ForeignKeyConstraint(
        ["from_state", "to_state"], ["transition.from_state", "transition.to_state"], name="legal_move"
    ),
    Index("event_by_row", "row_id"),
)

mending = Table(
    "mending",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("row_id", Integer, ForeignKey("sheet_row.id"), nullable=False),
    # The row's attempts until then were made with what stands here; later ones with what stands in the row.
    Column("attempt", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("columns", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Index("mending_by_row", "row_id"),
)

# Runs whose people were taken out: they can be shown, and never dialled again.
forgotten = Table(
    "forgotten",
    metadata,
    Column("run_id", Integer, ForeignKey("run.id"), primary_key=True),
    Column("at", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("rows", Integer, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    Column("id", Integer, primary_key=True),
    # Hex; of the number itself only the last digits are kept, for people to tell entries apart.
    Column("digest", Text, nullable=False),
    Column("last_digits", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("removed_at", Text),
    Column("removed_reason", Text),
    CheckConstraint("length(digest) = 64", name="suppression_digest"),
    CheckConstraint("length(last_digits) <= 4", name="suppression_keeps_no_number"),
    CheckConstraint(
        f"length(reason) <= {LONGEST_REASON} AND "
        f"(removed_reason IS NULL OR length(removed_reason) <= {LONGEST_REASON})",
        name="suppression_reason",
    ),
    CheckConstraint("(removed_at IS NULL) = (removed_reason IS NULL)", name="suppression_removed"),
    # A number that was taken off may be put on again; it is never on the list twice.
    Index(
        "one_suppression_per_number",
        "digest",
        unique=True,
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
)

suppression_key = Table(
    "suppression_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    CheckConstraint("id = 1", name="one_suppression_key"),
)

account_pace = Table(
    "account_pace",
    metadata,
    # Instants are seconds since 1970: slots lie closer together than the milliseconds of a text.
    Column("service", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("written_at", Float, nullable=False),
    Column("last_slot", Float, nullable=False),
    Column("interval", Float, nullable=False),
    Column("fastest_until", Float, nullable=False),
    Column("held_until", Float, nullable=False),
    Column("share", Float, nullable=False),
    Column("share_since", Float, nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("service", "team"),
    CheckConstraint("share > 0 AND share <= 1", name="account_share"),
)

sqlalchemy_event.listen(
    sheet_row,
    "after_create",
    DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        "CREATE TRIGGER row_moves_legally BEFORE UPDATE OF state ON sheet_row WHEN NEW.state <> OLD.state "
        "AND NOT EXISTS (SELECT 1 FROM transition WHERE from_state = OLD.state AND to_state = NEW.state) "
        "BEGIN SELECT RAISE(ABORT, 'a row cannot move so'); END"
    ).execute_if(dialect="sqlite"),
)
for _verb in ("UPDATE", "DELETE"):
    sqlalchemy_event.listen(
        event,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
            f"CREATE TRIGGER event_no_{_verb.lower()} BEFORE {_verb} ON event "
            "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
        ).execute_if(dialect="sqlite"),
    )
_REMOVED_OTHERWISE = (
    "OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR "
    "(NEW.id, NEW.digest, NEW.last_digits, NEW.added_at, NEW.reason, NEW.source) <> "
    "(OLD.id, OLD.digest, OLD.last_digits, OLD.added_at, OLD.reason, OLD.source)"
)
for _name, _when in (
    ("suppression_no_delete", "DELETE ON suppression"),
    ("suppression_only_removed", f"UPDATE ON suppression WHEN {_REMOVED_OTHERWISE}"),
):
    sqlalchemy_event.listen(
        suppression,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
            f"CREATE TRIGGER {_name} BEFORE {_when} "
            "BEGIN SELECT RAISE(ABORT, 'an entry of the suppression list can only be removed, and once'); END"
        ).execute_if(dialect="sqlite"),
    )
