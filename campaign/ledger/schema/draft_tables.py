"""The tables of drafts: sheets and reruns that are loaded and not published yet.

    draft *--1 run            of a sheet: the loading run of its rows; of a rerun: the run whose rows are called again
    draft 1--* draft_row *--1 sheet_row

Constraints: a sheet's rows belong to one draft; a draft's personal data is kept only while the draft waits;
a draft is published once, as one run or in one round.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table

from campaign.ledger.records.drafts import DraftKind, DraftState
from campaign.ledger.schema.tables import metadata
from campaign.ledger.schema.types import ID, TEXT, WHERE

_KINDS = ", ".join(f"'{kind}'" for kind in DraftKind)
_STATES = ", ".join(f"'{state}'" for state in DraftState)

draft = Table(
    "draft",
    metadata,
    Column("id", ID, primary_key=True),
    # Its name outside the ledger; it cannot be guessed.
    Column("token", TEXT, nullable=False, unique=True),
    Column("kind", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("run_id", ID, ForeignKey("run.id")),
    Column("owner", TEXT, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("expires_at", TEXT, nullable=False),
    Column("progress", Integer, nullable=False, server_default="0"),
    Column("source", TEXT, nullable=False),
    Column("view", TEXT),
    Column("answers", TEXT, nullable=False),
    Column("published_as", TEXT),
    Column("round", Integer),
    CheckConstraint(f"kind IN ({_KINDS})", name="draft_kind"),
    CheckConstraint(f"state IN ({_STATES})", name="draft_state"),
    CheckConstraint("revision >= 0 AND progress >= 0", name="draft_counts"),
    # It holds personal data: it is removed as soon as the draft needs no review.
    CheckConstraint("(state = 'ready') = (\"view\" IS NOT NULL)", name="draft_view"),
    CheckConstraint("(state = 'published') = (published_as IS NOT NULL)", name="draft_published"),
    CheckConstraint("(state = 'expired') = (run_id IS NULL)", name="draft_run"),
    CheckConstraint("(state = 'published' AND kind = 'rerun') = (round IS NOT NULL)", name="draft_round"),
    CheckConstraint("kind = 'sheet' OR state <> 'loading'", name="draft_loading"),
    Index(
        "one_draft_per_sheet_run",
        "run_id",
        unique=True,
        info={WHERE: "kind = 'sheet'"},
    ),
    Index("draft_by_run", "run_id"),
    Index("draft_by_state", "state", "expires_at"),
)

draft_row = Table(
    "draft_row",
    metadata,
    Column("draft_id", ID, ForeignKey("draft.id"), nullable=False),
    Column("row_id", ID, ForeignKey("sheet_row.id"), nullable=False),
    # The row's attempts when it was chosen: a row that was tried since no longer belongs to the draft.
    Column("attempts", Integer, nullable=False),
    # Of a sheet's row that is skipped if a person decides so.
    Column("reason", TEXT),
    Column("skip_reason", TEXT),
    # Of a rerun's row whose content is corrected.
    Column("phone", TEXT),
    Column("contact", TEXT),
    Column("cells", TEXT),
    Column("columns", TEXT),
    PrimaryKeyConstraint("draft_id", "row_id"),
    CheckConstraint(
        "(phone IS NULL) = (contact IS NULL) AND (phone IS NULL) = (cells IS NULL) "
        "AND (phone IS NULL) = (columns IS NULL)",
        name="draft_row_corrected",
    ),
    CheckConstraint("reason IS NULL OR phone IS NULL", name="draft_row_use"),
    CheckConstraint("(reason IS NULL) = (skip_reason IS NULL)", name="draft_row_skipped"),
    Index("draft_row_by_row", "row_id"),
)
