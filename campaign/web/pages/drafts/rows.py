"""One row of a draft: all of its cells, corrected in place; and rows that are left out."""

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from campaign.presentation.page.sheets.check import group_on_page, verdict_words
from campaign.presentation.wording import visible
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.drafts.edit_rows import (
    EditedFirstError,
    EditedRow,
    edit_cell,
    edited_row_of,
    leave_row_out,
    take_edits_back,
)
from campaign.usecases.serving.uploads import UploadRecord
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.drafts.check import group_of, head_values, mask_of
from campaign.web.pages.drafts.mending import mend_row
from campaign.web.pages.drafts.opening import OpenDraft, found_upload, opened_draft

SECONDS_FOR_SMALL = 3.0
"""So long a small sheet's load is waited for, so that its next page is whole."""
SMALL_BYTES = 256 * 1024
_LONGEST_NUMBER = 15


def row(ask: Ask) -> Response:
    """Shows one row."""
    found = opened_draft(ask)
    return found if not isinstance(found, OpenDraft) else _row_page(ask, found, _number(ask))


def mend(ask: Ask) -> Response:
    """Corrects a cell, takes a correction back, or leaves the row out; the row is screened anew at once."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    number, seen = _number(ask), ask.value("seen")
    try:
        upload = _changed(ask, found, number=number, seen=seen)
    except EditedFirstError as error:
        return _overtaken(ask, found, number=number, message=str(error))
    reload(ask, upload)
    again = opened_draft(ask, waited=0)
    if not isinstance(again, OpenDraft):
        return again
    if ask.is_partial:
        return _row_part(ask, again, number=number)
    return see_other(_back(ask, number))


def take_back(ask: Ask) -> Response:
    """Takes all corrections back: the sheet counts as it was uploaded."""
    upload = take_edits_back(ask.ledger, found_upload(ask))
    record_act(ask.ledger, who=ask.visitor.name, what="take_edits_back", target=upload.name)
    reload(ask, upload)
    return see_other(f"/drafts/{upload.token}/check")


def reload(ask: Ask, upload: UploadRecord) -> None:
    """Begins to load the sheet again; of a small one the end is waited for."""
    ask.site.loader.load(upload.token, size=upload.size)
    if upload.size <= SMALL_BYTES:
        ask.site.loader.wait(upload.token, seconds=SECONDS_FOR_SMALL)


def _changed(ask: Ask, found: OpenDraft, *, number: int, seen: str) -> UploadRecord:
    upload, draft, target = found.upload, found.draft, found.upload.name
    if act := ask.value("leave"):
        left_out = act == "out"
        changed = leave_row_out(ask.ledger, upload, draft, number=number, left_out=left_out, seen=seen)
        what = "leave_row_out" if left_out else "take_row_in"
        record_act(ask.ledger, who=ask.visitor.name, what=what, target=target, detail=f"row {number}")
        return changed
    place = ask.value("place")
    if not place.isascii() or not place.isdigit() or len(place) > _LONGEST_NUMBER:
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, "The form does not say which cell it is about.")
    row = edited_row_of(ask.ledger, upload, draft, number=number, judged=False)
    value = row.before(int(place)) if ask.value("act") == "back" else ask.value("value")
    if place_shown(row, int(place)) == value:
        value = row.cells[int(place)]  # sent back as it was shown, with what is hidden in it made visible
    if value is None:
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, f"That cell of row {number} was not corrected.")
    changed = edit_cell(ask.ledger, upload, draft, number=number, place=int(place), value=value, seen=seen)
    what = "take_edit_back" if ask.value("act") == "back" else "edit_cell"
    detail = f"row {number}, column {row.header[int(place)]!r}"
    record_act(ask.ledger, who=ask.visitor.name, what=what, target=target, detail=detail)
    return changed


def place_shown(row: EditedRow, place: int) -> str:
    """The cell as a page shows it."""
    return visible(row.cells[place]).strip() if place < len(row.cells) else ""


def _overtaken(ask: Ask, found: OpenDraft, *, number: int, message: str) -> Response:
    """Tells the second of two what the first one said: the row as it is now, and what was not taken."""
    now = opened_draft(ask)
    found = now if isinstance(now, OpenDraft) else found
    mine = mask_of(ask)(ask.value("value"))
    if ask.is_partial:
        return _row_part(ask, found, number=number, message=message, mine=mine, status=HTTPStatus.CONFLICT)
    return _row_page(ask, found, number, message=message, mine=mine, status=HTTPStatus.CONFLICT)


def _row_page(
    ask: Ask, found: OpenDraft, number: int, *, message: str = "", mine: str = "", status: int = HTTPStatus.OK
) -> Response:
    row = edited_row_of(ask.ledger, found.upload, found.draft, number=number)
    kind, verdict = verdict_words(row.verdict, mask=mask_of(ask))
    return ask.page(
        "drafts/check/row.html.jinja",
        row=row,
        cells=_cells(ask, row),
        kind=kind,
        verdict=verdict,
        message=message,
        mine=mine,
        status=status,
        **head_values(ask, found),
    )


def _cells(ask: Ask, row: EditedRow) -> list[tuple[int, str, str, str | None]]:
    """(place, column, text now, text in the file if it was edited) of each cell."""
    mask = mask_of(ask)
    return [
        (place, name, mask(cell), None if (before := row.before(place)) is None else mask(before))
        for place, (name, cell) in enumerate(zip(row.header, row.cells, strict=False))
    ]


def _row_part(
    ask: Ask, found: OpenDraft, *, number: int, message: str = "", mine: str = "", status: int = HTTPStatus.OK
) -> Response:
    """The row alone, and what stands above it, for a page that swaps them."""
    shown = ask.visitor.role == "operator"
    row = edited_row_of(ask.ledger, found.upload, found.draft, number=number)
    group = group_of(found.draft, ask.value("group"))
    values: dict[str, Any] = {
        "row": mend_row(row, column=ask.value("column"), shown=shown, judged=True),
        "reason": "",
        "group_key": ask.value("group"),
        "group": None if group is None else group_on_page(group, mask=mask_of(ask)),
        "message": message,
        "mine": mine,
    }
    return ask.page("drafts/check/row_part.html.jinja", status=status, **values, **head_values(ask, found))


def _number(ask: Ask) -> int:
    text = ask.path("row")
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        raise PageError(HTTPStatus.NOT_FOUND, f"There is no row {text!r}.")
    return int(text)


def _back(ask: Ask, number: int) -> str:
    here = f"/drafts/{ask.path('draft')}"
    match ask.value("from"):
        case "check":
            return f"{here}/check#g-{group}" if (group := _key(ask.value("group"))) else f"{here}/check"
        case "group" if group := _key(ask.value("group")):
            return f"{here}/rows?group={group}"
        case _:
            return f"{here}/rows/{number}"


def _key(text: str) -> str:
    return text if text.isalnum() and text.isascii() else ""
