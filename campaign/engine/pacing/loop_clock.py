"""The running event loop's own clock, bound once: to look for the loop at every reading costs ten times the reading."""

from collections.abc import Callable

import anyio
import anyio.lowlevel


def loop_clock() -> Callable[[], float]:
    """`anyio.current_time`, in seconds, for the event loop that runs now."""
    # Asyncio's loop tells the time itself; trio's token does not.
    own: Callable[[], float] | None = getattr(anyio.lowlevel.current_token().native_token, "time", None)
    return own or anyio.current_time
