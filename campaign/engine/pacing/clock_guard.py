"""Clock guard: nobody is called by a clock that AICaller's contradicts.

before the first answer: one call at a time
the first answer that says a time: apart? --> the run stops
later ones: apart? --> a pause; AICaller is asked again and again --> right again? --> the run goes on
"""

from collections.abc import Awaitable, Callable

import anyio

from campaign.aicaller.wire.loop_clock import loop_clock
from campaign.domain.stop import Stop, StopCode
from campaign.engine.pacing.circuit_breaker import Decision, GoOn, Pause
from campaign.engine.pacing.server_clock import ClocksApart, ServerClock

ASK_EVERY_SECONDS = 10.0
_PAUSE_SECONDS = 15.0


class ClockGuard:
    """Watches the clocks during one dialling. Made in the event loop that makes the calls."""

    def __init__(
        self,
        clock: ServerClock,
        *,
        trusted: bool,
        ask: Callable[[], Awaitable[None]],
        on_change: Callable[[ClocksApart | None], None],
    ) -> None:
        """A guard.

        Args:
            clock: gets the times of the answers.
            trusted: our clock is taken for right, whatever AICaller's says.
            ask: has AICaller give an answer, without a call.
            on_change: gets both clocks when they part while the calls are made, and None when they agree again.
        """
        self._clock, self._trusted, self._ask, self._on_change = clock, trusted, ask, on_change
        self._agreed = clock.ahead() is not None and clock.apart() is None
        self._parted, self._seconds = anyio.Event(), loop_clock()

    def check(self) -> Decision:
        """The decision before the next call."""
        apart = None if self._trusted else self._clock.apart()
        if apart is None:
            self._agreed = self._agreed or self._clock.ahead() is not None
            return GoOn()
        if not self._agreed:
            return Stop(StopCode.TROUBLE, f"{apart.text}; set this machine's clock right")
        self._parted.set()
        return Pause(until=self._seconds() + _PAUSE_SECONDS, why=apart.text)

    def at_most(self, max_in_flight: int) -> int:
        """So many calls at once: one until AICaller has answered anything."""
        return max_in_flight if self._clock.answered or self._trusted else 1

    async def run(self, *, stop: anyio.Event) -> None:
        """Asks AICaller again while the clocks are apart, until `stop` is set."""
        while not stop.is_set():
            await _first_of(self._parted, stop)
            if stop.is_set() or (apart := self._clock.apart()) is None:
                self._parted = anyio.Event()
                continue
            self._on_change(apart)
            while not stop.is_set() and self._clock.apart() is not None:
                with anyio.move_on_after(ASK_EVERY_SECONDS):
                    await stop.wait()
                if not stop.is_set():
                    await self._ask()
            self._parted = anyio.Event()
            if not stop.is_set():
                self._on_change(None)


async def _first_of(*events: anyio.Event) -> None:
    async with anyio.create_task_group() as tasks:

        async def wait(event: anyio.Event) -> None:
            await event.wait()
            tasks.cancel_scope.cancel()

        for event in events:
            tasks.start_soon(wait, event)
