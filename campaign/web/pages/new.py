"""Page `/new`: a sheet is uploaded, and a template chosen."""

from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import Response

from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.load_upload import UploadSettings
from campaign.usecases.serving.uploads import change_upload, keep_upload
from campaign.web.asking import Ask, PageError, see_other


def new(ask: Ask) -> Response:
    """Shows the form."""
    return ask.page("drafts/new.html.jinja", templates=template_names(ask.site.templates))


def upload(ask: Ask) -> Response:
    """Keeps the sheet, and begins to load it where a template is chosen."""
    sheet = ask.form.get("sheet")
    if not isinstance(sheet, UploadFile) or not sheet.filename:
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, "Choose a sheet first.")
    settings = UploadSettings(template=chosen_template(ask), sandbox=ask.value("where") != "real")
    kept = keep_upload(
        ask.ledger,
        sheet.file,
        name=sheet.filename,
        owner=ask.visitor.name,
        most_bytes=ask.site.most_bytes,
    )
    change_upload(ask.ledger, kept, settings=settings.model_dump_json())
    record_act(ask.ledger, who=ask.visitor.name, what="upload", target=kept.name)
    if settings.template is None:
        return see_other(f"/drafts/{kept.token}/columns")
    ask.site.loader.load(kept.token, size=kept.size)
    return see_other(f"/drafts/{kept.token}/check")


def template_names(folder: Path) -> list[str]:
    """The templates that are offered: the .toml files of the folder, by name."""
    return sorted(path.name for path in folder.glob("*.toml") if path.is_file())


def chosen_template(ask: Ask) -> Path | None:
    """The template that the form names; None for a new one.

    Raises:
        PageError: it is none of those that are offered.
    """
    name = ask.value("template")
    if not name:
        return None
    # Compared with the list, so that no name leads out of the folder.
    if name not in template_names(ask.site.templates):
        raise PageError(HTTPStatus.NOT_FOUND, "That template is not there any more; choose another.")
    return ask.site.templates / name
