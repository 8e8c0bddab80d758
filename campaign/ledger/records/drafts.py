"""Drafts as the ledger holds them: sheets, and choices of rows of a run, that were loaded and are not published yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from campaign.domain.skip_reason import Skipped
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
    """Where a draft can stand: loading -> ready -> published; or expired, when nothing is left of it but its token."""

    LOADING = "loading"
    READY = "ready"
    PUBLISHED = "published"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What is known of a draft before its rows are loaded.

    Attributes:
        source: where its rows come from, as its owner writes it down; not read here, and no secret is in it.
        answers: what was said beforehand, likewise.
        belongs_to: who made it; None for the process that does.
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
        token: what names it outside of the ledger; nobody can guess it.
        revision: one more with every change: an answer to what stands there no more is refused.
        run_id: of a sheet's draft the run that holds its rows, which is no run for anybody else until it is published;
            of a rerun's the run whose rows are called again. None once it has expired.
        progress: rows that are loaded.
        view: what is known of the loaded rows, as its owner writes it down; only while it is ready.
        published_as: the name of the run that it became, or whose rows it called again.
        round: that its rows were requeued in; of a rerun that was published.
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
        rows: the ledger's number of each -> how often it was tried when it was chosen.
        corrected: those of them that say something else from then on.
    """

    rows: Mapping[int, int]
    corrected: tuple[CorrectedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedRows:
    """What becomes known when all rows of a sheet are in.

    Attributes:
        content_fingerprint: names the sheet's content.
        view: see `DraftRecord`.
        may_skip: row number -> its reason if a person says that these rows are not to be called.
    """

    content_fingerprint: str
    view: str
    may_skip: Mapping[int, Skipped] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishedAs:
    """What came of publishing a sheet's draft.

    Attributes:
        run: the run's name.
        by_this_draft: whether it is this draft's run; else an earlier one of the same sheet: the draft is as it was.
    """

    run: str
    by_this_draft: bool


def why_not_usable(record: DraftRecord | None, *, at: datetime, revision: int | None = None) -> str | None:
    """Why a draft cannot be answered, or published any more, in one line with the cure; None when it can.

    Args:
        record: the draft as it stands; None when it is not there.
        at: now.
        revision: as it was looked at; None where that does not matter.
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
