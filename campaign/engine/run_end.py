"""Run end: how a dialling ended, and its exit code, for a person and for a schedule's record."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.domain.cures import Message
from campaign.domain.model import RowState
from campaign.domain.stop import Stop


@dataclass(frozen=True, slots=True)
class DialingEnd:
    """How a dialling ended.

    Attributes:
        counts: the run's rows by status, now.
        stop: why the run stopped itself, if it did.
        results: the results file, or None if it could not be written.
        trouble: what is wrong with the results file, if anything.
        lost: endings that the ledger could not take and the emergency journal neither.
    """

    counts: Mapping[RowState, int]
    stop: Stop | None
    results: Path | None
    trouble: Message | None
    lost: tuple[str, ...]


def exit_code_of(end: DialingEnd, *, signalled: int | None, limited: bool) -> int:
    """The exit code in the command line's contract.

    Args:
        end: how the dialling ended.
        signalled: the exit code of the signal that stopped it, if one did.
        limited: whether rows were left on purpose.
    """
    waiting = any(count for state, count in end.counts.items() if state.shown == RowState.PENDING)
    if end.lost:
        return 5
    if end.stop is not None:
        return int(end.stop.code)
    if waiting and signalled is not None and not limited:
        return signalled
    failed = end.counts.get(RowState.REJECTED, 0) + end.counts.get(RowState.UNKNOWN, 0)
    return 1 if failed else 0
