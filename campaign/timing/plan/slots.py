"""Slots: gives each row its time to ring, so that calls keep their distance and every person's hours are kept.

    slots     |    |    |    |    |    |    |    |         a fixed distance apart; a slot is the first open row's
    New York  1    3    5    -    -    -    -    -         shut: its rows wait for the morning
    Denver                   2    4    6    7    8         and the others take the slots

One simulation for three uses: to plan a staggered run, to forecast, and to estimate the time left of a live run.
"""

import heapq
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from campaign.domain.instants import millis
from campaign.timing.hours.hours import Hours, Openings

Order = Literal["sheet", "zones"]
"""Whose turn it is among those who may be called: the sheet's next row, or each zone by its share."""
_MANY = 100_000


@dataclass(frozen=True, slots=True)
class WaitingSlot:
    """A row that waits for its slot.

    Attributes:
        row: the sheet's row number; rows come in the sheet's order.
        zones: where the person may be: at least one zone, if there are hours.
        hours: that hold for this row; None for any time.
        call_at: the row's own time, aware: it takes no slot, and rings at its first allowed moment from then on.
    """

    row: int
    zones: tuple[str, ...] = ()
    hours: Hours | None = None
    call_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """When a row's phone rings: UTC milliseconds, unique in its run; None if it may not ring within a year."""

    row: int
    zones: tuple[str, ...]
    at: int | None


@dataclass(frozen=True, slots=True)
class Spacing:
    """Minimum spacing of calls: `gap` milliseconds apart, and `lines` in parallel, each busy for `busy` ms."""

    gap: float
    lines: int = 1
    busy: float = 0.0


class Milliseconds:
    """Gives every row of a run its own millisecond: the one asked for, or the next free one.

    The same requests in the same order get the same answers: a plan that is made again is the same plan.
    """

    def __init__(self, taken: Iterable[int] = ()) -> None:
        """`taken` are in use already: the times of calls sent before a run was resumed."""
        self._following: dict[int, int] = {ms: ms + 1 for ms in taken}
        self._most = _MANY

    def take(self, ms: int) -> int:
        """Takes that millisecond, or the first free one after it."""
        passed = []
        while (following := self._following.get(ms)) is not None:
            passed.append(ms)
            ms = following
        for one in [*passed, ms]:
            self._following[one] = ms + 1
        return ms

    def tidy(self, *, before: int) -> None:
        """Frees the memory of what lies before that instant, if it is much: no row asks for it any more."""
        if len(self._following) > self._most:
            self._following = {ms: after for ms, after in self._following.items() if ms >= before}
            self._most = max(_MANY, 2 * len(self._following))


def line_up(
    rows: Iterable[WaitingSlot],
    *,
    begin: int,
    spacing: Spacing,
    order: Order = "sheet",
    jitter: Callable[[int], int] | None = None,
    taken: Iterable[int] = (),
) -> Iterator[Slot]:
    """Every row once, with its slot: rows with a time of their own first, then the others by slot, then those without.

    The slots depend on nothing but the arguments.

    Args:
        rows: all that wait, in the sheet's order; eight bytes of memory are needed for each.
        begin: the first slot, UTC milliseconds; never in the past.
        spacing: of all slots.
        order: whose turn it is.
        jitter: milliseconds to add for a row number; left out where they would lead out of the row's hours.
        taken: milliseconds that other calls of the run have.
    """
    own = Milliseconds(taken)
    queues, own_times = _queues(rows, order)
    for row in own_times:
        yield Slot(row.row, row.openings.zones, own_moment(max(row.at, begin), openings=row.openings, own=own))
    yield from _by_slots(queues, line=_Line(spacing, at=float(begin)), own=own, jitter=jitter or _none)


def own_moment(at: int, *, openings: Openings, own: Milliseconds) -> int | None:
    """Takes the first free open millisecond from that one on; None if there is none within a year."""
    while (opens := openings.next_ms(at)) is not None:
        at = own.take(opens)
        if openings.allowed_ms(at):
            return at
    return None


