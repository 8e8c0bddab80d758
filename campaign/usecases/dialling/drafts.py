"""Drafts by token: loaded, answered and published in separate requests or processes, also after a restart.

load_sheet_draft, load_rerun_draft --> token --> look_at_draft, answer_draft, ... --> publish_draft | discard_draft
"""

from collections.abc import Callable
from datetime import timedelta

from campaign.config.run_plan import secrets_of
from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import KEPT_FOR, DraftState
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import FirstOrder
from campaign.preparation.drafts.answer import answer_rerun, answer_sheet
from campaign.preparation.drafts.load_sheet import (
    LoadEvent,
    discard_draft,
    ignore_event,
    load_sheet_draft as load_into_draft,
)
from campaign.preparation.drafts.look import (
    Draft,
    PublishedDraft,
    RerunDraft,
    SheetDraft,
    StillLoading,
    look_at_draft,
    shown_sheet,
)
from campaign.preparation.drafts.publish import publish_sheet
from campaign.preparation.forecast import Outlook, outlook_of
from campaign.preparation.questions import Answers, OpenQuestion
from campaign.usecases.context import Context
from campaign.usecases.dialling.follow_first import FollowedFirst, follow_first
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions, ReadyRun, account_of
from campaign.usecases.dialling.rerun_rows import RerunOptions, Target, loaded_rerun, ready_rerun
from campaign.usecases.dialling.run_sheet import Choices, source_of
from campaign.usecases.dialling.sheet_run_plan import SheetRun

__all__ = [
    "Draft",
    "DraftState",
    "LoadEvent",
    "OpenQuestion",
    "Outlook",
    "PublishedDraft",
    "RerunDraft",
    "SheetDraft",
    "StillLoading",
    "answer_draft",
    "discard_draft",
    "expire_drafts",
    "load_rerun_draft",
    "load_sheet_draft",
    "look_at_draft",
    "outlook_of_draft",
    "publish_draft",
    "ready_rerun_draft",
]


def load_sheet_draft(
    ledger: Ledger,
    run: SheetRun,
    *,
    choices: Choices,
    answers: Answers,
    context: Context,
    belongs_to: str | None = None,
    on_event: Callable[[LoadEvent], None] = ignore_event,
) -> str:
    """Loads a sheet into a draft that is kept for a week; returns its token.

    Args:
        ledger: where it goes.
        run: what is to be run; see `plan_sheet_run`.
        choices: how the sheet is to be read.
        answers: answers given beforehand.
        context: clock, environment and words.
        belongs_to: who made it; None for this process.
        on_event: receives the events of the load, the token first.

    Raises:
        UndecidedError: only the sheet's owner can say how it is to be read.
        SheetError: it cannot be read, or not one of its rows can be called.
        LedgerError: the ledger cannot be written.
    """
    draft = load_into_draft(
        ledger,
        source_of(run, choices=choices),
        answers=answers,
        secret=secrets_of(run.plan, context.environment).__getitem__,
        wording=context.wording,
        belongs_to=belongs_to,
        on_event=on_event,
    )
    return draft.record.token


def load_rerun_draft(
    ledger: Ledger, target: Target, *, options: RerunOptions, context: Context, belongs_to: str | None = None
) -> str:
    """Chooses rows of a run that are to be called again, as a draft that is kept for a week; returns its token.

    Raises:
        UsageError: the run's calls are made elsewhere, the template is not the run's, or corrections would be lost.
    """
    draft = loaded_rerun(ledger, target, options=options, context=context, belongs_to=belongs_to)
    return draft.record.token


def answer_draft(
    ledger: Ledger, token: str, answers: Answers, *, revision: int, context: Context
) -> SheetDraft | RerunDraft:
    """Replaces all answers of the draft; returns the draft and the questions that are still open.

    Args:
        ledger: where it is.
        token: the draft's.
        answers: all of them.
        revision: of the draft that was looked at.
        context: clock, environment and words.

    Raises:
        UsageError: it is not as it was looked at, or not one that can be answered; nothing is changed.
        SheetError: its sheet must be read again, and cannot be, or says something else by now; nothing is changed.
    """
    match look_at_draft(ledger, token, revision=revision):
        case SheetDraft() as draft:
            secret = secrets_of(draft.source.plan, context.environment).__getitem__
            return answer_sheet(ledger, draft, answers, secret=secret, wording=context.wording)
        case RerunDraft() as draft:
            return answer_rerun(ledger, draft, answers)
        case StillLoading() | PublishedDraft() as other:
            raise UsageError(_not_open(other))


