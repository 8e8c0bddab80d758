"""PostgreSQL on paper: a clock of events, a disk whose flushes commits share, and the lock of the pace row.

The times are fitted to what was measured on PostgreSQL 15 with fsync, on a busy machine of two cores (pgbench, simple
statements without triggers, a claim and an ending as two commits); `tests/project/test_shared_ledger.py` compares.
"""

import heapq
from collections.abc import Callable

from campaign.timing.account_rate import AccountPace

FLUSH_SECONDS = 0.0009
"""Of one WAL flush, however many commits share it: fitted to pgbench (one row updated: 936 commits/s of one client)."""
WORK_SECONDS = 0.00033
"""Of the server for a claim or an ending besides: fitted to pgbench (346, 835, 1,390 calls/s of 1, 8, 40 clients)."""
STATEMENT_SECONDS = 0.0001
"""Of a statement on the pace row: what is left of pgbench's 1.07 ms."""


class Events:
    """The clock, and what happens next; of two things at one time the first that was planned."""

    def __init__(self) -> None:
        self.now, self._heap, self._count = 0.0, list[tuple[float, int, Callable[[], None]]](), 0

    def at(self, when: float, then: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._heap, (max(when, self.now), self._count, then))

    def run(self, until: float) -> None:
        while self._heap and self._heap[0][0] <= until:
            self.now, _, then = heapq.heappop(self._heap)
            then()


class Disk:
    """Flushes the WAL, one flush at a time; who comes meanwhile shares the next one."""

    def __init__(self, events: Events, *, flush: float = FLUSH_SECONDS, faster: float = 1.0) -> None:
        self._events, self._flush_seconds, self._faster = events, flush, faster
        self._waiting, self._busy = list[tuple[float, Callable[[], None]]](), False
        self.commits = self.flushes = 0
        self.busy_seconds = 0.0

    def commit(self, work_seconds: float, then: Callable[[], None]) -> None:
        self._waiting.append((work_seconds, then))
        if not self._busy:
            self._flush()

    def _flush(self) -> None:
        group, self._waiting, self._busy = self._waiting, [], True
        takes = self._flush_seconds + sum(seconds for seconds, _ in group) / self._faster
        self.commits += len(group)
        self.flushes += 1
        self.busy_seconds += takes

        def flushed() -> None:
            self._busy = False
            for _, then in group:
                then()
            if self._waiting and not self._busy:
                self._flush()

        self._events.at(self._events.now + takes, flushed)


class PaceRow:
    """A row's lock: FOR SHARE joins others at once, also past a FOR UPDATE that waits; who waits is served in turn."""

    def __init__(self, events: Events) -> None:
        self._events, self.pace = events, AccountPace()
        self._shared, self._changing, self._since = 0, False, 0.0
        self._queue = list[tuple[bool, float, Callable[[], None]]]()
        self.changed_seconds = 0.0
        self.waits = list[float]()

    def take(self, *, change: bool, then: Callable[[], None]) -> None:
        self._queue.append((change, self._events.now, then))
        if not change and not self._changing:
            self._grant(len(self._queue) - 1)
        self._serve()

    def release(self, *, change: bool) -> None:
        if change:
            self._changing, self.changed_seconds = False, self.changed_seconds + self._events.now - self._since
        else:
            self._shared -= 1
        self._serve()

    def _serve(self) -> None:
        while self._queue and not self._changing and not (self._queue[0][0] and self._shared):
            self._grant(0)

    def _grant(self, index: int) -> None:
        change, since, then = self._queue.pop(index)
        if change:
            self._changing, self._since = True, self._events.now
            self.waits.append(self._events.now - since)
        else:
            self._shared += 1
        self._events.at(self._events.now, then)


def commits_per_second(clients: int, *, row: bool, seconds: float = 5.0) -> float:
    """Of so many clients that do nothing else: each updates one row that all of them lock, or claims and ends calls."""
    events = Events()
    disk, lock = Disk(events), PaceRow(events)

    def begin() -> None:
        if row:
            lock.take(change=True, then=lambda: events.at(events.now + STATEMENT_SECONDS, lambda: disk.commit(0, end)))
        else:
            events.at(events.now + STATEMENT_SECONDS, lambda: disk.commit(WORK_SECONDS, end))

    def end() -> None:
        if row:
            lock.release(change=True)
        begin()

    for _ in range(clients):
        begin()
    events.run(until=seconds)
    return disk.commits / seconds
