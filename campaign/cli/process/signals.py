"""Signals: the first stops the run gracefully, the second exits at once."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import anyio

from campaign.cli.output import tell

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@dataclass(slots=True)
class Stopping:
    """Which signal came first, if any; that signal sets `event`."""

    event: anyio.Event
    signal_number: int | None = None

    @property
    def exit_code(self) -> int | None:
        """130 for an interrupt, 143 for others, None without a signal."""
        if self.signal_number is None:
            return None
        return 130 if self.signal_number == signal.SIGINT else 143


@contextmanager
def stopping_on_signals(*, word: str) -> Iterator[Stopping]:
    """Handles signals during the block, and prints `word` at the first; enter it inside the event loop.

    Plain handlers, not the loop's own: Windows' loop has none. Python runs them between two instructions of the main
    thread, so they only leave a note, and wake the loop the way a thread would.
    """
    stopping = Stopping(anyio.Event())
    loop = asyncio.get_running_loop()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stopping.signal_number is not None:
            # The calls on their way are in the ledger as claimed: the next start makes them unknown.
            os._exit(128 + number)
        stopping.signal_number = number
        tell("")
        tell(f"campaign: {word}")
        loop.call_soon_threadsafe(stopping.event.set)

    before = {number: signal.signal(number, handle) for number in _numbers()}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _numbers() -> list[signal.Signals]:
    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    # A signal that the parent process set to be ignored (nohup does so with the hang-up) stays ignored.
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
