"""Page of a run: live while somebody dials it; stop, resume, another pace."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from campaign.domain.errors import CampaignError, TemplateError, UnansweredError, UsageError
from campaign.presentation.cures.page import page_text
from campaign.usecases.context import Ledger
from campaign.usecases.dialling.pace import change_pace, run_pace
from campaign.usecases.dialling.ready_run import PlanSaid
from campaign.usecases.dialling.resume_run import plan_of_rest
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling
from campaign.web.asking import Ask, see_other
from campaign.web.pages.runs.found import found_run
from campaign.web.pages.runs.stream import streamed
from campaign.web.pages.runs.view import run_view
from campaign.web.site import Site

_FASTEST, _MOST_IN_FLIGHT = 1000.0, 1000


def run(ask: Ask) -> Response:
    """Shows the run."""
    name = found_run(ask).name
    view = run_view(ask.site, ask.ledger, name, is_viewer=ask.visitor.role != "operator")
    return ask.page("runs/run.html.jinja", name=name, view=view, pace=run_pace(ask.ledger, name).plan)


async def live(request: Request) -> Response:
    """Streams the part of the page that moves: at once, whenever it has changed, and `end` when it is over."""
    name = str(request.path_params["run"])

    def moving(site: Site, ledger: Ledger, *, is_viewer: bool) -> tuple[str, bool]:
        view = run_view(site, ledger, name, is_viewer=is_viewer)
        return site.pages.text("runs/live.html.jinja", {"name": name, "view": view}), view.is_live

    return await streamed(request, moving)


def stop(ask: Ask) -> Response:
    """Stops the run, or its following."""
    name = found_run(ask).name
    ask.site.desk.stop(ask.ledger, name, who=ask.visitor.name)
    record_act(ask.ledger, who=ask.visitor.name, what="stop", target=name)
    return see_other(f"/runs/{name}")


def resume(ask: Ask) -> Response:
    """Goes on with the run; where its template was changed since, the plan is asked for first."""
    name = found_run(ask).name
    ordered = OrderedDialling(plan=plan_said(ask), trust_clock=ask.value("clock") == "trust")
    try:
        ask.site.desk.dial(ask.ledger, name, ordered, who=ask.visitor.name)
    except (UnansweredError, TemplateError):
        return see_other(f"/runs/{name}/plan")
    record_act(ask.ledger, who=ask.visitor.name, what="resume", target=name, detail=_said(ordered))
    return see_other(f"/runs/{name}")


def plan_said(ask: Ask) -> PlanSaid | None:
    """Which plan holds, as the form says."""
    match ask.value("plan"):
        case "new":
            return "new"
        case "old":
            return "old"
        case _:
            return None


def plan(ask: Ask) -> Response:
    """Asks which plan holds for the rest of the run, with what differs."""
    name = found_run(ask).name
    return ask.page("runs/plan.html.jinja", name=name, **plan_values(ask, name))


def plan_values(ask: Ask, name: str) -> Mapping[str, Any]:
    """What differs between the run's plan and its template now; or why that cannot be said."""
    try:
        choice = plan_of_rest(ask.ledger, name, template=None, said=None)
    except CampaignError as error:
        return {"differences": (), "notice": page_text(error.message), "unreadable": True}
    return {"differences": choice.differences, "notice": choice.notice, "unreadable": False}


def pace(ask: Ask) -> Response:
    """Changes the pace of the run: it holds at once."""
    name = found_run(ask).name
    rate = _number(ask.value("rate"), what="calls a second", most=_FASTEST)
    in_flight = _number(ask.value("in_flight"), what="calls on their way at once", most=_MOST_IN_FLIGHT)
    if rate is None and in_flight is None:
        raise UsageError("say how many calls a second, or how many on their way at once")
    if in_flight is not None and in_flight != int(in_flight):
        raise UsageError("calls on their way at once are a whole number")
    whole = None if in_flight is None else int(in_flight)
    changed = change_pace(ask.ledger, name, rate=rate, max_in_flight=whole).plan
    detail = f"{changed.calls_per_second:g} calls a second, at most {changed.max_in_flight} on their way"
    record_act(ask.ledger, who=ask.visitor.name, what="pace", target=name, detail=detail)
    return see_other(f"/runs/{name}")


def _number(text: str, *, what: str, most: float) -> float | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = 0.0
    if not 0 < number <= most:
        raise UsageError(f"{what}: {text!r} is no number above 0 and up to {most:g}")
    return number


def _said(ordered: OrderedDialling) -> str:
    words = [f"by the {ordered.plan} plan"] if ordered.plan else []
    return ", ".join([*words, *(["the clock is trusted"] if ordered.trust_clock else [])])
