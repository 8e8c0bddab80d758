"""Use case: load an uploaded sheet into a draft, as its settings say; progress and end stand in the ledger.

upload + settings --> draft (progress in the ledger) --> ready: its token in the upload
                          `--> cannot be loaded: why, in the upload
"""

from campaign.domain.errors import CampaignError, UndecidedError, UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import DraftState
from campaign.ledger.records.serving import NO_SETTINGS, UploadRecord
from campaign.preparation.drafts.load_sheet import DraftBegun, LoadEvent, discard_draft
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


def sheet_run_of(ledger: Ledger, upload: UploadRecord, *, context: Context) -> SheetRun:
    """The run that the upload's settings describe, validated as far as it can be without the sheet.

    Raises:
        UsageError: the environment, the template or a setting will not do, or there is no template yet.
    """
    said = settings_of(upload)
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
    )
    return plan_sheet_run(options, context=context)


def load_upload(ledger: Ledger, token: str, *, context: Context) -> None:
    """Loads the upload's sheet; a draft that it had before is removed. An upload that is gone is left alone."""
    upload = find_upload(ledger, token)
    if upload is None or upload.removed_at is not None:
        return
    if upload.draft_token is not None:
        # In this order: killed between the two, it names no draft that is gone, and is loaded again.
        _note(ledger, token, draft_token=None, failure=None)
        discard_draft(ledger, upload.draft_token)
    said = settings_of(upload)

    def begun(event: LoadEvent) -> None:
        if isinstance(event, DraftBegun):
            _note(ledger, token, draft_token=event.token, failure=None)

    try:
        run = sheet_run_of(ledger, upload, context=context)
        load_sheet_draft(
            ledger, run, choices=said.choices, answers=said.answers, context=context, belongs_to=upload.owner,
            on_event=begun,
        )  # fmt: skip
    except CampaignError as error:
        failure = failure_of(ledger, upload, error, context=context)
        _note(ledger, token, draft_token=None, failure=failure.model_dump_json())


def uploads_to_load(ledger: Ledger) -> list[UploadRecord]:
    """Uploads whose load was due, or begun, when a server ended."""
    found = []
    for upload in uploads_of(ledger):
        draft = None if upload.draft_token is None else ledger.read.drafts.find(upload.draft_token)
        begun = draft is not None and draft.state is DraftState.LOADING
        # Killed after the upload and before its draft: its owner waits for it.
        due = upload.draft_token is None and upload.failure is None and settings_of(upload).template is not None
        if begun or due:
            found.append(upload)
    return found


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


def _note(ledger: Ledger, token: str, *, draft_token: str | None, failure: str | None) -> None:
    while (upload := find_upload(ledger, token)) is not None:
        # Its owner may change something else of it meanwhile; where the draft is, only a load says.
        if not isinstance(change_upload(ledger, upload, draft_token=draft_token, failure=failure), Overtaken):
            return
