"""Pages of a run's report, and its files: made beside the ledger, sent from there, and removed."""

import re
import tempfile
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from campaign.presentation.page.report_policy import report_policy
from campaign.usecases.reports import write_report
from campaign.usecases.serving.acts import record_act
from campaign.usecases.watching.problems import write_run_problems
from campaign.web.asking import Ask, PageError
from campaign.web.pages.runs.found import found_run

_FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl",
}
_PROBLEMS = "problems"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def report(ask: Ask) -> Response:
    """Shows the report in a frame of its own, and what can be downloaded."""
    record = found_run(ask)
    return ask.page("runs/report.html.jinja", name=record.name, may_download=ask.visitor.role == "operator")


def report_page(ask: Ask) -> Response:
    """The report, the same as the file: it holds no cell of the sheet, and of a number the last digits."""
    record = found_run(ask)
    path = _made(ask, lambda path: write_report(ask.ledger, record.name, path), ending="html")
    headers = {"content-security-policy": report_policy()}
    return FileResponse(path, media_type="text/html; charset=utf-8", headers=headers, background=_removal(path))


def download(ask: Ask) -> Response:
    """A file of the run's results; whole numbers are in it, so that viewers get none."""
    record, wanted = found_run(ask), ask.path("file")
    if ask.visitor.role != "operator":
        raise PageError(HTTPStatus.FORBIDDEN, "Files hold whole phone numbers; an operator can download them.")
    if wanted == _PROBLEMS:
        path = _made(ask, lambda path: write_run_problems(ask.ledger, record, path), ending="csv")
        kind, name = "csv", f"{record.name}.problems.csv"
    elif wanted in _FORMATS:
        path = _made(ask, lambda path: write_report(ask.ledger, record.name, path), ending=wanted)
        kind, name = wanted, f"{record.name}.results.{wanted}"
    else:
        raise PageError(HTTPStatus.NOT_FOUND, "There is no such file.")
    record_act(ask.ledger, who=ask.visitor.name, what="download", target=record.name, detail=wanted)
    return FileResponse(
        path, media_type=_FORMATS[kind], filename=_UNSAFE.sub("_", name), background=_removal(path)
    )  # fmt: skip


def _made(ask: Ask, write: Callable[[Path], Path], *, ending: str) -> Path:
    """Writes a file where only this user can read it."""
    folder = ask.site.around.home / "made"
    folder.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=f".{ending}", delete=False) as file:
        path = Path(file.name)
    path.unlink()
    try:
        return write(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _removal(path: Path) -> BackgroundTask:
    return BackgroundTask(path.unlink, missing_ok=True)


def remove_left(home: Path) -> Iterator[Path]:
    """Removes what a server that was killed had made and not sent."""
    for path in sorted((home / "made").glob("*")):
        path.unlink(missing_ok=True)
        yield path
