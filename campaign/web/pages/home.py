"""Page `/`: runs, newest first, those that go on moving by themselves; what is not launched yet; what comes next."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from campaign.presentation.page.runs.home_view import draft_line, schedule_lines_next
from campaign.presentation.page.runs.run_bar import run_line
from campaign.presentation.page.runs.run_words import idle_words, phase_words
from campaign.usecases.context import Ledger
from campaign.usecases.dialling.drafts import DraftState
from campaign.usecases.schedules import view_schedules
from campaign.usecases.serving.uploads import uploads_of
from campaign.usecases.watching.run import RunsPage, WatchedRun, watch_runs
from campaign.web.asking import Ask
from campaign.web.pages.runs.stream import streamed
from campaign.web.pages.runs.view import is_live
from campaign.web.site import Site


def home(ask: Ask) -> Response:
    """Shows the list, a page of it."""
    before = _number(ask.query("before"))
    page = watch_runs(ask.ledger, before=before)
    return ask.page(
        "runs/list.html.jinja",
        **list_values(ask.site, ask.ledger, page),
        before=before,
        drafts=_drafts(ask) if before is None else [],
        schedules=schedule_lines_next(view_schedules(ask.ledger)) if before is None else [],
    )


async def live(request: Request) -> Response:
    """Streams the list of runs, for as long as one of them moves."""
    before = _number(request.query_params.get("before", ""))

    def moving(site: Site, ledger: Ledger, *, is_viewer: bool) -> tuple[str, bool]:
        del is_viewer  # no number is in it
        values = list_values(site, ledger, watch_runs(ledger, before=before))
        return site.pages.text("runs/lines.html.jinja", values), values["is_live"]

    return await streamed(request, moving)


def list_values(site: Site, ledger: Ledger, page: RunsPage) -> dict[str, Any]:
    """What the list shows of its runs at this moment."""
    runs, moves = [], False
    for run in page.runs:
        live = is_live(site, run, ledger)
        moves = moves or live
        runs.append({"line": run_line(run.report), "now": _now_words(site, run, live=live), "is_live": live})
    return {"runs": runs, "after": page.after, "is_live": moves}


def _drafts(ask: Ask) -> list[Any]:
    find, found = ask.ledger.read.drafts.find, []
    for upload in uploads_of(ask.ledger):
        draft = find(upload.draft_token) if upload.draft_token else None
        # What became a run is listed as one.
        if draft is None or draft.state is not DraftState.PUBLISHED:
            found.append(draft_line(upload, draft))
    return found


def _now_words(site: Site, run: WatchedRun, *, live: bool) -> str:
    here = site.desk.snapshot(run.record.name)
    if here is not None and not here.is_over:
        return phase_words(here.phase, until=here.until, now=site.around.now(), waiting=run.waiting)
    if live:
        return "Another process works on it."
    return idle_words(waiting=run.waiting, begun=True, forgotten=run.forgotten)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004 - a row's id