def publish_draft(
    ledger: Ledger,
    token: str,
    *,
    revision: int,
    name: str | None,
    limit: int | None,
    context: Context,
    order: FirstOrder | None = None,
) -> RunRecord:
    """Turns a sheet's draft into a run that can be dialled; idempotent: a second call returns the same run.

    Args:
        ledger: where it is.
        token: the draft's.
        revision: of the draft that was looked at.
        name: of the run; None for one that is made of template and date.
        limit: at most so many rows are to be called.
        context: clock, environment and words.
        order: what a server is told to do with the run from then on; None where the caller dials it.

    Raises:
        UsageError: a question is open, there are more calls than the limit, it is not as it was looked at,
            the name is taken, the same sheet was started by another process, or it is not a sheet's.
    """
    match look_at_draft(ledger, token, revision=revision):
        case PublishedDraft(run=run):
            return run
        case SheetDraft() as draft:
            draft = _followed_first(ledger, draft, context=context)
            today = context.now().astimezone().date()
            return publish_sheet(ledger, draft, name=name, today=today, limit=limit, order=order)
        case RerunDraft():
            raise UsageError("this draft calls rows of a run again, and is published when that run is dialled")
        case StillLoading() as other:
            raise UsageError(_not_open(other))


def _followed_first(ledger: Ledger, draft: SheetDraft, *, context: Context) -> SheetDraft:
    """The draft once the earlier calls of its people are looked up, where the answers ask for that.

    What could not be looked up is refused by the publishing.
    """
    if (draft.answers.unfollowed or draft.source.unfollowed) != "follow" or not draft.unfollowed:
        return draft
    account = account_of(context, AccountOptions(sandbox=draft.source.service == SANDBOX_SERVICE))
    follow_first(ledger, tuple(draft.unfollowed), account=account, context=context, tell=_ignore_followed)
    return shown_sheet(ledger, draft.record)


def _ignore_followed(_found: FollowedFirst) -> None:
    """Nobody watches: what was found stands in the ledger."""


def ready_rerun_draft(ledger: Ledger, token: str, *, revision: int, options: DialOptions, context: Context) -> ReadyRun:
    """Prepares a rerun's draft for dialling: its rows are requeued exactly once, when the run is held.

    Raises:
        UsageError: a question is open, it is not as it was looked at, the run's calls are made elsewhere, or
            it is not a rerun's.
    """
    draft = look_at_draft(ledger, token, revision=revision)
    account = account_of(context, options.account)
    run = ledger.read.runs.find(draft.source.run) if isinstance(draft, RerunDraft) else None
    if isinstance(draft, PublishedDraft) and draft.record.round is not None:
        run = draft.run
    if run is None or isinstance(draft, StillLoading | SheetDraft):
        raise UsageError("this draft is a sheet's, and is published as a run of its own")
    return ready_rerun(ledger, draft, run, account=account, options=options, context=context)


def outlook_of_draft(ledger: Ledger, draft: SheetDraft, *, limit: int | None = None) -> Outlook:
    """Forecast of the draft's run if it begins now."""
    count = draft.summary.to_call
    return outlook_of(ledger, draft.run_id, plan=draft.source.plan, count=count, limit=limit)


def expire_drafts(ledger: Ledger, *, older_than: timedelta = KEPT_FOR) -> int:
    """Removes the contents of drafts that have expired, or are older than that; returns how many."""
    return ledger.drafts.expire(older_than=older_than)


def _not_open(draft: StillLoading | PublishedDraft) -> str:
    if isinstance(draft, StillLoading):
        return f"this draft is still being loaded ({draft.record.progress} rows so far); wait for its end"
    return f"this draft was published already, as run {draft.run.name}"
