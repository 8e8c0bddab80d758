"""Pages `/never-call`: the suppression list; numbers are added, imported, checked, and taken off with a reason."""

from http import HTTPStatus
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from campaign.domain.errors import UsageError
from campaign.presentation.cures.page import page_text
from campaign.presentation.page.never_call import added_outcome, checked_outcome, entry_line, import_outcome
from campaign.presentation.wording import counted
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.uploads import shown_name
from campaign.usecases.suppress.entries import EVERYWHERE, add_numbers, calls_by_number, refuse_unusable_reason
from campaign.usecases.suppress.read_numbers import read_numbers
from campaign.usecases.suppress.take_off import take_off, take_off_rehearsed
from campaign.usecases.suppress.uploaded_list import SaidOfList, Undecided, import_list, keep_list, kept_list
from campaign.web.asking import Ask, Handler, PageError, page, see_other

PER_PAGE = 100
MOST_NUMBERS = 1_000
"""Numbers that are typed at once."""
_CHOICE = "choice-"
_LONGEST_PLACE = 19


def never_call_routes(*, most_form_bytes: int, most_bytes: int) -> list[Route]:
    """The addresses of the list; only its import takes a sheet."""

    def form(path: str, handler: Handler) -> Route:
        return Route(path, page(handler), methods=["POST"], max_body_size=most_form_bytes)

    return [
        Route("/never-call", page(show)),
        form("/never-call/add", add),
        form("/never-call/check", check),
        Route("/never-call/remove", page(remove_form, needs="operator")),
        form("/never-call/remove", remove),
        Route("/never-call/import", page(upload), methods=["POST"], max_body_size=most_bytes + most_form_bytes),
        form("/never-call/import/{list}", import_again),
    ]


def show(ask: Ask) -> Response:
    """Shows a page of the list."""
    return _list(ask)


def add(ask: Ask) -> Response:
    """Adds the numbers that were typed, one on a line."""
    try:
        phones = _typed(ask)
        reason = ask.value("reason")
        refuse_unusable_reason(reason)
        added = add_numbers(ask.ledger, phones, reason=reason, source="page")
    except UsageError as error:
        return _list(ask, wrong="add", message=page_text(error.message))
    record_act(ask.ledger, who=ask.visitor.name, what="suppress", detail=counted(len(added), "number"))
    return _list(ask, outcome=added_outcome(added))


def check(ask: Ask) -> Response:
    """Says of one number whether it is on the list, and which calls to it are on their way."""
    try:
        [phone] = read_numbers([ask.value("number")], region=_region(ask))
    except UsageError as error:
        return _list(ask, wrong="check", message=page_text(error.message))
    entry = ask.ledger.read.suppression.of([phone], service=EVERYWHERE).get(phone)
    ahead = calls_by_number(ask.ledger, [phone]).get(phone, ())
    return _list(ask, outcome=checked_outcome(phone, entry, ahead))


def remove_form(ask: Ask) -> Response:
    """Asks which number may be called again, and why."""
    return _remove_form(ask, number=ask.query("number"))


def remove(ask: Ask) -> Response:
    """Takes a number off the list, or all that only rehearsals asked for."""
    reason = ask.value("reason")
    try:
        if ask.value("rehearsed"):
            what = counted(take_off_rehearsed(ask.ledger, reason=reason), "number") + " of rehearsals"
        else:
            what = f"…{take_off(ask.ledger, ask.value('number'), region=_region(ask), reason=reason)}"
    except UsageError as error:
        return _remove_form(ask, number=ask.value("number"), message=page_text(error.message))
    record_act(ask.ledger, who=ask.visitor.name, what="unsuppress", detail=what)
    return see_other("/never-call?removed=1")


