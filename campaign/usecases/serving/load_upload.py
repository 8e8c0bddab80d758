"""Use case: load an uploaded sheet into a draft, as its settings say; progress and end stand in the ledger.

upload + settings --> draft (progress in the ledger) --> ready: its token in the upload, in place of an earlier one's
                          `--> cannot be loaded: why, in the upload
"""

from campaign.domain.errors import CampaignError, UndecidedError, UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import DraftState
from campaign.ledger.records.serving import NO_SETTINGS, UploadRecord
from campaign.preparation.drafts.contents import SHEET_SOURCE
from campaign.preparation.drafts.load_sheet import DraftBegun, LoadEvent, discard_draft
from campaign.preparation.drafts.look import SheetDraft
from campaign.usecases.context import Context
from campaign.usecases.dialling.drafts import load_sheet_draft
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions
from campaign.usecases.dialling.sheet_run_plan import SheetRun, SheetRunOptions, plan_sheet_run
from campaign.usecases.serving.upload_settings import UploadFailure, UploadSettings
from campaign.usecases.serving.uploads import Overtaken, change_upload, find_upload, path_of, uploads_of

__all__ = [
    "UploadFailure",
    "UploadRecord",
    "UploadSettings",
    "failure_of",
    "is_outdated",
    "load_upload",
    "settings_of",
    "sheet_run_of",
    "uploads_to_load",
]


def settings_of(upload: UploadRecord) -> UploadSettings:
    """The settings that are stored with the upload; nothing, for the sandbox, where it was cut off before any was."""
    if upload.settings == NO_SETTINGS:
        return UploadSettings(sandbox=True)
    return UploadSettings.model_validate_json(upload.settings)


def sheet_run_of(
    ledger: Ledger, upload: UploadRecord, *, said: UploadSettings | None = None, context: Context
) -> SheetRun:
    """The run that the upload's settings describe, validated as far as it can be without the sheet.

    `said` are settings that are to be tried in place of the stored ones.

    Raises:
        UsageError: the environment, the template or a setting will not do, or there is no template yet.
    """
    said = said or settings_of(upload)
    if said.template is None:
        raise UsageError("choose a template first; nothing was sent")
    dial = DialOptions(
        account=AccountOptions(sandbox=said.sandbox),
        rate=said.rate,
        max_in_flight=said.max_in_flight,
        limit=said.limit,
        results=None,
        audit=True,
        again=said.again,
    )
    options = SheetRunOptions(
        sheet=path_of(ledger, upload),
        template=said.template,
        region=said.region,
        timezone=said.timezone,
        name=said.name,
        webhook=None,
        canary=said.canary,
        again=said.again,
        dial=dial,
        start=said.start,
        shown=upload.name,
        edits=said.edits,
        said=said.loads,
    )
    return plan_sheet_run(options, context=context)


def load_upload(ledger: Ledger, token: str, *, context: Context) -> None:
    """Loads the upload's sheet; an upload that is gone, or became a run, is left alone.

    A draft that it had before can be looked at until the new one has taken its place, and is removed then.
    """
    upload = find_upload(ledger, token)
    if upload is None or upload.removed_at is not None:
        return
    before = None if upload.draft_token is None else ledger.read.drafts.find(upload.draft_token)
    if before is not None and before.state is DraftState.PUBLISHED:
        return
    stays = before is not None and before.state is DraftState.READY
    if before is not None and not stays:
        # In this order: killed between the two, it names no draft that is gone, and is loaded again.
        _note(ledger, token, draft_token=None, failure=None)
        discard_draft(ledger, before.token)
    said, made = settings_of(upload), list[str]()

    def begun(event: LoadEvent) -> None:
        if isinstance(event, DraftBegun):
            made.append(event.token)
            if not stays:
                _note(ledger, token, draft_token=event.token, failure=None)

    failure = None
    try:
        run = sheet_run_of(ledger, upload, context=context)
        load_sheet_draft(
            ledger,
            run,
            choices=said.choices,
            answers=said.answers,
            context=context,
            belongs_to=upload.owner,
            on_event=begun,
        )
    except CampaignError as error:
        made.clear()
        failure = failure_of(ledger, upload, error, context=context).model_dump_json()
    draft_token = made[0] if made else None
    noted = _note(ledger, token, draft_token=draft_token, failure=failure)
    for other in (before.token if before else None, None if noted else draft_token):
        # One that was published meanwhile stays.
        if other is not None:
            discard_draft(ledger, other)


def uploads_to_load(ledger: Ledger) -> list[UploadRecord]:
    """Uploads whose load was begun by a server that has ended since, or was to be begun by it."""
    return [upload for upload in uploads_of(ledger) if _is_to_load(ledger, upload)]


def is_outdated(upload: UploadRecord, draft: SheetDraft) -> bool:
    """Whether the draft was loaded by other settings than those that the upload has now."""
    said = settings_of(upload)
    return draft.source.said != said.loads or draft.answers != said.answers


def _is_to_load(ledger: Ledger, upload: UploadRecord) -> bool:
    if upload.failure is not None or settings_of(upload).template is None:
        return False
    draft = None if upload.draft_token is None else ledger.read.drafts.find(upload.draft_token)
    if draft is None:
        return upload.draft_token is None
    if draft.state is not DraftState.READY:
        return draft.state is DraftState.LOADING
    return SHEET_SOURCE.value(draft.source).said != settings_of(upload).loads


def failure_of(ledger: Ledger, upload: UploadRecord, error: CampaignError, *, context: Context) -> UploadFailure:
    """Why the upload could not be read, for its owner."""
    path = path_of(ledger, upload)
    # The file has a name of ours, which says nothing to its owner.
    message = error.message.masked(lambda part: part.replace(str(path), upload.name))
    if isinstance(error, UndecidedError):
        # What can be chosen is shown beside it, each with what the sheet would be with it.
        text = str(message) if error.options else context.wording(message)
        return UploadFailure(text=text, choice=error.choice, options=error.options)
    return UploadFailure(text=context.wording(message))


def _note(ledger: Ledger, token: str, *, draft_token: str | None, failure: str | None) -> bool:
    """Stores where the draft is, and why there is none; False for an upload that is not wanted any more."""
    while (upload := find_upload(ledger, token)) is not None and upload.removed_at is None:
        # Its owner may change something else of it meanwhile; where the draft is, only a load says.
        if not isinstance(change_upload(ledger, upload, draft_token=draft_token, failure=failure), Overtaken):
            return True
    return False
