"""Pages of a run's report, and its files: made beside the ledger, sent from there, and removed."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from campaign.presentation.page.runs.report_policy import report_policy
from campaign.usecases.serving.acts import record_act
from campaign.usecases.watching.files import PROBLEMS
from campaign.web.asking import Ask, PageError
from campaign.web.making.maker import remove
from campaign.web.pages.runs.found import found_run

_FILES: Mapping[str, tuple[str, str]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "results.xlsx"),
    "csv": ("text/csv; charset=utf-8", "results.csv"),
    "json": ("application/json", "results.json"),
    "jsonl": ("application/jsonl", "results.jsonl"),
    PROBLEMS: ("text/csv; charset=utf-8", "problems.csv"),
}
"""What can be downloaded: its kind, and the end of its name. A run's name is safe in a file's name."""


_LONG_RUN = 20_000
"""Rows of a run whose report takes longer than a page may; it is made when it is asked for."""


def report(ask: Ask) -> Response:
    """Shows the report in a frame of its own, and what can be downloaded."""
    record = found_run(ask)
    rows = sum(ask.ledger.read.rows.count_states(record.id).values())
    may_download = ask.visitor.role == "operator"
    return ask.page(
        "runs/report.html.jinja", name=record.name, may_download=may_download, is_long=rows > _LONG_RUN
    )  # fmt: skip


def report_page(ask: Ask) -> Response:
    """The report, the same as the file: it holds no cell of the sheet, and of a number the last digits."""
    path = _made(ask, "html")
    headers = {"content-security-policy": report_policy()}
    return FileResponse(path, media_type="text/html; charset=utf-8", headers=headers, background=_removal(path))


def download(ask: Ask) -> Response:
    """A file of the run's results; whole numbers are in it, so that viewers get none."""
    record, what = found_run(ask), ask.path("file")
    if ask.visitor.role != "operator":
        raise PageError(HTTPStatus.FORBIDDEN, "Files hold whole phone numbers; an operator can download them.")
    if what not in _FILES:
        raise PageError(HTTPStatus.NOT_FOUND, "There is no such file.")
    kind, name = _FILES[what]
    path = _made(ask, what)
    record_act(ask.ledger, who=ask.visitor.name, what="download", target=record.name, detail=what)
    return FileResponse(path, media_type=kind, filename=f"{record.name}.{name}", background=_removal(path))


def _made(ask: Ask, what: str) -> Path:
    record = found_run(ask)
    rows = sum(ask.ledger.read.rows.count_states(record.id).values())
    return ask.site.maker.made(ask.ledger, record.name, what, rows=rows)


def _removal(path: Path) -> BackgroundTask:
    return BackgroundTask(remove, path)
