"""Counts of a run's rows by status, as people read them."""

from collections.abc import Iterator, Mapping

from campaign.domain.model import RowState


def progress_of(counts: Mapping[RowState, int]) -> Iterator[tuple[str, int]]:
    """The counts by status, in the order of the results' statuses; zero counts are left out."""
    shown = ("created", "rejected", "unknown", "pending", "invalid", "skipped")
    for status in shown:
        total = sum(count for state, count in counts.items() if state.shown == status)
        if total:
            yield status, total
