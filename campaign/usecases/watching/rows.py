"""Use case rows: a page of a run's rows by status, and by a word or digits in them; never more than it says."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from campaign.domain.model import RowState
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.watching import RowGlance

__all__ = ["MOST_READ", "ROWS_ON_A_PAGE", "STATUSES", "RowGlance", "RowsPage", "rows_page"]

ROWS_ON_A_PAGE = 50
MOST_READ = 5_000
"""Rows that are gone through at most for one page of a search."""
_AT_ONCE = 2_000

STATUSES = ("created", "rejected", "unknown", "pending", "invalid", "skipped")
_STATES = {status: [state for state in RowState if state.shown == status] for status in STATUSES}


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of rows.

    Attributes:
        rows: in the sheet's order.
        after: the sheet's row after which the next page begins; None where there is none.
        read_to: of a search that was cut off, the last row that it went through; None where it was not.
    """

    rows: tuple[RowGlance, ...]
    after: int | None
    read_to: int | None = None


def rows_page(
    ledger: ReadableLedger,
    record: RunRecord,
    *,
    status: str | None,
    after: int,
    takes: Callable[[RowGlance], bool] | None = None,
    most_read: int = MOST_READ,
) -> RowsPage:
    """A page of the run's rows.

    Args:
        ledger: where the run is.
        record: the run.
        status: as results show it; None for all.
        after: the sheet's row after which it begins; 0 for the first page.
        takes: which rows are searched for; None for all.
        most_read: a search goes through so many rows at the most.
    """
    state = None if status is None else _STATES[status]
    if takes is None:
        found = ledger.read.runs.watch.rows(record.id, state=state, after=after, most=ROWS_ON_A_PAGE + 1)
        shown = tuple(found[:ROWS_ON_A_PAGE])
        return RowsPage(shown, shown[-1].number if len(found) > ROWS_ON_A_PAGE else None)
    rows, last, read = list[RowGlance](), after, 0
    at_once = min(_AT_ONCE, most_read)
    while read < most_read:
        page = ledger.read.runs.watch.rows(record.id, state=state, after=last, most=at_once)
        rows += islice((row for row in page if takes(row)), ROWS_ON_A_PAGE + 1 - len(rows))
        if len(rows) > ROWS_ON_A_PAGE:
            return RowsPage(tuple(rows[:ROWS_ON_A_PAGE]), rows[ROWS_ON_A_PAGE - 1].number)
        if len(page) < at_once:
            return RowsPage(tuple(rows), None)
        last, read = page[-1].number, read + len(page)
    return RowsPage(tuple(rows), last, read_to=last)
