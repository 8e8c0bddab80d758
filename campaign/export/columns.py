"""Result columns: those that results add to the sheet's own, and a row's values for them."""

from collections.abc import Sequence

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.result_row import ResultRow
from campaign.export.printable import visible

RESULT_COLUMNS = ("_row", "_status", "_id", "_error", "_attempts", "_phone", "_submitted_at", "_delayed_until")
"""They always come last, even after a sheet's own columns of the same names: the last `_status` is the true one."""

OUTCOME_COLUMNS = ("_call_status", "_outcome", "_duration", "_recording_url")
"""They follow once the run's calls were looked at, and after them one for each value that was collected in a call."""

VALUE_PREFIX = "_result_"
"""Before the name under which AICaller collected a value: a column `_result_Confirmed`."""

PROBLEM_COLUMN = "_problem"
"""The last column of a sheet of problems."""


def columns_with(value_names: Sequence[str] | None) -> tuple[str, ...]:
    """The columns of a run's results.

    Args:
        value_names: the names of what was collected in the calls; None before any call was looked at.
    """
    if value_names is None:
        return RESULT_COLUMNS
    return (*RESULT_COLUMNS, *OUTCOME_COLUMNS, *(VALUE_PREFIX + name for name in value_names))


def values_under(row: ResultRow, *, columns: Sequence[str]) -> tuple[int | float | str | None, ...]:
    """One value for each of the columns from `columns_with`."""
    if len(columns) == len(RESULT_COLUMNS):
        return result_values(row)
    outcome = row.outcome
    collected = {VALUE_PREFIX + name: value for name, value in outcome.values} if outcome else {}
    return (
        *result_values(row),
        visible(outcome.status) or None if outcome else None,
        shown_outcome(outcome),
        _bare_number(outcome.duration) if outcome else None,
        outcome.recording_url if outcome else None,
        *(collected.get(column) for column in columns[len(RESULT_COLUMNS) + len(OUTCOME_COLUMNS) :]),
    )


def shown_outcome(outcome: CallOutcome | None) -> str | None:
    """The value of `_outcome`."""
    return visible(outcome.shown) if outcome and outcome.shown else None


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


def fitted(cells: tuple[str, ...], *, width: int) -> tuple[str, ...]:
    """Exactly `width` cells: one more or less would shift every result under the wrong heading."""
    return (*cells[:width], *("" for _ in range(width - len(cells))))


def _bare_number(seconds: float | None) -> int | float | None:
    return int(seconds) if seconds is not None and seconds.is_integer() else seconds
