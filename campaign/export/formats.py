"""File formats of results: chooses the writer by the file's extension."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from campaign.domain.cures import Setting
from campaign.domain.cures.runs import let_results_be_csv
from campaign.domain.errors import UsageError
from campaign.domain.result_row import ResultRow
from campaign.export.about import About
from campaign.export.csv import write_results
from campaign.export.json_rows import write_json, write_json_lines
from campaign.export.overwrite_guard import shown


class ResultsWriter(Protocol):
    """Port of a results writer: writes a whole results file."""

    def __call__(
        self, path: Path, *, header: Sequence[str], rows: Iterable[ResultRow], columns: Sequence[str] = ...
    ) -> Path:
        """Returns the path actually written; UsageError if none can be. `columns` are those of `columns_with`."""


def _workbook(path: Path, **given: Any) -> Path:
    from campaign.export.xlsx import write_workbook  # noqa: PLC0415 - start-up: this pays for xlsxwriter

    return write_workbook(path, **given)


def _html(path: Path, **given: Any) -> Path:
    from campaign.export.html.page import write_html  # noqa: PLC0415 - start-up: only a report pays for its plots

    return write_html(path, **given)


_WRITERS: dict[str, ResultsWriter] = {
    ".csv": write_results,
    ".json": write_json,
    ".jsonl": write_json_lines,
}
_TELLING: dict[str, Callable[..., Path]] = {".xlsx": _workbook, ".html": _html}
"""Those that say more than the rows: they take `about` as well."""

ENDINGS = (*_WRITERS, *_TELLING)


def writer_for(path: Path, *, about: About | None = None) -> ResultsWriter:
    """The writer for the file's extension, in any case; `about` is the run, for formats that show it.

    Raises:
        UsageError: there is none for it.
    """
    ending = path.suffix.lower()
    if ending in _TELLING:
        return partial(_TELLING[ending], about=about)
    writer = _WRITERS.get(ending)
    if writer is None:
        known = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        raise UsageError(
            f"results file {shown(path)}: no results are written in this format; let its name end in {known}"
        )
    return writer


def refuse_growing(path: Path) -> None:
    """Refuses a path whose extension means a format that cannot grow during a run.

    Raises:
        UsageError: it does.
    """
    if path.suffix.lower() in {*_WRITERS, *_TELLING} - {".csv"}:
        raise UsageError(
            Setting.RESULTS,
            f" {shown(path)}: the file that grows while a run goes on is CSV",
            cure=let_results_be_csv(path=shown(path)),
        )
