"""Page `/new`: a sheet is uploaded, and a template chosen."""

from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import Response

from campaign.domain.errors import SheetError
from campaign.presentation.cures.page import page_text
from campaign.presentation.page.badge import badge_of
from campaign.presentation.page.sheets.templates import template_line
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.load_upload import UploadRecord, UploadSettings
from campaign.usecases.serving.reading.offered import offered_path, offered_templates
from campaign.usecases.serving.uploads import START, SUFFIXES, change_upload, keep_upload, refuse_foreign_kind
from campaign.web.asking import Ask, PageError, see_other

_MEGABYTE = 1_000_000


def new(ask: Ask) -> Response:
    """Shows the form."""
    templates = [template_line(each) for each in offered_templates(ask.site.templates)]
    return ask.page(
        "drafts/new.html.jinja",
        templates=templates,
        suffixes=SUFFIXES,
        most_bytes=ask.site.most_bytes,
        most=_size(ask.site.most_bytes),
    )


def upload(ask: Ask) -> Response:
    """Keeps the sheet, and begins to load it where a template is chosen."""
    sheet = sent_sheet(ask)
    settings = UploadSettings(template=chosen_template(ask), sandbox=is_sandbox(ask))
    kept = keep_upload(
        ask.ledger,
        sheet.file,
        name=sheet.filename or "",
        owner=ask.visitor.name,
        most_bytes=ask.site.most_bytes,
    )
    record_act(ask.ledger, who=ask.visitor.name, what="upload", target=kept.name)
    return see_other(begun(ask, kept, settings))


def begun(ask: Ask, kept: UploadRecord, settings: UploadSettings) -> str:
    """Begins to load a new upload where its template is known; returns the address where it goes on."""
    change_upload(ask.ledger, kept, settings=settings.model_dump_json())
    if settings.template is None:
        return f"/drafts/{kept.token}/columns"
    ask.site.loader.load(kept.token, size=kept.size)
    return f"/drafts/{kept.token}/check"


def sent_sheet(ask: Ask) -> UploadFile:
    """The sheet of the form.

    Raises:
        PageError: there is none, it did not arrive whole, is too large, or no sheet by its first bytes.
    """
    sheet = ask.form.get("sheet")
    if not isinstance(sheet, UploadFile) or not sheet.filename:
        # The sheet is the form's first field: a form that ends in it has lost all others too.
        if not ask.form:
            raise PageError(HTTPStatus.BAD_REQUEST, "The upload did not arrive whole; nothing was kept; send it again.")
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, "Choose a sheet first; nothing was uploaded.")
    if sheet.size is not None and sheet.size > ask.site.most_bytes:
        limit = _size(ask.site.most_bytes)
        raise PageError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The sheet is larger than {limit}; nothing was kept; split it."
        )
    try:
        refuse_foreign_kind(sheet.file.read(START))
    except SheetError as error:
        text = page_text(error.message)
        raise PageError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"This is no sheet that can be read: {text}; nothing was kept."
        ) from None
    sheet.file.seek(0)
    return sheet


def is_sandbox(ask: Ask) -> bool:
    """Whether the form says that calls go to the sandbox.

    Raises:
        PageError: it does not say, or wants real calls without a key.
    """
    where = ask.value("where")
    if where not in ("sandbox", "real"):
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, "Choose where calls go; nothing was uploaded.")
    badge = badge_of(ask.site.around.environment)
    if where == "real" and badge.kind == "sandbox":
        why = f"{badge.why}; nothing was uploaded." if badge.why else "There is no key; nothing was uploaded."
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, why)
    return where == "sandbox"


def chosen_template(ask: Ask) -> Path | None:
    """The template that the form names; None for a new one.

    Raises:
        PageError: it names none, or none of those that are offered.
    """
    if not isinstance(ask.form.get("template"), str):
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, "Choose a template, or a new one; nothing was changed.")
    name = ask.value("template")
    if not name:
        return None
    if (path := offered_path(ask.site.templates, name)) is None:
        raise PageError(HTTPStatus.NOT_FOUND, "That template is not there any more; choose another.")
    return path


def template_names(folder: Path) -> list[str]:
    """The templates that are offered, by name."""
    return [each.name for each in offered_templates(folder)]


def _size(size: int) -> str:
    return f"{size / _MEGABYTE:.0f} MB" if size >= _MEGABYTE else f"{size:,} bytes"