@dataclass(slots=True)
class _Queue:
    """The rows that share zones and hours, and how many of them have been called."""

    openings: Openings
    order: Order
    rows: "array[int]" = field(default_factory=lambda: array("q"))
    called: int = 0
    shuts: int = 0

    @property
    def turn(self) -> float:
        """Sort key, smaller is sooner. A zone's rows are spread evenly over the run, however many each zone has."""
        return self.rows[self.called] if self.order == "sheet" else (self.called + 0.5) / len(self.rows)


@dataclass(frozen=True, slots=True)
class _OwnTime:
    row: int
    at: int
    openings: Openings


@dataclass(slots=True)
class _Line:
    """The next free slot."""

    spacing: Spacing
    at: float
    begun: deque[float] = field(default_factory=deque)

    def step(self) -> None:
        """Takes the slot: the next one is a gap later, and not before a line is free."""
        self.begun.append(self.at)
        self.at += self.spacing.gap
        if len(self.begun) >= self.spacing.lines:
            self.at = max(self.at, self.begun.popleft() + self.spacing.busy)


def _queues(rows: Iterable[WaitingSlot], order: Order) -> tuple[list[_Queue], list[_OwnTime]]:
    queues: dict[tuple[tuple[str, ...], Hours | None], _Queue] = {}
    own_times = []
    for one in rows:
        key = (one.zones, one.hours)
        if key not in queues:
            queues[key] = _Queue(Openings(one.hours, one.zones), order)
        if one.call_at is None:
            queues[key].rows.append(one.row)
        else:
            own_times.append(_OwnTime(one.row, millis(one.call_at), queues[key].openings))
    return [queue for queue in queues.values() if queue.rows], sorted(own_times, key=lambda one: (one.at, one.row))


@dataclass(slots=True)
class _Board:
    """The queues by state: open now, closed for now, never open."""

    queues: list[_Queue]
    shut: list[tuple[float, int]]
    ready: list[tuple[float, int]] = field(default_factory=list)
    never: list[_Queue] = field(default_factory=list)

    def open_up(self, at: float) -> None:
        """Moves every queue whose time has come to the open ones."""
        while self.shut and self.shut[0][0] <= at:
            number = heapq.heappop(self.shut)[1]
            queue = self.queues[number]
            stretch = queue.openings.stretch_ms(int(at))
            if stretch is None:
                self.never.append(queue)
            elif stretch[0] <= at:
                queue.shuts = stretch[1]
                heapq.heappush(self.ready, (queue.turn, number))
            else:
                heapq.heappush(self.shut, (float(stretch[0]), number))

    def shut_first(self) -> None:
        """Closes the first queue for now."""
        number = heapq.heappop(self.ready)[1]
        heapq.heappush(self.shut, (float(self.queues[number].shuts), number))

    def call_first(self) -> None:
        """Gives the first queue its slot and sorts it in again with its next row."""
        number = self.ready[0][1]
        queue = self.queues[number]
        queue.called += 1
        if queue.called < len(queue.rows):
            heapq.heapreplace(self.ready, (queue.turn, number))
        else:
            heapq.heappop(self.ready)


def _by_slots(queues: list[_Queue], *, line: _Line, own: Milliseconds, jitter: Callable[[int], int]) -> Iterator[Slot]:
    board = _Board(queues, [(line.at, number) for number in range(len(queues))])
    while board.shut or board.ready:
        board.open_up(line.at)
        if board.ready:
            queue = queues[board.ready[0][1]]
            at = own.take(_jittered(int(line.at), queue, jitter)) if line.at < queue.shuts else queue.shuts
            if at >= queue.shuts:
                board.shut_first()
                continue
            yield Slot(queue.rows[queue.called], queue.openings.zones, at)
            board.call_first()
            line.step()
            own.tidy(before=int(line.at))
        elif board.shut:
            line.at = max(line.at, board.shut[0][0])
    for queue in board.never:
        yield from (Slot(row, queue.openings.zones, None) for row in queue.rows[queue.called :])


def _jittered(at: int, queue: _Queue, jitter: Callable[[int], int]) -> int:
    moved = at + jitter(queue.rows[queue.called])
    return moved if moved < queue.shuts else at


def _none(_row: int) -> int:
    return 0
