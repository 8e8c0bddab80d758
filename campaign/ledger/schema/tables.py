"""The ledger's tables, for its SQLAlchemy statements. The `.sql` files of each database create them.

    run 1--* row_count                       how many of its rows stand where, counted by triggers
    run 1--* sheet_row 1--* attempt          the current state
                  |-------* event            the history; append-only
                  `-------* mending          a row's content before a person corrected it
             sheet_row 1--? timetable        the row's calling hours and due time, where they matter
               attempt 1--? delay            the callDelayedUntil that was sent: no two of a run are alike
    transition                               the legal moves between states: see `legal_moves`
    suppression                              numbers that no run may call; append-only but for the removal
    suppression_key                          which key the hashes were made with, but not the key
    worker, run_control, account_pace, draft, draft_row, upload, ... stand in files of their own beside this one

Times are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`, so that they sort as they read. A change of a table here changes the
files: a new whole schema and a step to it, for each database, and one to `SCHEMA_VERSION`. A test ties the two.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from campaign.domain.attempt_end import AttemptEnd
from campaign.domain.model import RowState
from campaign.ledger.records.suppression import LONGEST_REASON
from campaign.ledger.schema.lines import line_sql
from campaign.ledger.schema.types import FOREIGN_NUMBER, ID, TEXT, WHERE, WITHOUT_ROWID

SCHEMA_VERSION = 7


_STATES = ", ".join(f"'{state}'" for state in RowState)
_ENDS = ", ".join(f"'{end}'" for end in AttemptEnd)
_CLOSED = ", ".join(f"'{state}'" for state in (RowState.INVALID, RowState.SKIPPED))

metadata = MetaData()

run = Table(
    "run",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", TEXT, nullable=False, unique=True),
    Column("state", TEXT, nullable=False),
    Column("service", TEXT, nullable=False),
    Column("template_fingerprint", TEXT, nullable=False),
    Column("content_fingerprint", TEXT, nullable=False),
    Column("sheet", TEXT, nullable=False),
    Column("header", TEXT, nullable=False),
    Column("plan", TEXT, nullable=False),
    Column("results_path", TEXT, nullable=False),
    Column("created_at", TEXT, nullable=False),
    # Whether --again was said for it: then the words of other runs do not hold it back.
    Column("again", Integer, CheckConstraint("again IN (0, 1)", name="run_again"), nullable=False, server_default="0"),
    # A run is "loading" until all of its rows are in: an interrupted load is never dialled.
    CheckConstraint("state IN ('loading', 'ready')", name="run_state"),
    Index("run_by_content", "service", "template_fingerprint", "content_fingerprint"),
)

sheet_row = Table(
    "sheet_row",
    metadata,
    Column("id", ID, primary_key=True),
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("key", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("phone", TEXT),
    Column("contact", TEXT),
    Column("cells", TEXT, nullable=False),
    Column("reason", TEXT),
    Column("call_id", TEXT),
    Column("submitted_at", TEXT),
    # On the column and not on the table, as in a ledger to which the column was added.
    Column(
        "skip_reason",
        TEXT,
        CheckConstraint(
            "skip_reason IS NULL OR (state = 'skipped' AND skip_reason = lower(skip_reason) AND skip_reason <> '')",
            name="skip_reason_of_skipped",
        ),
    ),
    UniqueConstraint("run_id", "key", name="row_by_content"),
    CheckConstraint(f"state IN ({_STATES})", name="row_state"),
    CheckConstraint("(state = 'created') = (call_id IS NOT NULL)", name="created_has_id"),
    CheckConstraint(f"state IN ({_CLOSED}) OR (phone IS NOT NULL AND contact IS NOT NULL)", name="callable_has_phone"),
    CheckConstraint("state <> 'sending' OR attempts > 0", name="sending_has_attempt"),
    # The most important rule: within a run, a number belongs to one row, in every state.
    Index(
        "one_row_per_number",
        "run_id",
        "phone",
        unique=True,
        info={WHERE: f"state NOT IN ({_CLOSED})"},
    ),
    Index("row_by_state", "run_id", "state", "id"),
    Index("row_in_order", "run_id", "id"),
    Index("row_of_rerun", "run_id", "id", info={WHERE: "round > 0"}),
    Index("row_by_number", "run_id", "number"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("row_id", ID, ForeignKey("sheet_row.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),
    Column("service", TEXT, nullable=False),
    Column("phone", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("body_sha256", TEXT, nullable=False),
    Column("claimed_at", TEXT, nullable=False),
    Column("ended_at", TEXT),
    Column("outcome", TEXT),
    Column("status", FOREIGN_NUMBER),
    Column("call_id", TEXT, unique=True),
    Column("evidence", TEXT),
    # Numbers are compared by their line, which the database computes: two spellings of it are one person.
    Column("line", TEXT, Computed(line_sql("phone"))),
    # Keyed hash of the call's words; older versions stored none.
    Column("said", TEXT),
    # 1 once the call was looked at: a trigger writes it with the call's outcome.
    Column("polled", Integer),
    PrimaryKeyConstraint("row_id", "number"),
    CheckConstraint("number > 0", name="attempt_number"),
    CheckConstraint(f"outcome IN ({_ENDS})", name="attempt_outcome"),
    CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="attempt_ended"),
    # Spelt out for an open attempt: a CHECK that comes to NULL passes.
    CheckConstraint("(call_id IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'created')", name="attempt_id"),
    # Two workers, two processes or two machines: one of them fails here, before its first byte.
    Index(
        "one_open_attempt",
        "row_id",
        unique=True,
        info={WHERE: "outcome IS NULL"},
    ),
    Index("attempt_by_line", "service", "line", "claimed_at"),
    Index("attempt_by_time", "run_id", "claimed_at"),
    Index("attempt_to_poll", "run_id", "claimed_at", info={WHERE: "call_id IS NOT NULL AND polled IS NULL"}),
)

# The counts of a published run's rows. Triggers keep them in the transaction that moves a row.
row_count = Table(
    "row_count",
    metadata,
    Column("run_id", ID, ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("state", TEXT, nullable=False),
    # Empty but for skipped rows that have a code.
    Column("skip_reason", TEXT, nullable=False),
    Column("rows", Integer, nullable=False),
    PrimaryKeyConstraint("run_id", "state", "skip_reason"),
    CheckConstraint("rows >= 0", name="row_count_of_rows"),
    info={WITHOUT_ROWID: True},
)

timetable = Table(
    "timetable",
    metadata,
    Column("row_id", ID, ForeignKey("sheet_row.id"), nullable=False),
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("place", TEXT, nullable=False),
    Column("due", TEXT),
    Column("asked", Integer, nullable=False),
    PrimaryKeyConstraint("row_id"),
    UniqueConstraint("run_id", "number", name="one_time_per_row"),
    UniqueConstraint("run_id", "due", name="one_row_per_millisecond"),
    # Requested by the sheet itself; such a time is never replanned.
    CheckConstraint("asked IN (0, 1) AND (asked = 0 OR due IS NOT NULL)", name="asked_has_time"),
    Index("timetable_by_place", "run_id", "place", "due", "row_id"),
)

delay = Table(
    "delay",
    metadata,
    Column("row_id", ID, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),
    Column("until", TEXT, nullable=False),
    PrimaryKeyConstraint("row_id", "attempt"),
    ForeignKeyConstraint(["row_id", "attempt"], ["attempt.row_id", "attempt.number"], name="delay_of_attempt"),
    # The API's lists return it, and so identify the attempt of a call.
    UniqueConstraint("run_id", "until", name="one_attempt_per_millisecond"),
)

transition = Table(
    "transition",
    metadata,
    Column("from_state", TEXT, nullable=False),
    Column("to_state", TEXT, nullable=False),
    PrimaryKeyConstraint("from_state", "to_state"),
)

event = Table(
    "event",
    metadata,
    Column("id", ID, primary_key=True),
    Column("row_id", ID, ForeignKey("sheet_row.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("from_state", TEXT, nullable=False),
    Column("to_state", TEXT, nullable=False),
    Column("why", TEXT),
    # An illegal move cannot be recorded, and a move that is not recorded is rolled back.
    ForeignKeyConstraint(
        ["from_state", "to_state"], ["transition.from_state", "transition.to_state"], name="legal_move"
    ),
    Index("event_by_row", "row_id"),
)

mending = Table(
    "mending",
    metadata,
    Column("id", ID, primary_key=True),
    Column("row_id", ID, ForeignKey("sheet_row.id"), nullable=False),
    # The row's attempts until then used the content here; later ones use the content of the row.
    Column("attempt", Integer, nullable=False),
    Column("at", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("columns", TEXT, nullable=False),
    Column("phone", TEXT, nullable=False),
    Column("contact", TEXT, nullable=False),
    Column("cells", TEXT, nullable=False),
    Index("mending_by_row", "row_id"),
)

# AICaller's clock beside ours, at the start of each dialling and whenever that changed; NULL when nothing was known.
clock_reading = Table(
    "clock_reading",
    metadata,
    Column("id", ID, primary_key=True),
    Column("run_id", ID, ForeignKey("run.id"), nullable=False),
    Column("at", TEXT, nullable=False),
    Column("ahead_seconds", FOREIGN_NUMBER),
    Column("trusted", Integer, nullable=False),
    Index("clock_reading_by_run", "run_id", "at"),
)

# Runs that were erased: they can be shown, and never dialled again.
forgotten = Table(
    "forgotten",
    metadata,
    Column("run_id", ID, ForeignKey("run.id"), primary_key=True),
    Column("at", TEXT, nullable=False),
    Column("owner", TEXT, nullable=False),
    Column("rows", Integer, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    Column("id", ID, primary_key=True),
    # Hex; of the number itself only the last digits are kept, so that people can tell entries apart.
    Column("digest", TEXT, nullable=False),
    Column("last_digits", TEXT, nullable=False),
    Column("added_at", TEXT, nullable=False),
    Column("reason", TEXT, nullable=False),
    Column("source", TEXT, nullable=False),
    # Empty for all; the stand-in whose calls alone it prevents, for what was said in a call that rang nobody.
    Column("service", TEXT, nullable=False),
    Column("removed_at", TEXT),
    Column("removed_reason", TEXT),
    CheckConstraint("length(digest) = 64", name="suppression_digest"),
    CheckConstraint("length(last_digits) <= 4", name="suppression_keeps_no_number"),
    CheckConstraint(
        f"length(reason) <= {LONGEST_REASON} AND "
        f"(removed_reason IS NULL OR length(removed_reason) <= {LONGEST_REASON})",
        name="suppression_reason",
    ),
    CheckConstraint("(removed_at IS NULL) = (removed_reason IS NULL)", name="suppression_removed"),
    # A number that was removed may be added again; it is never on the list twice.
    Index(
        "one_suppression_per_number",
        "digest",
        "service",
        unique=True,
        info={WHERE: "removed_at IS NULL"},
    ),
)

suppression_key = Table(
    "suppression_key",
    metadata,
    Column("id", ID, primary_key=True),
    Column("fingerprint", TEXT, nullable=False),
    CheckConstraint("id = 1", name="one_suppression_key"),
)
