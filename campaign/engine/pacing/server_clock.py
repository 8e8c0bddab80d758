"""Server clock: how far AICaller's clock and ours are apart, by the answers of this dialling.

    answers --> the latest few --> the highest of their lower bounds --> our wall clock now --> seconds ahead

Kept by the event loop's clock of seconds, so that a wall clock that is set is noticed without another answer.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from campaign.aicaller.server_date import AnswerTime
from campaign.aicaller.wire.loop_clock import loop_clock
from campaign.domain.instants import MOST_APART_SECONDS

_ANSWERS_KEPT = 8
_ROUNDED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ClocksApart:
    """Both clocks at one moment, further apart than is borne."""

    ours: datetime
    theirs: datetime

    @property
    def text(self) -> str:
        """Both times, in one line."""
        return f"this machine's clock says {_shown(self.ours)}, and AICaller's {_shown(self.theirs)}"


class ServerClock:
    """AICaller's clock, as far as it is known. Made in the event loop that makes the calls.

    Attributes:
        answered: whether any answer has come.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` is our wall clock, aware."""
        self.answered = False
        self._now, self._seconds = now, loop_clock()
        # (AICaller's clock less the clock of seconds, at least; how much more it may be)
        self._bounds = deque[tuple[float, float]](maxlen=_ANSWERS_KEPT)

    def see(self, answer: AnswerTime) -> None:
        """Receives the time of an answer."""
        self.answered = True
        if answer.said is not None:
            lasted = answer.answered - answer.asked
            self._bounds.append((answer.said - answer.answered, lasted + _ROUNDED_SECONDS))

    def ahead(self) -> float | None:
        """Seconds by which AICaller's clock is ahead of ours, at least (negative: behind); None when nothing is known.

        0 when both may be right. A stale answer's Date only lies back, so the highest of several is the best.
        """
        if not self._bounds:
            return None
        least, slack = max(self._bounds)
        least += self._seconds() - self._now().timestamp()
        return max(least, 0.0) or min(least + slack, 0.0)

    def apart(self) -> ClocksApart | None:
        """Both clocks, when they are further apart than is borne."""
        ahead = self.ahead()
        if ahead is None or abs(ahead) <= MOST_APART_SECONDS:
            return None
        ours = self._now()
        return ClocksApart(ours, ours + timedelta(seconds=ahead))


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
