"""Circuit breaker: decides after each outcome whether the run goes on, pauses as a whole, or stops with a reason.

Prevents wasting a sheet on a problem that hits every call. A problem of one row (a refused number) never stops a run;
one that would hit every row does, as early as it can be recognised.
"""

from collections import deque
from dataclasses import dataclass, field

from campaign.domain.model import Cause, Created, NotSent, Outcome, Rejected, Unknown
from campaign.domain.stop import Stop, StopCode
from campaign.timing.backoff import LONGEST_TRYING_SECONDS, MOST_TRIES, backoff

UNKNOWN_IN_A_ROW = 3
UNKNOWN_OF_LAST = (5, 50)
NOT_FOUND_IN_A_ROW = 3
LIMITED_IN_A_ROW = 3
"""So many 429s without an accepted call between them make a pause where the server names none; fewer slow down only."""
LONGEST_WAIT_SECONDS = 3600.0
CLOCK_JUMP_SECONDS = 10.0
_NOT_FOUND = 404
_CURES = {
    Cause.CONNECT: ("see that this machine reaches AICaller",),
    Cause.NAME: ("see that this machine has a network, and that AICALLER_BASE_URL is right",),
    Cause.TLS: (
        "see this machine's date, that AICALLER_BASE_URL is right, and that no box on the way opens TLS connections",
    ),
}
_ACCOUNT_CURES = {
    401: ("AICaller refuses the key, the team or the template", "see that AICALLER_API_KEY holds a valid key"),
    402: ("AICaller asks to be paid", "settle the account's plan or balance at AICaller"),
    403: (
        "AICaller refuses the key, the team or the template",
        "see that the key may use this team_id and call_template_id",
    ),
    404: ("AICaller does not find the team or the template", "correct team_id or call_template_id"),
}
"""Status -> what is the matter with the account, and what cures it."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """No action."""


@dataclass(frozen=True, slots=True)
class Pause:
    """No worker sends before `until` (seconds of the pool's clock)."""

    until: float
    why: str


Decision = GoOn | Pause | Stop


@dataclass(slots=True)
class CircuitBreaker:
    """Receives every outcome of a run, in the order in which they occur.

    Attributes:
        created_before: whether any call of this run was created before; a 404 is the row's own then.
    """

    created_before: bool = False
    _unknown_row: int = 0
    _recent: deque[bool] = field(default_factory=lambda: deque(maxlen=UNKNOWN_OF_LAST[1]))
    _not_found_row: int = 0
    _ids_again: int = 0
    _rounds: int = 0
    _limited_row: int = 0
    _trouble_since: float = 0.0
    _paused_until: float = float("-inf")
    _clocks: tuple[float, float] | None = None

    def as_seen(self, outcome: Outcome) -> Outcome:
        """The outcome in view of the run: a 404 of the first rows is the template's, and no row is rejected for it."""
        if not isinstance(outcome, Rejected) or outcome.status != _NOT_FOUND:
            return outcome
        if self.created_before and self._not_found_row + 1 < NOT_FOUND_IN_A_ROW:
            return outcome
        return NotSent(Cause.ACCOUNT, reason=outcome.reason, status=outcome.status, proved=outcome.proved)

    def record(self, outcome: Outcome, *, sent_at: float, now: float, chance: float) -> Decision:
        """Records an outcome; returns the decision after it.

        Args:
            outcome: the outcome, from `as_seen`.
            sent_at: when its attempt was claimed, seconds of the pool's clock.
            now: the same clock.
            chance: a random number, 0 <= chance < 1, for the jitter of a pause.
        """
        match outcome:
            case NotSent():
                return self._after_nothing_sent(outcome, sent_at=sent_at, now=now, chance=chance)
            case Unknown():
                self._rounds, self._limited_row = 0, 0
                return self._after_unknown(outcome)
            case Rejected():
                self._settled()
                self._not_found_row = self._not_found_row + 1 if outcome.status == _NOT_FOUND else 0
                return GoOn()
            case Created():
                self._settled()
                self._not_found_row, self.created_before = 0, True
                return GoOn()

    def record_repeated_id(self, outcome: Unknown) -> Decision:
        """Records that a call, first recorded as created, has another call's id; returns the decision after it.

        Never an accident of one answer, so the few that are borne need not come in a row.
        """
        self._ids_again += 1
        if self._ids_again < UNKNOWN_IN_A_ROW:
            return GoOn()
        return Stop(StopCode.TROUBLE, f"{self._ids_again} ids came a second time; the last: {outcome.reason}")

    def checks_clocks(self, *, wall: float, monotonic: float) -> Decision:
        """Stops a run whose machine slept, or whose clock was set: its planned times no longer hold."""
        before, self._clocks = self._clocks, (wall, monotonic)
        if before is None:
            return GoOn()
        jump = (wall - before[0]) - (monotonic - before[1])
        if abs(jump) <= CLOCK_JUMP_SECONDS:
            return GoOn()
        return Stop(StopCode.TROUBLE, f"the clock jumped by {jump:.0f} seconds (did this machine sleep?)")

    def forget_clocks(self) -> None:
        """Lets the next check of the clocks be the first: no call was on its way, or about to be, since the last."""
        self._clocks = None

    def _settled(self) -> None:
        self._unknown_row, self._rounds, self._limited_row = 0, 0, 0
        self._recent.append(False)

    def _after_unknown(self, outcome: Unknown) -> Decision:
        self._unknown_row += 1
        self._recent.append(True)
        if outcome.status is not None and 300 <= outcome.status <= 399:  # noqa: PLR2004 - the range of redirects
            return Stop(StopCode.TROUBLE, f"AICaller's address redirects elsewhere ({outcome.reason}); check it")
        if self._unknown_row >= UNKNOWN_IN_A_ROW:
            return Stop(StopCode.TROUBLE, f"{self._unknown_row} answers in a row were lost; the last: {outcome.reason}")
        most, of = UNKNOWN_OF_LAST
        if sum(self._recent) >= most:
            return Stop(StopCode.TROUBLE, f"{most} of the last {of} answers were lost; the last: {outcome.reason}")
        return GoOn()

    def _after_nothing_sent(self, outcome: NotSent, *, sent_at: float, now: float, chance: float) -> Decision:
        if outcome.cause in (Cause.STOPPED, Cause.LATE) or self._slows_down_only(outcome, sent_at=sent_at):
            return GoOn()
        if outcome.cause is Cause.ACCOUNT:
            return _refused(outcome)
        if outcome.cause in (Cause.NAME, Cause.TLS, Cause.LOCAL):
            return Stop(StopCode.TROUBLE, with_cure(outcome))
        if outcome.retry_after is not None and outcome.retry_after > LONGEST_WAIT_SECONDS:
            return Stop(StopCode.TROUBLE, f"{outcome.reason} for {outcome.retry_after:.0f} seconds; go on after that")
        # Calls that left together fail together: they are one round of trouble, not eight.
        if sent_at >= self._paused_until:
            self._rounds += 1
            self._trouble_since = now if self._rounds == 1 else self._trouble_since
        if self._rounds >= MOST_TRIES or now - self._trouble_since >= LONGEST_TRYING_SECONDS:
            return Stop(StopCode.TROUBLE, with_cure(outcome, f"given up after {self._rounds} tries"))
        # Retry-After is the minimum: a server that keeps saying 0 is still given time.
        wait = max(outcome.retry_after or 0.0, 0.0 if outcome.retry_after else backoff(self._rounds, chance=chance))
        self._paused_until = max(self._paused_until, now + wait)
        return Pause(until=self._paused_until, why=outcome.reason)

    def _slows_down_only(self, outcome: NotSent, *, sent_at: float) -> bool:
        """Whether a 429 that names no time is left to the account's rate, which answers it, and pauses nobody."""
        if outcome.cause is not Cause.LIMITED or outcome.retry_after:
            return False
        self._limited_row += 1
        # Calls that left before a pause are answered by that pause.
        return self._limited_row < LIMITED_IN_A_ROW or sent_at < self._paused_until


def with_cure(outcome: NotSent, *more: str) -> str:
    """Why nothing could be sent, and what cures it, in one line."""
    return "; ".join([outcome.reason, *more, *_CURES.get(outcome.cause, ())])


def _refused(outcome: NotSent) -> Stop:
    """The stop for a refusal that every row would meet."""
    what, cure = _ACCOUNT_CURES.get(outcome.status or 0, _ACCOUNT_CURES[403])
    if not outcome.proved and outcome.status != _NOT_FOUND:
        cure += ", and that no proxy or web filter on the way refuses"
    return Stop(StopCode.REFUSED, f"{what} ({outcome.reason}): {cure}")
