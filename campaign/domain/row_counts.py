"""How many rows of a run stand where, as people read it."""

from collections.abc import Iterator, Mapping

from campaign.domain.model import (
    RowState,
)


def progress_of(counts: Mapping[RowState, int]) -> Iterator[tuple[str, int]]:
    """The counts as people read them, in the order of the results' statuses; empty ones left out."""
    shown = ("created", "rejected", "unknown", "pending", "invalid", "skipped")
    for status in shown:
        total = sum(count for state, count in counts.items() if state.shown == status)
        if total:
            yield status, total
