"""Page `/`: all runs, newest first, and what is not launched yet."""

from starlette.responses import Response

from campaign.presentation.page.runs import run_line
from campaign.usecases.reports import report_all
from campaign.usecases.serving.uploads import uploads_of
from campaign.web.asking import Ask


def home(ask: Ask) -> Response:
    """Shows the list."""
    runs = [run_line(report) for report in reversed(report_all(ask.ledger))]
    return ask.page("runs/list.html.jinja", runs=runs, uploads=uploads_of(ask.ledger))
