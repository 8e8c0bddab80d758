"""Addresses of the pages of runs."""

from collections.abc import Sequence

from starlette.routing import Route

from campaign.web.asking import Handler, page
from campaign.web.pages import home
from campaign.web.pages.runs import ending, report, rerun, resolve, rows, run

_RUN = "/runs/{run}"


def run_routes(*, most_form_bytes: int) -> Sequence[Route]:
    """All of them; forms are at most so large."""

    def form(address: str, handler: Handler) -> Route:
        return Route(f"{_RUN}{address}", page(handler), methods=["POST"], max_body_size=most_form_bytes)

    return [
        Route("/live", home.live),
        Route(_RUN, page(run.run)),
        Route(f"{_RUN}/live", run.live),
        form("/stop", run.stop),
        form("/resume", run.resume),
        Route(f"{_RUN}/plan", page(run.plan)),
        form("/pace", run.pace),
        Route(f"{_RUN}/rows", page(rows.rows)),
        Route(f"{_RUN}/rows/{{number}}", page(rows.row)),
        Route(f"{_RUN}/rerun", page(rerun.choose)),
        form("/rerun", rerun.drafted),
        Route(f"{_RUN}/rerun/{{draft}}", page(rerun.preview)),
        form("/rerun/{draft}", rerun.launched),
        form("/rerun/{draft}/discard", rerun.discarded),
        Route(f"{_RUN}/resolve", page(resolve.resolve)),
        form("/resolve", resolve.look_up),
        form("/not-called", resolve.not_called),
        Route(f"{_RUN}/report", page(report.report)),
        Route(f"{_RUN}/report.html", page(report.report_page)),
        Route(f"{_RUN}/files/{{file}}", page(report.download)),
        Route(f"{_RUN}/cancel", page(ending.cancel)),
        form("/cancel", ending.cancelled),
        Route(f"{_RUN}/forget", page(ending.forget)),
        form("/forget", ending.forgotten),
    ]
