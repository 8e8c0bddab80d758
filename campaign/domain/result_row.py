"""Rows as people read them: a row as results, workbook and report show it, and the counts by their statuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.model import RowState
from campaign.domain.skip_reason import SkipReason


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row as the results show it. Times are UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`, or None.

    `outcome` is the outcome of the call `call_id`; for a row that waits for another call, of the previous one.
    `skip_reason` is the code of a skipped row's `error`; older versions stored none.
    """

    number: int
    cells: tuple[str, ...]
    status: str
    call_id: str | None = None
    error: str | None = None
    attempts: int = 0
    phone: str | None = None
    submitted_at: str | None = None
    delayed_until: str | None = None
    outcome: CallOutcome | None = None
    skip_reason: SkipReason | None = None


def progress_of(counts: Mapping[RowState, int]) -> Iterator[tuple[str, int]]:
    """The counts by status, in the order of the results' statuses; zero counts are left out."""
    shown = ("created", "rejected", "unknown", "pending", "invalid", "skipped")
    for status in shown:
        total = sum(count for state, count in counts.items() if state.shown == status)
        if total:
            yield status, total
