"""Runs as pages show them: counts with their share of a bar."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.domain.model import RowState
from campaign.domain.result_row import progress_of
from campaign.presentation.page.badge import Badge, service_badge
from campaign.usecases.reports import RunReport

BAR_WIDTH = 1_000.0


@dataclass(frozen=True, slots=True)
class Share:
    """The rows of a run that stand in one status.

    Attributes:
        status: as results show it.
        count: their number.
        x: where their part of the bar begins, of `BAR_WIDTH`.
        width: of that part.
    """

    status: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in one line of a list."""

    name: str
    sheet: str
    created_at: str
    badge: Badge
    rows: int
    shares: tuple[Share, ...]


def shares_of(counts: Mapping[RowState, int]) -> tuple[Share, ...]:
    """The parts of a run's bar, in the order of the results' statuses."""
    found, x = [], 0.0
    shown = list(progress_of(counts))
    total = sum(count for _, count in shown)
    for status, count in shown:
        width = BAR_WIDTH * count / total
        found.append(Share(status, count, round(x, 2), round(width, 2)))
        x += width
    return tuple(found)


def run_line(report: RunReport) -> RunLine:
    """The line of a run."""
    record, shares = report.record, shares_of(report.counts)
    return RunLine(
        name=record.name,
        sheet=record.sheet,
        created_at=record.created_at,
        badge=service_badge(record.service),
        rows=sum(share.count for share in shares),
        shares=shares,
    )
