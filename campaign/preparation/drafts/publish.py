"""Publishes a sheet's draft as a run that can be dialled, exactly once, when no question is open."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.cures.runs import raise_or_call_first, see_run
from campaign.domain.errors import UnansweredError, UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import FirstOrder
from campaign.preparation.drafts.look import RerunDraft, SheetDraft, open_questions


def publish_sheet(
    ledger: Ledger,
    draft: SheetDraft,
    *,
    name: str | None,
    today: date,
    limit: int | None = None,
    order: FirstOrder | None = None,
) -> RunRecord:
    """Publishes the loaded sheet as a run that can be dialled; idempotent: a second call returns the same run.

    With an `order`, a server is told to dial it in the same transaction.

    Raises:
        UsageError: a question is open, there are more calls than the limit, or the draft is not as it was
            looked at; the name is taken, or cannot be one; or another process has just started the same sheet.
        LedgerError: the ledger cannot be written.
    """
    if name is not None:
        refuse_unusable_name(name)
    refuse_open_questions(draft, limit=limit)
    stem = f"{draft.source.stem}-{today.isoformat()}"
    published = ledger.drafts.publish(draft.record, name=name, stem=stem, again=draft.source.again, order=order)
    if not published.by_this_draft:
        raise UsageError(
            f"this sheet was just started by another process as run {published.run!r}", cure=see_run(published.run)
        )
    return named_run(ledger, published.run)


def refuse_open_questions(draft: SheetDraft, *, limit: int | None) -> None:
    """Refuses a sheet with an open question, or with more calls than the limit.

    Raises:
        UnansweredError: names the first open question, and what answers it.
    """
    if (draft.answers.unfollowed or draft.source.unfollowed) == "follow":
        # To look them up is the front's act, before this one: what is left could not be looked up.
        refuse_unfollowed(draft.unfollowed)
    for question in open_questions(draft, limit=limit):
        if question.about == "calls":
            refuse_over_limit(question.count, limit=question.limit)
        elif question.about == "unfollowed":
            refuse_unfollowed(draft.unfollowed)
        elif question.stops:
            raise UnansweredError(
                f"{draft.source.name}: what becomes of {question.count} rows ({question.about}) is not said; "
                "nothing was sent",
                cure=question.answers,
                argument=question.about,
            )


def refuse_unfollowed(unfollowed: Mapping[str, int]) -> None:
    """Refuses a sheet with people whose earlier call was not looked up since: they may have said no in it.

    Raises:
        UnansweredError: there are some; names how many, and the run that called them.
    """
    if unfollowed:
        rows, run = sum(unfollowed.values()), max(unfollowed, key=lambda name: unfollowed[name])
        raise UnansweredError(
            f"{rows} of these people were called before (by run {run}), and how that call ended was not looked up "
            "since: who asked in it not to be called again is not known; nothing was sent",
            cure=(Cure(CureCode.FOLLOW_FIRST), Cure(CureCode.CALL_UNFOLLOWED)),
            argument="unfollowed",
        )


def refuse_open_repairs(draft: RerunDraft) -> None:
    """Refuses a rerun that would call restored numbers without consent.

    Raises:
        UnansweredError: there are some; names how many.
    """
    if draft.repairs_open:
        raise UnansweredError(
            f"{draft.view.repaired} numbers would be called as restored, not as written; nothing was sent",
            cure=Cure(CureCode.ACCEPT_REPAIRS),
            argument="repairs",
        )


def refuse_over_limit(to_call: int, *, limit: int | None) -> None:
    """Refuses a run with more calls than `[limits] max_calls`, or the answer that replaces it, allows.

    Raises:
        UnansweredError: there are more.
    """
    if limit is not None and to_call > limit:
        raise UnansweredError(
            f"this run would make {to_call} calls, and the limit is {limit}",
            cure=raise_or_call_first(calls=to_call),
            argument="max_calls",
        )


def refuse_unusable_name(name: str) -> None:
    """Refuses a run's name that cannot be typed, or be part of a file's name, on every system.

    Raises:
        UsageError: the name is unusable; names what it may hold.
    """
    usable = name.isascii() and name and all(c.isalnum() or c in "-_." for c in name) and name[0].isalnum()
    longest = 100
    if not usable or len(name) > longest:
        raise UsageError(
            Setting.NAME,
            f" {name!r} cannot be a run's name; use up to {longest} letters, digits, '-', '_' and '.', "
            "a letter or digit first",
        )


def stem_of(template: Path) -> str:
    """Stem of a run's default name: the template's name, as far as it can be typed."""
    kept = [c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in template.stem.replace("_", "-")]
    return "".join(kept).strip("-").lower() or "run"
