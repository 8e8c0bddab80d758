"""Jobs of the writer: work that is queued, and the receipt by which its result is awaited."""

import threading
from collections.abc import Generator
from typing import Any, Generic, TypeVar

import anyio

from campaign.ledger.writes.group_work import Work

T = TypeVar("T")


class Job:
    """A job: work, and its `ending` (result or error), valid once `done`, which is set last.

    The waiting side waits for `event`: a thread for a thread's event, an event loop for that loop's.
    """

    __slots__ = ("done", "ending", "event", "work")

    def __init__(self, work: Work, *, event: anyio.Event | threading.Event) -> None:
        self.work, self.event = work, event
        self.done, self.ending = False, None

    def result(self) -> Any:
        """What became of the work; raises what kept it from being done."""
        if isinstance(self.ending, BaseException):
            raise self.ending
        return self.ending


class CommitReceipt(Generic[T]):
    """Receipt for queued work: awaiting it returns what stands in the ledger."""

    __slots__ = ("_job",)

    def __init__(self, job: Job) -> None:
        self._job = job

    @property
    def done(self) -> bool:
        """Whether the work is committed or has failed, so that awaiting it returns at once."""
        return self._job.done

    def result(self) -> T:
        """What an await returns; valid only when `done`."""
        result: T = self._job.result()
        return result

    def __await__(self) -> Generator[Any, Any, T]:
        """See the port `Receipt`."""
        if not self._job.done:
            event = self._job.event
            assert isinstance(event, anyio.Event)  # noqa: S101 - receipts are for event loops only
            yield from event.wait().__await__()
        return self.result()
