"""Call queue of a run with hours or times: rows in the order in which they may ring, without blocking a worker.

    zone New York    row 3, row 9, ...      open until 20:00     -> row 3 now, row 9 after it
    zone Denver      row 4, ...             opens at 15:00 UTC   -> not before that; New York's rows go first
    asked for 16:30  row 7                                       -> not before that

Of each zone key only a page of rows is in memory. The row is chosen at the moment its worker may send: one whose hours
ended while it waited for the pace goes back in line, and another one takes its place.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from campaign.config.run_plan import RunPlan
from campaign.domain.instants import MINUTE, from_text, instant_of, millis
from campaign.domain.model import Attempt, NotSent, Settled
from campaign.engine.queue.ports import NotYet
from campaign.engine.queue.timetable import zone_key_from
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.earlier_calls import said_in
from campaign.ledger.records.runs import RunRecord, WaitingRow
from campaign.ledger.records.timetable import TimedRow
from campaign.timing.hours.calling_hours import Ringing, ZoneKey
from campaign.timing.hours.hours import Openings
from campaign.timing.plan.slots import Milliseconds, own_moment
from campaign.timing.plan.stagger import NeverAllowed, RingAt, RingNow, Stagger, at_send, stagger_of

Compose = Callable[[WaitingRow, datetime | None], bytes]
"""Writes a row's request, with this `callDelayedUntil` or without one."""
_FEW = 500


@dataclass(slots=True)
class _QueuedRow:
    """A waiting row; it has its `attempt` once it has been taken."""

    row: WaitingRow
    due: int | None
    asked: bool
    line: "_ZoneQueue"
    attempt: Attempt | None = None


@dataclass(slots=True)
class _ZoneQueue:
    """The waiting rows of one zone key, either those with a time or those without."""

    place: ZoneKey
    openings: Openings
    rows: Iterator[TimedRow]
    back: list[tuple[tuple[int, int, int], _QueuedRow]] = field(default_factory=list)
    _head: _QueuedRow | None = None

    def head(self) -> _QueuedRow | None:
        """The first in line."""
        if self.back:
            return self.back[0][1]
        if self._head is None and (found := next(self.rows, None)) is not None:
            due = None if found.due is None else millis(from_text(found.due))
            self._head = _QueuedRow(found.row, due, found.asked, self)
        return self._head

    def take(self) -> _QueuedRow:
        """Takes the first in line."""
        entry = self.head()
        assert entry is not None  # noqa: S101 - the caller has looked at it before
        if self.back:
            heapq.heappop(self.back)
        else:
            self._head = None
        return entry


