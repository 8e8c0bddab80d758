"""Reads a draft from the ledger: its kind, the view of its rows, and its open questions. Nothing stays in memory.

token --> StillLoading | SheetDraft | RerunDraft | PublishedDraft, or one line that says why there is nothing to see
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.drafts import DraftKind, DraftRecord, DraftState, why_not_usable
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.drafts.contents import (
    ANSWERS,
    RERUN_SOURCE,
    RERUN_VIEW,
    SHEET_SOURCE,
    SHEET_VIEW,
    RerunSource,
    RerunView,
    SheetSource,
    SheetView,
)
from campaign.preparation.drafts.unfollowed import UnfollowedIndex
from campaign.preparation.questions import Answers, OpenQuestion, QuestionInputs, questions, unread_in
from campaign.preparation.summary import PREVIEWED, Summary


@dataclass(frozen=True, slots=True)
class StillLoading:
    """Draft that is still loading, or whose load was interrupted, and which then expires; with its rows so far."""

    record: DraftRecord


@dataclass(frozen=True, slots=True)
class PublishedDraft:
    """Published draft: the run that it became, or whose rows it called again."""

    record: DraftRecord
    run: RunRecord


@dataclass(frozen=True, slots=True)
class SheetDraft:
    """Sheet's draft, as it stands in the ledger.

    Attributes:
        answers: answers given so far.
        summary: the sheet as a check shows it, with the questions that are open.
        same: the latest run of the same content under the same template; None when there is none.
        unfollowed: earlier run -> rows that would be called, and whose person it called without looking up since how
            that call ended.
    """

    record: DraftRecord
    source: SheetSource
    answers: Answers
    view: SheetView
    summary: Summary
    same: RunRecord | None
    unfollowed: Mapping[str, int] = field(default_factory=dict)

    @property
    def run_id(self) -> int:
        """Ledger id of the run that its rows belong to."""
        assert self.record.run_id is not None  # noqa: S101 - only what has expired has none
        return self.record.run_id

    def calls(self, limit: int | None) -> int:
        """Number of calls that would be made now, at most `limit`."""
        return min(self.summary.to_call, limit or self.summary.to_call)


@dataclass(frozen=True, slots=True)
class RerunDraft:
    """Rerun's draft: rows of a run to be called again, as they stand in the ledger."""

    record: DraftRecord
    source: RerunSource
    answers: Answers
    view: RerunView

    @property
    def repairs_open(self) -> bool:
        """Whether it is still open if restored numbers are called."""
        return bool(self.view.repaired) and self.answers.repairs != "accept"


Draft = StillLoading | PublishedDraft | SheetDraft | RerunDraft


def look_at_draft(ledger: Ledger, token: str, *, revision: int | None = None) -> Draft:
    """Reads the draft of that token as it stands now.

    Args:
        ledger: where it is.
        token: as it was given when the draft was made.
        revision: as the caller who is about to answer has seen it; None when it does not matter.

    Raises:
        UsageError: there is none, it has expired, or it is not as it was seen.
    """
    record = ledger.read.drafts.find(token)
    if record is not None and record.state is DraftState.LOADING:
        return StillLoading(record)
    if record is not None and record.published_as is not None:
        return PublishedDraft(record, named_run(ledger, record.published_as))
    why = why_not_usable(record, at=ledger.now(), revision=revision)
    if record is None or why is not None:
        raise UsageError(why or "there is no such draft")
    return shown_sheet(ledger, record) if record.kind is DraftKind.SHEET else shown_rerun(record)


def shown_sheet(ledger: Ledger, record: DraftRecord) -> SheetDraft:
    """Builds a sheet's draft that is ready."""
    source, view = SHEET_SOURCE.value(record.source), SHEET_VIEW.value(record.view or "")
    same = ledger.drafts.same_run(record)
    shown = SheetDraft(
        record,
        source,
        ANSWERS.value(record.answers),
        view,
        view.summary,
        same=None if same is None else named_run(ledger, same),
    )
    shown = replace(shown, unfollowed=_unfollowed(ledger, shown))
    waiting = ledger.read.rows.waiting(shown.run_id, from_round=0)
    first = tuple(row.contact for row in islice(waiting, PREVIEWED))
    return replace(shown, summary=replace(view.summary, preview=first, questions=open_questions(shown)))


def shown_rerun(record: DraftRecord) -> RerunDraft:
    """Builds a rerun's draft that is ready."""
    source, view = RERUN_SOURCE.value(record.source), RERUN_VIEW.value(record.view or "")
    return RerunDraft(record, source, ANSWERS.value(record.answers), view)


def open_questions(draft: SheetDraft, *, limit: int | None = None) -> tuple[OpenQuestion, ...]:
    """Questions that block publishing; with a limit, at most so many of its rows would be called."""
    summary, view = draft.view.summary, draft.view
    asked = QuestionInputs(
        rows=summary.rows,
        to_call=min(summary.to_call, limit or summary.to_call),
        repaired=summary.repaired,
        changed=view.changed.count if view.changed else 0,
        # Those that are not called are problems of their rows, and a sheet with too many rows is never loaded.
        fictitious=0,
        limit=draft.source.plan.max_calls,
        most_rows=summary.rows,
        doubts=summary.noted,
        words=summary.words,
        unread=unread_in(summary.problems),
        unfollowed=sum(draft.unfollowed.values()),
    )
    answers = draft.answers.beside(draft.source.template)
    return tuple(questions(asked, replace(answers, unfollowed=answers.unfollowed or draft.source.unfollowed)))


def _unfollowed(ledger: Ledger, draft: SheetDraft) -> Mapping[str, int]:
    within = draft.source.followed_within
    if within is None:
        return {}
    return UnfollowedIndex(ledger, service=draft.source.service, within=within, now=ledger.now()).of_run(draft.run_id)
