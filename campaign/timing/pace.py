"""Pace: at which instant the next call may leave, and not before."""

# Calls leave a commit of the ledger after their slot, and commits take unequal time. One percent of slack keeps
# that jitter from ever pushing rate + 2 calls into one second, at the price of one percent of the rate.
_GUARD = 1.01


class Pacer:
    """Hands out instants, evenly spaced: `1 / calls_per_second` apart, and a guard of one percent.

    No burst is ever saved up: a slot that nobody took is gone. Instants are seconds of whatever clock the caller uses.
    """

    def __init__(self, calls_per_second: float, *, not_before: float = 0.0) -> None:
        """`not_before` is the first instant that may be handed out, to keep the pace over a restart."""
        self.interval = _GUARD / calls_per_second
        self._next = not_before

    def reserve(self, now: float) -> float:
        """The instant, now or later, at which this call may leave; it is nobody else's."""
        slot = max(now, self._next)
        self._next = slot + self.interval
        return slot

    def hold(self, until: float) -> None:
        """Hands out nothing before that instant; slots that were handed out already are the caller's to give up."""
        self._next = max(self._next, until)
