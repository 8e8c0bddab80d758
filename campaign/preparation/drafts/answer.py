"""Answers a draft's questions: skips rows in the ledger, or reads the sheet again where numbers change."""

from collections.abc import Callable
from dataclasses import replace

from campaign.domain.cures import Wording
from campaign.domain.skip_reason import SkipReason
from campaign.ledger.port.ledger import Ledger
from campaign.preparation.drafts.contents import ANSWERS, SHEET_VIEW, SheetView
from campaign.preparation.drafts.load_sheet import load_again
from campaign.preparation.drafts.look import RerunDraft, SheetDraft, shown_rerun, shown_sheet
from campaign.preparation.questions import Answers, accepted_at


def answer_sheet(
    ledger: Ledger, draft: SheetDraft, answers: Answers, *, secret: Callable[[str], str], wording: Wording
) -> SheetDraft:
    """Replaces all answers of the draft; returns the draft as it is then.

    Raises:
        UsageError: the draft was changed since it was read; nothing is changed.
        SheetError: the sheet must be read again, and cannot be, or says something else by now; nothing is changed.
        LedgerError: the ledger cannot be written.
    """
    if answers == draft.answers:
        return draft
    if needs_sheet(draft, answers):
        return load_again(ledger, draft, answers=answers, secret=secret, wording=wording)
    skip = answers.changed == "skip" and draft.view.changed is not None
    view = without_changed(draft.view) if skip else draft.view
    record = ledger.drafts.answer(draft.record, answers=ANSWERS.text(answers), view=SHEET_VIEW.text(view), skip=skip)
    return shown_sheet(ledger, record)


def answer_rerun(ledger: Ledger, draft: RerunDraft, answers: Answers) -> RerunDraft:
    """Replaces all answers of the draft; returns the draft as it is then.

    Raises:
        UsageError: the draft was changed since it was read; nothing is changed.
        LedgerError: the ledger cannot be written.
    """
    view = draft.record.view or ""
    return shown_rerun(ledger.drafts.answer(draft.record, answers=ANSWERS.text(answers), view=view))


def needs_sheet(draft: SheetDraft, answers: Answers) -> bool:
    """Whether these answers change how rows are called, so that the sheet must be read again."""
    before, summary = draft.answers, draft.view.summary
    service, template = draft.source.service, draft.source.template
    was, now = accepted_at(service, template, before), accepted_at(service, template, answers)
    if was.fictitious != now.fictitious:
        return True
    # Of a sheet without any that was restored the answer changes nothing; one whose rows were refused says so itself.
    if replace(was, repaired=now.repaired) != now:
        return True
    if was.repaired != now.repaired and (summary.repaired or not was.repaired):
        return True
    return answers.changed != "skip" and SkipReason.CHANGED in summary.skipped


def without_changed(view: SheetView) -> SheetView:
    """Returns the view once the changed rows are skipped."""
    if view.changed is None:
        return view
    count, summary = view.changed.count, view.summary
    skipped = {**summary.skipped, SkipReason.CHANGED: summary.skipped.get(SkipReason.CHANGED, 0) + count}
    return replace(view, changed=None, summary=replace(summary, to_call=summary.to_call - count, skipped=skipped))
