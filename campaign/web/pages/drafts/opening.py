"""Opens the draft that an address names, or shows why there is none: being read, stopped, failed, launched or gone."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response

from campaign.domain.errors import UsageError
from campaign.usecases.dialling.drafts import Draft, PublishedDraft, SheetDraft, StillLoading, look_at_draft
from campaign.usecases.serving.load_upload import UploadFailure, UploadRecord, is_outdated, settings_of
from campaign.usecases.serving.uploads import find_upload
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.failed import failed_page

SECONDS_WAITED = 0.4
"""For a load that may end in this moment."""
_GONE = "This sheet was discarded, or its week is over: nothing of it is kept, and nothing was sent. Upload it again."


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """An upload whose sheet is loaded, with its draft.

    Attributes:
        is_outdated: it was changed since, and must be read again before it is launched.
        is_loading: that is being done.
    """

    upload: UploadRecord
    draft: SheetDraft
    is_outdated: bool
    is_loading: bool


def opened_draft(ask: Ask, *, waited: float = SECONDS_WAITED) -> OpenDraft | Response:
    """The draft that the address names, or the page that shows why there is none (yet).

    Raises:
        PageError: there never was one, or it is gone.
    """
    upload = found_upload(ask)
    loader = ask.site.loader
    if loader.is_loading(upload.token):
        loader.wait(upload.token, seconds=waited)
        upload = found_upload(ask)
    loading = loader.is_loading(upload.token)
    if upload.draft_token is None:
        return _without_draft(ask, upload, loading=loading)
    match _looked_at(ask, upload.draft_token):
        case None if upload.removed_at is None:
            return _waiting(ask, upload, loading=loading, rows=0, status=HTTPStatus.GONE)
        case StillLoading(record):
            return _waiting(ask, upload, loading=loading, rows=record.progress)
        case PublishedDraft(run=run):
            return see_other(f"/runs/{run.name}")
        case SheetDraft() as draft if upload.removed_at is None:
            return OpenDraft(upload, draft, is_outdated(upload, draft), loading)
        case _:
            raise PageError(HTTPStatus.GONE, _GONE)


def found_upload(ask: Ask) -> UploadRecord:
    """The upload that the address names; one that became a run as well.

    Raises:
        PageError: there is none, or it is gone.
    """
    upload = find_upload(ask.ledger, ask.path("draft"))
    if upload is None:
        raise PageError(HTTPStatus.NOT_FOUND, "There is no such draft; drafts are kept for a week.")
    if upload.removed_at is not None and not _became_run(ask, upload):
        raise PageError(HTTPStatus.GONE, _GONE)
    return upload


def _looked_at(ask: Ask, token: str) -> Draft | None:
    """The draft; None where nothing of it is left, and its sheet must be read again."""
    try:
        return look_at_draft(ask.ledger, token)
    except UsageError:
        return None


def _became_run(ask: Ask, upload: UploadRecord) -> bool:
    draft = None if upload.draft_token is None else ask.ledger.read.drafts.find(upload.draft_token)
    return draft is not None and draft.published_as is not None


def _without_draft(ask: Ask, upload: UploadRecord, *, loading: bool) -> Response:
    if loading:
        return _waiting(ask, upload, loading=True, rows=0)
    said = settings_of(upload)
    if upload.failure is not None:
        return failed_page(ask, upload, UploadFailure.model_validate_json(upload.failure))
    if said.template is None:
        return see_other(f"/drafts/{upload.token}/columns")
    return _waiting(ask, upload, loading=False, rows=0)


def _waiting(
    ask: Ask, upload: UploadRecord, *, loading: bool, rows: int, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    if loading:
        return ask.page("drafts/waiting.html.jinja", upload=upload, rows=rows)
    expired = status is HTTPStatus.GONE
    return ask.page("drafts/stopped.html.jinja", upload=upload, rows=rows, expired=expired, status=status)