def upload(ask: Ask) -> Response:
    """Takes a sheet in, and adds its numbers, or asks what it leaves open."""
    sheet = ask.form.get("sheet")
    if not isinstance(sheet, UploadFile) or not sheet.filename:
        return _list(ask, wrong="import", message="Choose a sheet first.")
    try:
        refuse_unusable_reason(ask.value("reason"))
        token = keep_list(ask.ledger, sheet.file, name=sheet.filename, most_bytes=ask.site.most_bytes)
    except UsageError as error:
        return _list(ask, wrong="import", message=page_text(error.message))
    return _imported(ask, token, name=shown_name(sheet.filename))


def import_again(ask: Ask) -> Response:
    """Imports the sheet that is kept, with what was asked."""
    return _imported(ask, ask.path("list"), name=shown_name(ask.value("name")))


def _imported(ask: Ask, token: str, *, name: str) -> Response:
    sheet = kept_list(ask.ledger, token)
    if sheet is None:
        raise PageError(HTTPStatus.NOT_FOUND, "That sheet is not kept any more: it was imported, or a day has passed.")
    made = tuple(
        (field.removeprefix(_CHOICE), value)
        for field, value in ask.form.multi_items()
        if field.startswith(_CHOICE) and isinstance(value, str) and value
    )
    column = ask.value("column")
    options = SaidOfList(
        name=name,
        column=int(column) if column.isdecimal() and len(column) < _LONGEST_PLACE else None,
        region=_region(ask),
        reason=ask.value("reason"),
        chosen=made,
    )
    shown: dict[str, Any] = {"token": token, "options": options, "undecided": None, "outcome": None, "message": ""}
    try:
        imported = import_list(ask.ledger, sheet, options, context=ask.site.around)
    except UsageError as error:
        return _import_page(ask, {**shown, "message": page_text(error.message)})
    if isinstance(imported, Undecided):
        return _import_page(ask, {**shown, "undecided": imported})
    detail = f"{counted(imported.added, 'number')} of a sheet"
    record_act(ask.ledger, who=ask.visitor.name, what="suppress", target=name, detail=detail)
    reasons = [page_text(problem.message) for problem in imported.problems]
    return ask.page("never_call/import.html.jinja", **{**shown, "outcome": import_outcome(imported, reasons)})


def _import_page(ask: Ask, shown: dict[str, Any]) -> Response:
    return ask.page("never_call/import.html.jinja", status=HTTPStatus.UNPROCESSABLE_ENTITY, **shown)


def _list(ask: Ask, *, wrong: str = "", message: str = "", outcome: Any = None) -> Response:
    suppression = ask.ledger.read.suppression
    before, removed = ask.query("before"), bool(ask.query("removed"))
    place = int(before) if before.isdecimal() and len(before) < _LONGEST_PLACE else None
    found = suppression.page(limit=PER_PAGE, before=place, removed=removed)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return ask.page(
        "never_call/list.html.jinja",
        status=status,
        entries=[entry_line(entry) for entry in found.entries],
        before=found.before,
        is_first=place is None,
        with_removed=removed,
        rehearsed=suppression.count_rehearsed() if place is None else 0,
        wrong=wrong,
        message=message,
        outcome=outcome,
        # What was typed stays typed where it was not taken.
        typed={name: ask.value(name) if wrong else "" for name in ("numbers", "number", "region", "reason")},
    )


def _remove_form(ask: Ask, *, number: str, message: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK
    return ask.page(
        "never_call/remove.html.jinja",
        status=status,
        number=number,
        reason=ask.value("reason"),
        region=ask.value("region"),
        rehearsed=bool(ask.query("rehearsed") or ask.value("rehearsed")),
        message=message,
    )


def _typed(ask: Ask) -> list[str]:
    lines = [line.strip() for line in ask.value("numbers").splitlines() if line.strip()]
    if not lines or len(lines) > MOST_NUMBERS:
        raise UsageError(f"write 1 to {MOST_NUMBERS:,} numbers, one on each line; longer lists are imported as a sheet")
    return read_numbers(lines, region=_region(ask))


def _region(ask: Ask) -> str | None:
    return ask.value("region").upper() or None