class CallQueue:
    """The rows of one run for the pool, and what may be sent at a moment (`engine.queue.ports.QueuePort`).

    Attributes:
        last_asked: the latest time that a row asks for and is kept until; None for none.
        left_over: whether rows stay pending since their time would come after `finish_by`, or never.
    """

    def __init__(  # noqa: PLR0913 - the parts that meet here
        self,
        ledger: Ledger,
        record: RunRecord,
        *,
        plan: RunPlan,
        ringing: Ringing,
        compose: Compose,
        now: Callable[[], datetime],
        from_round: int = 0,
        limit: int | None = None,
        waits: Callable[[datetime], None] | None = None,
    ) -> None:
        """`waits` is called, once for each time, with the instant before which no call is allowed."""
        self._waits, self._told = waits, 0
        self._compose, self._now, self._left = compose, now, limit
        self._delays = plan.delays
        self._finish_by = None if plan.finish_by is None else millis(plan.finish_by)
        self._lines = list[_ZoneQueue]()
        self._waiting = Counter[ZoneKey]()
        for text, rows, count in _rows_by_zone(ledger, record, from_round=from_round):
            place = zone_key_from(text)
            self._lines.append(_ZoneQueue(place, ringing.openings(place), rows))
            self._waiting[place] += count
        taken = ledger.read.timetable.taken_times(record.id) if self._delays else ()
        self._own = Milliseconds(millis(from_text(one)) for one in taken)
        stagger = stagger_of(plan) if not self._delays else None
        # Rows that a pause has made late go on at the plan's distance: a team could not answer them all at once.
        self._distance = (
            0 if stagger is None else _least_distance(stagger, ledger.read.timetable.count_entries(record.id))
        )
        self._not_before = 0
        self._out: dict[int, _QueuedRow] = {}
        asked = None if self._delays else ledger.read.timetable.last_asked(record.id)
        self.last_asked = None if asked is None else from_text(asked)
        self.left_over = False

    @property
    def waiting(self) -> Counter[ZoneKey]:
        """How many rows of each zone key are not settled yet."""
        return self._waiting

    def __iter__(self) -> "CallQueue":
        return self

    def __next__(self) -> Attempt | NotYet:
        """The next row to send, or when to ask again.

        Raises:
            StopIteration: none is left; one that is given back may come after that.
        """
        found = self._next(millis(self._now()))
        if found is None:
            raise StopIteration
        return found

    def next_to_send(self, attempt: Attempt) -> Attempt | NotYet:
        """See `QueuePort`: the row to send now, this one or another."""
        entry, now = self._out[attempt.row_id], self._now()
        entry.attempt = attempt
        if self._delays and not self._is_late(millis(now)):
            return self._delayed(entry, attempt, now)
        self._give_back(entry)
        found = self._next(millis(now))
        if isinstance(found, Attempt):
            entry = self._out[found.row_id]
            if entry.due is not None and not entry.asked:
                self._not_before = millis(now) + self._distance
            return self._composed_as(entry, found, None)
        return found or NotYet(now)

    def may_still_send(self, attempt: Attempt) -> bool:
        """See `QueuePort`."""
        now = self._now()
        if attempt.delayed_until is not None:
            return attempt.delayed_until > now
        return self._out[attempt.row_id].line.openings.allowed(now)

    def settled(self, settled: Settled) -> None:
        """See `QueuePort`."""
        if isinstance(settled.outcome, NotSent):
            return
        entry = self._out.pop(settled.attempt.row_id, None)
        if entry is not None:
            self._waiting[entry.line.place] -= 1

    def _next(self, now: int) -> Attempt | NotYet | None:
        ready = [(self._ready_at(entry, now), entry) for line in self._lines if (entry := line.head()) is not None]
        possible = [(at, entry) for at, entry in ready if at is not None and not self._is_late(max(at, now))]
        if not possible or self._left == 0:
            self.left_over = self.left_over or (bool(ready) and self._left != 0)
            return None
        due = [entry for at, entry in possible if at <= now]
        if not due:
            return self._wait_until(min(at for at, _ in possible), now)
        return self._taken(min(due, key=_order))

    def _ready_at(self, entry: _QueuedRow, now: int) -> int | None:
        """When the row may be taken: milliseconds, or None for never."""
        if self._delays:
            return now
        due = now if entry.due is None else entry.due
        if entry.due is not None and not entry.asked:
            due = max(due, self._not_before)
        return entry.line.openings.next_ms(max(due, now))

    def _wait_until(self, at: int, now: int) -> NotYet:
        if self._waits is not None and at - now > MINUTE and at != self._told:
            self._told = at
            self._waits(instant_of(at))
        return NotYet(instant_of(at))

    def _is_late(self, at: int) -> bool:
        return self._finish_by is not None and at >= self._finish_by

    def _taken(self, entry: _QueuedRow) -> Attempt:
        entry.line.take()
        if self._left is not None:
            self._left -= 1
        self._out[entry.row.id] = entry
        row = entry.row
        # The body is composed when it is sent: until then its time may change.
        return entry.attempt or Attempt(
            row_id=row.id,
            row_number=row.number,
            number=row.attempts + 1,
            phone=row.contact.phone,
            body=b"",
            waiting_as=row.state,
            said=said_in(row.contact),
        )

    def _give_back(self, entry: _QueuedRow) -> None:
        heapq.heappush(entry.line.back, (_order(entry), entry))
        self._out.pop(entry.row.id, None)
        if self._left is not None:
            self._left += 1

    def _delayed(self, entry: _QueuedRow, attempt: Attempt, now: datetime) -> Attempt | NotYet:
        due = entry.due
        if due is not None and attempt.number > 1:
            # An earlier attempt may have been sent with it, and no two are sent with the same.
            due = own_moment(due, openings=entry.line.openings, own=self._own)
        plan = None if due is None else instant_of(due)
        match at_send(plan, now=now, openings=entry.line.openings, own=self._own):
            case RingNow():
                return self._composed_as(entry, attempt, None)
            case RingAt(instant) if not self._is_late(millis(instant)):
                return self._composed_as(entry, attempt, instant)
            case RingAt() | NeverAllowed():
                self._out.pop(entry.row.id, None)
                self.left_over = True
                return NotYet(now)

    def _composed_as(self, entry: _QueuedRow, attempt: Attempt, until: datetime | None) -> Attempt:
        if attempt.body and attempt.delayed_until == until:
            return attempt
        return attempt._replace(body=self._compose(entry.row, until), delayed_until=until)


def _rows_by_zone(
    ledger: Ledger, record: RunRecord, *, from_round: int
) -> Iterator[tuple[str, Iterator[TimedRow], int]]:
    """The waiting rows of each zone key, those with a time apart: (zone key, its rows, how many)."""
    timetable = ledger.read.timetable
    counted = timetable.count_places(record.id, from_round=from_round)
    few = from_round > 0 and sum(count for _, _, count in counted) <= _FEW
    # A zone's page is sought among all of its rows, and of a run that is called again hardly any waits.
    found = timetable.rows_of_rerun(record.id, from_round=from_round) if few and counted else []
    for place, dated, count in counted:
        if few:
            here = [row for at, row in found if at == place and (row.due is not None) == dated]
            yield place, iter(here), len(here)
        else:
            yield place, timetable.rows_of_place(record.id, place, dated=dated, from_round=from_round), count


def _least_distance(stagger: Stagger, count: int) -> int:
    """Minimum milliseconds between two calls of the plan, whatever its jitter."""
    return max(0, int(stagger.gap(count)) - stagger.jitter // timedelta(milliseconds=1))


def _order(entry: _QueuedRow) -> tuple[int, int, int]:
    """Rows whose time has come first, then in the sheet's order."""
    return (1, 0, entry.row.id) if entry.due is None else (0, entry.due, entry.row.id)
