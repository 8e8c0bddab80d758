"""How a run ended, as one number: the same for whoever started it by hand, and for a schedule's record."""

from campaign.domain.model import RowState
from campaign.engine.dial_run import RunEnd


def exit_code_of(end: RunEnd, *, signalled: int | None, limited: bool) -> int:
    """The exit code of the command line's contract.

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
