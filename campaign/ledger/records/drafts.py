"""Records of drafts: sheets, or chosen rows of a run, that are loaded and not published yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from campaign.domain.model import RowState
from campaign.domain.skip_reason import Skipped, SkipReason
from campaign.ledger.records.reruns import CorrectedRow

LOADED_WITHIN = timedelta(days=1)
"""A load takes minutes at the most; one that is older belongs to a process that was killed."""
KEPT_FOR = timedelta(days=7)
"""So long a draft that was loaded waits to be published, unless its owner says otherwise."""


class DraftKind(StrEnum):
    """What a draft becomes when it is published."""

    SHEET = "sheet"
    """A run of its own."""
    RERUN = "rerun"
    """A round of a run that there is."""


class DraftState(StrEnum):
    """The states of a draft: loading -> ready -> published; or expired, when only its token is left."""

    LOADING = "loading"
    READY = "ready"
    PUBLISHED = "published"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class NewDraft:
    """The facts about a draft that are known before its rows are loaded.

    Attributes:
        source: where its rows come from, in its owner's format; not read here, and free of secrets.
        answers: the answers given beforehand, likewise in its owner's format.
        belongs_to: its owner; None for the creating process.
        kept_for: how long it waits to be published.
    """

    source: str
    answers: str
    belongs_to: str | None = None
    kept_for: timedelta = KEPT_FOR


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """A draft as the ledger holds it.

    Attributes:
        token: its name outside the ledger; it cannot be guessed.
        revision: incremented by every change; an answer to an older revision is refused.
        run_id: of a sheet's draft, the run that holds its rows, hidden from all other readers until it is published;
            of a rerun's, the run whose rows are called again. None once it has expired.
        progress: the number of rows loaded so far.
        view: the summary of the loaded rows, in its owner's format; only while it is ready.
        published_as: the name of the run that it became, or whose rows it calls again.
        round: of a published rerun, the round in which its rows were requeued.
    """

    id: int
    token: str
    kind: DraftKind
    state: DraftState
    revision: int
    run_id: int | None
    owner: str
    created_at: datetime
    expires_at: datetime
    progress: int
    source: str
    view: str | None
    answers: str
    published_as: str | None
    round: int | None


@dataclass(frozen=True, slots=True)
class DraftRerun:
    """Which rows a rerun's draft calls again.

    Attributes:
        rows: the ledger's number of each -> its attempts when it was chosen.
        corrected: those of them whose content is corrected.
    """

    rows: Mapping[int, int]
    corrected: tuple[CorrectedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedRows:
    """The facts that are known once all rows of a sheet are loaded.

    Attributes:
        content_fingerprint: identifies the sheet's content.
        view: see `DraftRecord`.
        may_skip: row number -> the skip reason if a person decides that the row is not to be called.
    """

    content_fingerprint: str
    view: str
    may_skip: Mapping[int, Skipped] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadedRow:
    """A row of a draft's sheet.

    Attributes:
        id: the ledger's own number of the row.
        number: the sheet's.
        cells: as they were screened, one for each column.
        phone: E.164, of a row that could be called.
        reason: why it is not called, in words; `skip_reason` is its code, where it could be.
    """

    id: int
    number: int
    state: RowState
    cells: tuple[str, ...]
    phone: str | None
    reason: str | None
    skip_reason: SkipReason | None


@dataclass(frozen=True, slots=True)
class PublishedAs:
    """The result of publishing a sheet's draft.

    Attributes:
        run: the run's name.
        by_this_draft: whether it is this draft's run; else an earlier run of the sheet, and the draft is unchanged.
    """

    run: str
    by_this_draft: bool


def why_not_usable(record: DraftRecord | None, *, at: datetime, revision: int | None = None) -> str | None:
    """Why a draft can no longer be answered or published, in one line with the cure; None when it can.

    Args:
        record: the draft as stored; None when there is none.
        at: now.
        revision: the one that the caller read; None where that does not matter.
    """
    if record is None:
        return "there is no such draft; it was discarded, or never made; nothing was sent; load it again"
    if record.state is DraftState.EXPIRED or (record.state is DraftState.READY and record.expires_at <= at):
        day = record.expires_at.date().isoformat()
        return f"this draft expired on {day}, and what was loaded is gone; nothing was sent; load it again"
    if record.state is DraftState.LOADING:
        return f"this draft is still being loaded ({record.progress} rows so far); nothing was sent; wait for its end"
    if record.state is DraftState.PUBLISHED:
        return f"this draft was published already, as run {record.published_as}"
    if revision not in (None, record.revision):
        return "this draft was changed since it was looked at; nothing was sent; look at it again, and answer then"
    return None
