"""Use case: an uploaded sheet becomes a run, once; or the run that was begun with the same sheet goes on.

draft --publish--> run (a second launch, in whatever order, finds it) --> the upload's file and settings are removed
"""

from dataclasses import dataclass

from campaign.followup.canary import canary_bounds
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import FirstOrder
from campaign.preparation.drafts.load_sheet import discard_draft
from campaign.preparation.drafts.look import SheetDraft
from campaign.preparation.load_template import read_template
from campaign.preparation.plan.continue_run import SameSheet, compare
from campaign.usecases.context import Context
from campaign.usecases.dialling.begun.plan_choice import PlanChoice
from campaign.usecases.dialling.drafts import publish_draft
from campaign.usecases.dialling.resume_run import plan_of_rest
from campaign.usecases.serving.drafts.ordered_canary import OrderedCanary
from campaign.usecases.serving.drafts.overtaken import DraftOvertakenError, refuse_other
from campaign.usecases.serving.load_upload import is_outdated, settings_of, sheet_run_of
from campaign.usecases.serving.upload_settings import UploadSettings
from campaign.usecases.serving.uploads import Overtaken, UploadRecord, change_upload, find_upload, path_of

__all__ = [
    "BegunBefore",
    "PlanChoice",
    "begun_before",
    "canary_of",
    "launch_upload",
    "refuse_outdated",
    "remove_launched",
    "said_as_instant",
]


@dataclass(frozen=True, slots=True)
class BegunBefore:
    """The run of the same sheet that is there already.

    Attributes:
        same: the run, and how many of its rows are left.
        choice: the plans by which they could be called.
    """

    same: SameSheet
    choice: PlanChoice


def begun_before(ledger: Ledger, upload: UploadRecord, draft: SheetDraft) -> BegunBefore | None:
    """The run of the same sheet under the same template, which is to go on instead; None where a new one is meant.

    Raises:
        UsageError: the template of that run will not do any more.
    """
    if draft.same is None or settings_of(upload).again:
        return None
    same = compare(ledger, draft.same)
    return BegunBefore(same, plan_of_rest(ledger, draft.same.name, template=None, said=None))


def refuse_outdated(upload: UploadRecord, draft: SheetDraft) -> None:
    """Refuses a draft that was loaded by other settings, or another template, than those of now.

    Raises:
        DraftOvertakenError: it was.
    """
    if is_outdated(upload, draft):
        raise DraftOvertakenError("the sheet was changed, and is not read again yet; nothing was sent")


def launch_upload(
    ledger: Ledger, upload: UploadRecord, draft: SheetDraft, *, mark: str, order: FirstOrder, context: Context
) -> RunRecord:
    """Makes the draft a run that the server is told to dial, in one; a second caller gets the same run.

    Raises:
        DraftOvertakenError: it is not as it was looked at.
        UsageError: a question is open, there are more calls than the limit, or the name is taken; nothing was sent.
    """
    refuse_outdated(upload, draft)
    refuse_other(draft, mark)
    said = settings_of(upload)
    return publish_draft(
        ledger,
        draft.record.token,
        revision=draft.record.revision,
        name=said.name,
        limit=said.limit,
        context=context,
        order=order,
    )


def remove_launched(ledger: Ledger, upload: UploadRecord, *, draft_token: str) -> bool:
    """Removes what is not needed once the draft with that token is a run; False where that was done already.

    The run has all rows. Under its old address the upload leads to it.
    """
    while (now := find_upload(ledger, upload.token)) is not None and now.removed_at is None:
        if now.draft_token == draft_token:
            removed = ledger.serving.uploads.remove(upload.token) is not None
            path_of(ledger, now).unlink(missing_ok=True)
            return removed
        # Another load has put its own draft there meanwhile.
        changed = change_upload(ledger, now, draft_token=draft_token)
        if not isinstance(changed, Overtaken) and now.draft_token is not None:
            discard_draft(ledger, now.draft_token)
    return False


def canary_of(said: UploadSettings) -> OrderedCanary | None:
    """The canary that the settings ask for, with the bounds that their template has; None without one.

    Raises:
        UsageError: the template has none, or will not do.
    """
    if said.canary is None or said.template is None:
        return None
    template = read_template(said.template, region=said.region, timezone=said.timezone)
    return OrderedCanary(rows=said.canary, bounds=canary_bounds(template))


def said_as_instant(ledger: Ledger, upload: UploadRecord, said: UploadSettings, *, context: Context) -> UploadSettings:
    """The settings, tried without reading the sheet; a start in words, `tomorrow 9am`, as the instant that it is now.

    Raises:
        UsageError: one of them will not do.
    """
    run = sheet_run_of(ledger, upload, said=said, context=context)
    start = None if run.plan.origin is None else run.plan.origin.start
    if said.start is None or start is None:
        return said
    return said.model_copy(update={"start": start.isoformat(timespec="seconds")})
