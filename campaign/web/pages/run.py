"""Page of a run: live while it is dialled; stop and resume."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import anyio
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from campaign.presentation.page.runs import run_line
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.reports import RunReport
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.guard.visitor import visitor_of
from campaign.web.site import Site

_SECONDS_BETWEEN_LOOKS = 0.5
_HEARTBEAT_SECONDS = 15


def run(ask: Ask) -> Response:
    """Shows the run."""
    name = ask.path("run")
    values = live_values(ask.site, found_report(ask.ledger, name))
    return ask.page("runs/run.html.jinja", **values)


def stop(ask: Ask) -> Response:
    """Stops the run."""
    name = ask.path("run")
    found_report(ask.ledger, name)
    ask.site.desk.stop(ask.ledger, name, who=ask.visitor.name)
    record_act(ask.ledger, who=ask.visitor.name, what="stop", target=name)
    return see_other(f"/runs/{name}")


def resume(ask: Ask) -> Response:
    """Goes on with the run."""
    name = ask.path("run")
    found_report(ask.ledger, name)
    ask.site.desk.dial(ask.ledger, name, OrderedDialling(), who=ask.visitor.name)
    record_act(ask.ledger, who=ask.visitor.name, what="resume", target=name)
    return see_other(f"/runs/{name}")


async def live(request: Request) -> Response:
    """Streams the part of the page that moves: at once, whenever it has changed, and `end` when it is over."""
    site: Site = request.app.state.site
    name = str(request.path_params["run"])
    if not await run_in_threadpool(_may_see, site, request):
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    return EventSourceResponse(_events(site, name), ping=_HEARTBEAT_SECONDS)


def found_report(ledger: Ledger, name: str) -> RunReport:
    """The run's counts.

    Raises:
        PageError: there is no such run.
    """
    record = ledger.read.runs.find(name)
    if record is None:
        raise PageError(HTTPStatus.NOT_FOUND, f"There is no run {name!r}.")
    return RunReport(record, counts=ledger.read.rows.count_states(record.id))


def live_values(site: Site, report: RunReport) -> dict[str, Any]:
    """What the page shows of a run at this moment."""
    live = site.desk.snapshot(report.record.name)
    return {"run": run_line(report), "live": live, "is_live": live is not None and not live.is_over}


async def _events(site: Site, name: str) -> AsyncIterator[dict[str, str]]:
    shown = None
    while True:
        html, goes_on = await run_in_threadpool(_moving, site, name)
        if html != shown:
            shown = html
            yield {"data": html}
        if not goes_on:
            yield {"event": "end", "data": "-"}
            return
        await anyio.sleep(_SECONDS_BETWEEN_LOOKS)


def _moving(site: Site, name: str) -> tuple[str, bool]:
    with opened_ledger(site.around) as ledger:
        values = live_values(site, found_report(ledger, name))
    return site.pages.text("runs/live.html.jinja", values), bool(values["is_live"])


def _may_see(site: Site, request: Request) -> bool:
    with opened_ledger(site.around) as ledger:
        return visitor_of(ledger, request, binding=site.binding) is not None
