"""Page of an upload that could not be read: why, and the answers that only its owner can give."""

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from campaign.domain.errors import CampaignError
from campaign.presentation.cures.choice_words import ABOUT_CHOICES, CHOICE_QUESTIONS
from campaign.presentation.masking import masked_text
from campaign.usecases.serving.load_upload import UploadFailure, UploadRecord, failure_of, settings_of
from campaign.usecases.serving.reading.choices import UNDECIDED, offers_of
from campaign.usecases.serving.reading.head import head_of
from campaign.usecases.serving.uploads import path_of
from campaign.web.asking import Ask

OTHER_ANSWERS = {"header_row": "another row", "max_rows": "another number of rows"}


def failed_page(ask: Ask, upload: UploadRecord, failure: UploadFailure) -> Response:
    """Shows why the sheet could not be read; where an answer of its owner would help, asks for it."""
    settings = settings_of(upload)
    values: dict[str, Any] = {
        "upload": upload,
        "failure": failure,
        "said": settings,
        "mask": masked_text if ask.visitor.role == "viewer" else str,
        "answered": settings.choices != UNDECIDED,
        "template": settings.template,
        "edited": bool(settings.edits.cells or settings.edits.left_out),
        "may_change": ask.visitor.role == "operator",
    }
    if failure.choice is None or not failure.options:
        return ask.page("drafts/failed.html.jinja", **values, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    offers = offers_of(path_of(ask.ledger, upload), settings.choices, field=failure.choice, options=failure.options)
    return ask.page(
        "drafts/choice.html.jinja",
        **values,
        offers=offers,
        question=CHOICE_QUESTIONS[failure.choice],
        about=ABOUT_CHOICES[failure.choice],
        other=OTHER_ANSWERS.get(failure.choice),
    )


def open_question(ask: Ask, upload: UploadRecord) -> UploadFailure | None:
    """Why the upload cannot be read as it stands; None where it can."""
    if upload.failure is not None:
        return UploadFailure.model_validate_json(upload.failure)
    try:
        head_of(path_of(ask.ledger, upload), settings_of(upload))
    except CampaignError as error:
        return failure_of(ask.ledger, upload, error, context=ask.site.around)
    return None
