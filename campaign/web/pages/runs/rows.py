"""Pages of a run's rows: by status, searched, and one row's whole story."""

from urllib.parse import urlencode

from starlette.responses import Response

from campaign.presentation.page.runs.row_lines import row_line, search_for
from campaign.presentation.page.runs.run_bar import shares_of
from campaign.presentation.page.runs.run_view import mask_of
from campaign.presentation.page.runs.run_words import MEANT_ON_PAGES
from campaign.presentation.row_history import story_lines
from campaign.usecases.watching.explain_row import why
from campaign.usecases.watching.rows import MOST_READ, STATUSES, rows_page
from campaign.web.asking import Ask
from campaign.web.pages.runs.found import found_run

_LONGEST_SEARCH = 100


def rows(ask: Ask) -> Response:
    """Shows a page of rows."""
    record = found_run(ask)
    is_viewer = ask.visitor.role != "operator"
    mask = mask_of(is_viewer=is_viewer)
    status = ask.query("status") if ask.query("status") in STATUSES else None
    searched = ask.query("q")[:_LONGEST_SEARCH]
    takes = search_for(searched, is_viewer=is_viewer, mask=mask)
    page = rows_page(ask.ledger, record, status=status, after=_number(ask.query("after")), takes=takes)
    query = {"status": status or "", "q": searched}
    return ask.page(
        "runs/rows.html.jinja",
        name=record.name,
        lines=[row_line(row, is_viewer=is_viewer, mask=mask) for row in page.rows],
        shares=shares_of(ask.ledger.read.rows.count_states(record.id)),
        shown=status,
        searched=searched,
        read_to=page.read_to,
        most_read=MOST_READ,
        next=None if page.after is None else f"?{urlencode({**query, 'after': page.after})}",
        is_first=_number(ask.query("after")) == 0,
    )


def row(ask: Ask) -> Response:
    """Shows why a row stands where it stands."""
    record = found_run(ask)
    number = _number(ask.path("number"))
    story = why(ask.ledger, record.name, number)
    mask = mask_of(is_viewer=ask.visitor.role != "operator")
    head, *lines = story_lines(story, mask=mask, meant=MEANT_ON_PAGES)
    return ask.page(
        "runs/row.html.jinja", name=record.name, number=number, shown=story.history.state.shown, head=head, lines=lines
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - a sheet's row
