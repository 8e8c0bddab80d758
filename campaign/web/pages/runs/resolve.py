"""Pages of a run's lost answers: looked up in AICaller's list, or settled by a person's word."""

from http import HTTPStatus

from starlette.responses import Response

from campaign.domain.model import RowState
from campaign.presentation.page.runs.lost_answers import lost_answers
from campaign.presentation.page.runs.run_view import mask_of
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.runs.found import found_run

_MOST_ROWS = 10_000


def resolve(ask: Ask) -> Response:
    """Shows the lost answers, and what the last look-up found."""
    record = found_run(ask)
    look_up = ask.site.look_ups.of(record.name)
    mask = mask_of(is_viewer=ask.visitor.role != "operator")
    return ask.page(
        "runs/resolve.html.jinja",
        name=record.name,
        unknown=ask.ledger.read.rows.count_states(record.id).get(RowState.UNKNOWN, 0),
        goes_on=look_up is not None and look_up.goes_on,
        trouble=None if look_up is None or look_up.trouble is None else mask(look_up.trouble),
        found=None if look_up is None or look_up.resolved is None else lost_answers(look_up.resolved, mask=mask),
        not_called=() if look_up is None else look_up.not_called,
    )


def look_up(ask: Ask) -> Response:
    """Begins a look-up."""
    record = found_run(ask)
    ask.site.look_ups.begin(record.name, not_called=set(), who=ask.visitor.name)
    return see_other(f"/runs/{record.name}/resolve")


def not_called(ask: Ask) -> Response:
    """Takes a person's word that nobody was called in these rows; they are looked up once more before."""
    record = found_run(ask)
    rows = {int(text) for text in ask.values("row") if text.isascii() and text.isdigit() and len(text) < 10}  # noqa: PLR2004 - a row of a sheet
    if not rows or len(rows) > _MOST_ROWS:
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, "Tick the rows that were not called; nothing was changed.")
    if ask.value("sure") != "yes":
        text = "Tick that you are sure that nobody called them; nothing was changed."
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, text)
    ask.site.look_ups.begin(record.name, not_called=rows, who=ask.visitor.name)
    return see_other(f"/runs/{record.name}/resolve")
