"""Runs blocking work in a thread with its own event loop: the same for scripts, notebooks and async code.

    caller's thread or loop                      the work's own thread
    ----------------------                       ---------------------
    events <------------------------------------ what happens
    interrupted, or cancelled: stop.ask() -----> no new call; those in flight end and are recorded
    result <------------------------------------ how it ended

No signal handler is set: Python raises KeyboardInterrupt where the caller waits, and the caller's own handlers stay.
"""

import asyncio
import contextlib
import contextvars
import inspect
import queue
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

import anyio

from campaign.api.error_text import worded_errors
from campaign.api.events import Event
from campaign.usecases.dialling.ready_run import StopRequest

P = ParamSpec("P")
T = TypeVar("T")
Tell = Callable[[Event], None]

# On Windows an endless wait cannot be interrupted; a wait of this many seconds can.
_NAP_SECONDS = 0.5


class _End(Enum):
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Work(Generic[T]):
    """Unit of work for the thread.

    Attributes:
        do: does the work, in any thread; receives the stop request, and emits events.
        on_event: receives the events, in the caller's thread; None to drop them.
    """

    do: Callable[[StopRequest, Tell], T]
    on_event: Tell | None = None


def blocking(plan: Callable[P, Work[T]], *, name: str) -> Callable[P, T]:
    """Makes a function that does the work of `plan` and blocks until it is done, also where an event loop runs."""

    @wraps(plan)
    def function(*args: P.args, **kwargs: P.kwargs) -> T:
        with worded_errors():
            return _waited(plan(*args, **kwargs))

    _called(function, name, plan)
    return function


def awaiting(plan: Callable[P, Work[T]], *, name: str) -> Callable[P, Coroutine[Any, Any, T]]:
    """Makes a coroutine function that does the work of `plan`; the event loop is not blocked."""

    @wraps(plan)
    async def function(*args: P.args, **kwargs: P.kwargs) -> T:
        with worded_errors():
            return await _awaited(plan(*args, **kwargs))

    _called(function, name, plan)
    return function


class _Running(Generic[T]):
    """Running work in its thread; `put` receives each event, and then the end."""

    def __init__(self, work: Work[T], put: Callable[[Event | _End], None]) -> None:
        self.stop, self.result = StopRequest(), Future[T]()
        self._work, self._put = work, put

    def start(self) -> None:
        """Starts the thread, a daemon: an early exit leaves its calls to the next start, as a crash does."""
        thread = threading.Thread(
            target=contextvars.copy_context().run, args=(self._run,), name="campaign", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:
            # The system has no thread left, and nothing has begun.
            self._put(_End.REACHED)
            raise

    def _run(self) -> None:
        try:
            self.result.set_result(self._work.do(self.stop, self._tell))
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is wanted
            self.result.set_exception(error)
        finally:
            self._put(_End.REACHED)

    def _tell(self, event: Event) -> None:
        if self._work.on_event is not None:
            self._put(event)


def _waited(work: Work[T]) -> T:
    events = queue.SimpleQueue[Event | _End]()
    running = _Running(work, events.put)
    try:
        running.start()
        while not isinstance(event := _next(events), _End):
            if work.on_event is not None:
                work.on_event(event)
    except BaseException:
        # Interrupted, or the callback failed. Interrupted once more, this is left at once.
        running.stop.ask()
        while not isinstance(_next(events), _End):
            pass
        raise
    return running.result.result()


def _next(events: "queue.SimpleQueue[Event | _End]") -> Event | _End:
    while True:
        with contextlib.suppress(queue.Empty):
            return events.get(timeout=_NAP_SECONDS)


async def _awaited(work: Work[T]) -> T:
    loop, events = asyncio.get_running_loop(), asyncio.Queue[Event | _End]()

    def put(event: Event | _End) -> None:
        # A loop that was abandoned is closed, and no caller waits for the event.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(events.put_nowait, event)

    running = _Running(work, put)
    try:
        running.start()
        while not isinstance(event := await events.get(), _End):
            if work.on_event is not None:
                work.on_event(event)
    except BaseException:
        running.stop.ask()
        with anyio.CancelScope(shield=True):
            while not isinstance(await events.get(), _End):
                pass
        raise
    return running.result.result()


def _called(function: Callable[..., object], name: str, plan: Callable[..., object]) -> None:
    """Gives the function its public name, and its real return type."""
    function.__name__ = function.__qualname__ = name
    function.__module__ = "campaign"
    signature = inspect.signature(plan)
    [returned] = signature.return_annotation.__args__
    function.__dict__["__signature__"] = signature.replace(return_annotation=returned)
    function.__annotations__ = {**plan.__annotations__, "return": returned}
