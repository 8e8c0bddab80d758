"""Page `/drafts/ID/columns`: what each column of a sheet is; saved as a template, or shown as a template reads them."""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

from starlette.responses import Response

from campaign.config.template_file import load_template
from campaign.domain.errors import CampaignError, UsageError
from campaign.presentation.cures.column_words import ABOUT_LANGUAGE, ABOUT_ORDER, ABOUT_REGION
from campaign.presentation.cures.page import page_text
from campaign.presentation.masking import masked_text
from campaign.presentation.page.sheets.columns import (
    SLOT_WORDS,
    calls_shown,
    column_name,
    columns_shown,
    indices_shown,
    questions_shown,
    rows_shown,
    slot_words,
)
from campaign.presentation.page.sheets.templates import template_line
from campaign.usecases.init import SheetHead, named_regions
from campaign.usecases.serving.load_upload import UploadRecord, failure_of, settings_of
from campaign.usecases.serving.reading.choices import UNDECIDED
from campaign.usecases.serving.reading.head import head_of, uses_by_template
from campaign.usecases.serving.reading.offered import offered_templates
from campaign.usecases.serving.reading.said import NOTHING_SAID, ColumnsSaid
from campaign.usecases.serving.reading.save import free_name, save_template, template_path
from campaign.usecases.serving.reading.view import ColumnsView, columns_view
from campaign.usecases.serving.uploads import path_of
from campaign.web.asking import Ask, see_other
from campaign.web.pages.choices import changeable_upload, read_again
from campaign.web.pages.drafts.opening import found_upload
from campaign.web.pages.failed import failed_page

_OF_COLUMN = re.compile(r"(use|was|key|format|wasformat)-(\d{1,6})")
_NOT_SEEN = (
    "By what you said, the sheet is read anew, and something is proposed that you have not seen yet: look again."
)


def columns(ask: Ask) -> Response:
    """Shows the form; of a draft that has a template, how that reads the columns."""
    upload = found_upload(ask)
    if upload.removed_at is not None:
        return see_other(f"/drafts/{upload.token}/check")
    try:
        look = head_of(path_of(ask.ledger, upload), settings_of(upload))
    except CampaignError as error:
        return failed_page(ask, upload, failure_of(ask.ledger, upload, error, context=ask.site.around))
    if settings_of(upload).template is not None or ask.visitor.role == "viewer":
        return _read_page(ask, upload, look)
    return _form(ask, upload, look, said=NOTHING_SAID)


def save(ask: Ask) -> Response:
    """Shows what would come of the form; or writes the template that it shows, and has the sheet read by it."""
    upload = changeable_upload(ask)
    try:
        look = head_of(path_of(ask.ledger, upload), settings_of(upload).model_copy(update={"template": None}))
    except CampaignError as error:
        return failed_page(ask, upload, failure_of(ask.ledger, upload, error, context=ask.site.around))
    said = said_on(ask)
    if ask.value("act") != "save":
        return _form(ask, upload, look, said=said)
    view = _view(ask, upload, look, said=said)
    if view.written is None:
        return _form(ask, upload, look, said=said, refused="Some things are still to be said; nothing was saved.")
    if not view.is_as_said(said):
        return _form(ask, upload, look, said=said, refused=_NOT_SEEN)
    try:
        path = template_path(ask.site.templates, ask.value("name"))
        changed = save_template(ask.ledger, upload, view.written.text, path=path)
    except UsageError as error:
        return _form(ask, upload, look, said=said, refused=page_text(error.message))
    return read_again(ask, changed, what="save template", detail=path.name)


def said_on(ask: Ask) -> ColumnsSaid:
    """What the form says."""
    of_column: dict[str, dict[int, str]] = {name: {} for name in ("use", "was", "key", "format", "wasformat")}
    for field in ask.form:
        if (found := _OF_COLUMN.fullmatch(field)) is not None:
            of_column[found[1]][int(found[2])] = ask.value(field)
    uses = {index: slot for index, slot in of_column["use"].items() if slot in SLOT_WORDS}
    return ColumnsSaid(
        uses=uses,
        shown=of_column["was"],
        answers={field.removeprefix("ask-"): ask.value(field) for field in ask.form if field.startswith("ask-")},
        keys=of_column["key"],
        formats=of_column["format"],
        formats_shown=of_column["wasformat"],
        region=ask.value("region").upper(),
        language=ask.value("language") if "language" in ask.form else None,
        order=ask.value("order"),
    )


def _view(ask: Ask, upload: UploadRecord, look: SheetHead, *, said: ColumnsSaid) -> ColumnsView:
    today = ask.site.around.now().astimezone().date()
    return columns_view(look, said, title=Path(upload.name).stem, today=today)


def _form(ask: Ask, upload: UploadRecord, look: SheetHead, *, said: ColumnsSaid, refused: str = "") -> Response:
    view = _view(ask, upload, look, said=said)
    mask = str
    shown = columns_shown(look, view)
    written = view.written
    return ask.page(
        "drafts/columns.html.jinja",
        upload=upload,
        look=look,
        view=view,
        said=said,
        columns=shown,
        rows=rows_shown(look, [column.index for column in shown], mask=mask),
        hidden_columns=len(look.header) - len(shown),
        questions=questions_shown(look, view, mask=mask),
        slots=SLOT_WORDS,
        regions=named_regions(),
        likely=[(region, valid, dict(named_regions()).get(region, region)) for region, valid in view.region.likely],
        faults=dict(reversed(view.faults)),
        calls=[] if written is None else calls_shown(written.first_calls, mask=mask),
        about={"region": ABOUT_REGION, "language": ABOUT_LANGUAGE, "order": ABOUT_ORDER},
        name=ask.value("name") or free_name(ask.site.templates, upload.name),
        answered=settings_of(upload).choices != UNDECIDED,
        refused=refused,
        begun=said != NOTHING_SAID,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
    )


def _read_page(ask: Ask, upload: UploadRecord, look: SheetHead) -> Response:
    path = settings_of(upload).template
    mask: Callable[[str], str] = masked_text if ask.visitor.role == "viewer" else str
    try:
        uses = {} if path is None else uses_by_template(look, load_template(path))
        fault = ""
    except CampaignError as error:
        uses, fault = {}, page_text(error.message)
    indices = indices_shown(look, uses)
    return ask.page(
        "drafts/reading.html.jinja",
        upload=upload,
        template=None if path is None else path.name,
        in_folder=path is not None and path.parent == ask.site.templates,
        fault=fault,
        columns=[(column_name(look, index), list(_words(uses.get(index, ())))) for index in indices],
        rows=rows_shown(look, indices, mask=mask),
        templates=[template_line(each) for each in offered_templates(ask.site.templates)],
        may_change=ask.visitor.role == "operator",
    )


def _words(slots: tuple[str, ...]) -> Iterator[str]:
    for slot in slots:
        yield f"spoken as {slot.strip()}" if slot.startswith(" ") else slot_words(slot)
