"""The columns that the results add to the sheet's own, and a row's values under them."""

from collections.abc import Sequence

from campaign.model import ResultRow
from campaign.results.visible import visible

RESULT_COLUMNS = ("_row", "_status", "_id", "_error", "_attempts", "_phone", "_submitted_at", "_delayed_until")
"""They always come last, even after a sheet's own columns of the same names: the last `_status` is the true one."""

PROBLEM_COLUMN = "_problem"
"""The last column of a sheet of problems."""


def result_values(row: ResultRow) -> tuple[int | str | None, ...]:
    """One value for each of `RESULT_COLUMNS`."""
    return (
        row.number,
        row.status,
        row.call_id,
        # An error may quote a server's answer, and a server may answer anything.
        None if row.error is None else visible(row.error),
        row.attempts,
        row.phone,
        row.submitted_at,
        row.delayed_until,
    )


def values_under(row: ResultRow, *, columns: Sequence[str]) -> tuple[int | float | str | None, ...]:
    """One value for each of the columns."""
    return result_values(row)[: len(columns)]


def fitted(cells: tuple[str, ...], *, width: int) -> tuple[str, ...]:
    """Exactly `width` cells: one too few or too many would shift every result under the wrong heading."""
    return (*cells[:width], *("" for _ in range(width - len(cells))))
