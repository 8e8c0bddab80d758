"""Writes the rows that cannot be called to a sheet of problems: each cell unchanged, and the row's problem.

What was refused must not become callable by being written into another file: a row whose fault lies in how it stood in
its sheet, and not in a cell's text, is read again only after its owner has emptied its `_problem`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from campaign.domain.cures import Setting, Wording
from campaign.domain.errors import UsageError
from campaign.domain.model import Invalid, Screened
from campaign.export.overwrite_guard import occupied_by, refuse_foreign, shown
from campaign.export.problems import refuse_other_format, write_problems
from campaign.intake.files.own_results import UNTIL_EMPTIED


@dataclass(frozen=True, slots=True)
class ProblemSheet:
    """Target of the sheet of problems: its path, and the wording of the problems."""

    path: Path
    wording: Wording


def refuse_problems_file(path: Path, sheet: Path) -> None:
    """Refuses a path at which a sheet of problems would be lost, or would replace something.

    An earlier sheet of problems counts: it may hold corrections.

    Raises:
        UsageError: one line that names the file and what to do.
    """
    refuse_other_format(path)
    if path.exists() and sheet.exists() and path.samefile(sheet):
        raise UsageError(
            Setting.PROBLEMS, f" {shown(path)} is the sheet itself, and would be replaced; name another file"
        )
    if (taken := occupied_by(path)) is not None or (path.is_file() and path.stat().st_size):
        what = taken or "is there already, and may hold your corrections"
        raise UsageError(Setting.PROBLEMS, f" {shown(path)}: {what}; name another file, or move it away")
    refuse_foreign(path)


def write_bad_rows(problems: ProblemSheet, *, header: tuple[str, ...], rows: Iterator[Screened]) -> Path | None:
    """Writes the invalid rows; returns the path really written, or None, and no file, when none is invalid.

    Raises:
        UsageError: the file cannot be written; what was there still is.
    """
    bad = (
        _bad_row(header, one, one.verdict, wording=problems.wording) for one in rows if isinstance(one.verdict, Invalid)
    )
    first = next(bad, None)
    return None if first is None else write_problems(problems.path, header=header, rows=chain([first], bad))


def _bad_row(
    header: tuple[str, ...], one: Screened, verdict: Invalid, *, wording: Wording
) -> tuple[tuple[str, ...], str]:
    """Returns the row's cells, and its problem in words."""
    text = wording(verdict.message)
    return one.row.cells, f"{UNTIL_EMPTIED}{text}" if _is_more_than_text(header, one, verdict) else text


def _is_more_than_text(header: tuple[str, ...], one: Screened, verdict: Invalid) -> bool:
    """Whether text alone would hide why the row was refused: a formula's missing value is a blank."""
    columns = {problem.column for problem in verdict.problems}
    return one.row.damage is not None or any(header[index] in columns for index, _ in one.row.marks)
