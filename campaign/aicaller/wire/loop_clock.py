"""Clock of the running event loop, bound once: looking up the loop at every reading costs ten times the reading."""

from collections.abc import Callable

import anyio
import anyio.lowlevel


def loop_clock() -> Callable[[], float]:
    """`anyio.current_time`, in seconds, bound to the running event loop."""
    # Asyncio's loop tells the time itself; trio's token does not.
    own: Callable[[], float] | None = getattr(anyio.lowlevel.current_token().native_token, "time", None)
    return own or anyio.current_time
