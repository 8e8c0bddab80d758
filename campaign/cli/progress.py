"""Progress display of a run on stderr: a bar on a terminal, elsewhere a plain line every few seconds."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self

from tqdm import tqdm

from campaign.cli.output import tell
from campaign.domain.model import ClaimRefused, Created, NotSent, Rejected, Settled, Unknown
from campaign.presentation.dial_events import pace_line
from campaign.presentation.masking import masked_phone, masked_text
from campaign.presentation.wording import lasting, local_time, visible_line
from campaign.timing.pace import PaceChange

_PLAIN_EVERY_SECONDS = 5.0
# The bar's own estimate uses the rate so far, which is wrong for a run that waits for the morning.
_BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}, {rate_fmt}{postfix}]"
_WORDS = {Created: "created", Rejected: "failed", Unknown: "unknown", ClaimRefused: "skipped", NotSent: "waiting"}


class Progress:
    """Counts the events of a run and shows them."""

    def __init__(
        self,
        *,
        total: int,
        quiet: bool,
        verbose: bool,
        left: Callable[[], timedelta | None],
        say: Callable[[str], None] = tell,
    ) -> None:
        """`left` returns how long the rest will take; it is called every few seconds. `say` shows a plain line."""
        self._say = say
        self._counts: Counter[str] = Counter()
        self._total, self._quiet, self._verbose = total, quiet, verbose
        self._began = self._shown_at = time.monotonic()
        self._last_wait = ""
        self._until: datetime | None = None
        terminal = sys.stderr.isatty() and not quiet and total > 0
        self._ask_left, self._left, self._left_at = left, "", float("-inf")
        bar = partial(tqdm, total=total, unit=" calls", file=sys.stderr, dynamic_ncols=True, bar_format=_BAR)
        self._bar = bar() if terminal else None

    @property
    def has_bar(self) -> bool:
        """Whether a bar is drawn, which other lines would break."""
        return self._bar is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
        elif not self._quiet and self._total:
            self.say(self._line())

    def on_event(self, event: Settled | PaceChange) -> None:
        """Shows an ending, or a change of pace."""
        if isinstance(event, PaceChange):
            self.say(pace_line(event))
        else:
            self.record(event)

    def record(self, settled: Settled) -> None:
        """Counts and shows one ending."""
        outcome = settled.outcome
        word = _WORDS[type(outcome)]
        if self._verbose:
            reason = f": {outcome.call_id}" if isinstance(outcome, Created) else f": {masked_text(outcome.reason)}"
            self.say(f"row {settled.attempt.row_number} {masked_phone(settled.attempt.phone)} {word}{reason}")
        if isinstance(outcome, NotSent):
            self._waits(outcome)
            return
        self._counts[word] += 1
        self._until = None
        self._show()

    def wait_until(self, until: datetime, *, now: datetime) -> None:
        """Counts down in the bar to the instant before which no call is allowed; the next ending ends that."""
        self._until = until
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Shows how long it still waits; call it once a second. By the wall clock: a machine may have slept."""
        if self._bar is None or self._until is None:
            return
        wait = (self._until - now).total_seconds()
        then = local_time(self._until, pattern="%a %H:%M %Z")
        self._bar.set_postfix_str(f"{self._tally()}, nobody before {then}: in {lasting(max(wait, 0))}", refresh=True)

    def say(self, line: str) -> None:
        """Shows a line above the bar, which stays whole."""
        if self._quiet:
            return
        if self._bar is not None:
            self._bar.write(visible_line(line), file=sys.stderr)
        else:
            self._say(line)

    def _waits(self, outcome: NotSent) -> None:
        # Once for each kind of trouble: eight workers meet the same 429.
        if outcome.reason != self._last_wait and not self._verbose:
            self._last_wait = outcome.reason
            self.say(f"waiting: {masked_text(outcome.reason)}")

    def _show(self) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(self._tally() + self._time_left(), refresh=False)
            self._bar.update()
        elif time.monotonic() - self._shown_at >= _PLAIN_EVERY_SECONDS:
            self._shown_at = time.monotonic()
            self.say(self._line())

    def _line(self) -> str:
        done = self._counts.total()
        seconds = max(time.monotonic() - self._began, 1e-9)
        return f"{done} of {self._total} rows, {done / seconds:.1f}/s: {self._tally()}{self._time_left()}"

    def _time_left(self) -> str:
        if time.monotonic() - self._left_at >= _PLAIN_EVERY_SECONDS:
            self._left_at = time.monotonic()
            left = self._ask_left()
            self._left = f", about {lasting(left.total_seconds())} left" if left else ""
        return self._left if self._counts.total() < self._total else ""

    def _tally(self) -> str:
        words = ["created", "failed", "unknown"] + (["skipped"] if self._counts["skipped"] else [])
        return ", ".join(f"{self._counts[word]} {word}" for word in words)
