"""Pages of a draft: where an uploaded sheet stands, its check, and its launch."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response

from campaign.presentation.page.badge import service_badge
from campaign.usecases.dialling.drafts import PublishedDraft, SheetDraft, StillLoading, look_at_draft, publish_draft
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling
from campaign.usecases.serving.load_upload import UploadFailure, UploadRecord, settings_of
from campaign.usecases.serving.uploads import find_upload
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.failed import failed_page


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """An upload whose sheet is loaded, with its draft."""

    upload: UploadRecord
    draft: SheetDraft


def opened_draft(ask: Ask) -> OpenDraft | Response:
    """The draft that the address names, or the page that shows why there is none (yet)."""
    upload = found_upload(ask)
    if ask.site.loader.is_loading(upload.token):
        ask.site.loader.wait(upload.token, seconds=0.4)
        upload = found_upload(ask)
    if upload.failure is not None and not ask.site.loader.is_loading(upload.token):
        return failed_page(ask, upload, UploadFailure.model_validate_json(upload.failure))
    if upload.draft_token is None:
        if settings_of(upload).template is None:
            return see_other(f"/drafts/{upload.token}/columns")
        return ask.page("drafts/waiting.html.jinja", upload=upload, rows=0)
    match look_at_draft(ask.ledger, upload.draft_token):
        case StillLoading(record):
            return ask.page("drafts/waiting.html.jinja", upload=upload, rows=record.progress)
        case PublishedDraft(run=run):
            return see_other(f"/runs/{run.name}")
        case SheetDraft() as draft:
            return OpenDraft(upload, draft)
        case _:
            raise PageError(HTTPStatus.NOT_FOUND, "There is no such draft.")


def found_upload(ask: Ask) -> UploadRecord:
    """The upload that the address names.

    Raises:
        PageError: there is none, or it has expired.
    """
    upload = find_upload(ask.ledger, ask.path("draft"))
    if upload is None:
        raise PageError(HTTPStatus.NOT_FOUND, "There is no such draft; drafts are kept for a week.")
    return upload


def check(ask: Ask) -> Response:
    """Shows the verdicts on the sheet."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    return ask.page("drafts/check.html.jinja", upload=found.upload, summary=found.draft.summary)


def launch(ask: Ask) -> Response:
    """Shows what will happen."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    draft = found.draft
    service = service_badge(draft.source.service)
    return ask.page(
        "drafts/launch.html.jinja",
        upload=found.upload,
        service=service,
        calls=draft.calls(settings_of(found.upload).limit),
        revision=draft.record.revision,
        must_type=service.kind == "aicaller",
    )


def launched(ask: Ask) -> Response:
    """Publishes the draft as a run, once, and lets the server dial it."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    upload, draft = found.upload, found.draft
    settings = settings_of(upload)
    calls = draft.calls(settings.limit)
    if service_badge(draft.source.service).kind == "aicaller" and ask.value("calls") != str(calls):
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, f"Type {calls} to launch {calls} calls; nothing was sent.")
    run = publish_draft(
        ask.ledger,
        draft.record.token,
        revision=int(ask.value("revision") or 0),
        name=settings.name,
        limit=settings.limit,
        context=ask.site.around,
    )
    record_act(ask.ledger, who=ask.visitor.name, what="launch", target=run.name, detail=f"{calls} calls")
    ask.site.desk.dial(ask.ledger, run.name, OrderedDialling(limit=settings.limit), who=ask.visitor.name)
    return see_other(f"/runs/{run.name}")
