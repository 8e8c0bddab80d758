"""Runs on paper: workers that wait for slots, a writer that commits in groups, the program's own `hand_out`.

slots -> claims, endings, requests for slots -> a run's writer -> [pace row] -> WAL flush -> call -> ending
"""

from collections import deque
from dataclasses import dataclass, field
from random import Random

from campaign.timing.account_rate import Demand, SlotRange, hand_out
from tests.bench.ledger_on_paper import FLUSH_SECONDS, STATEMENT_SECONDS, WORK_SECONDS, Disk, Events, PaceRow

WRITER_SECONDS = 0.00025
"""Of a run's own process for a claim or an ending: the program's 715 to 939 calls/s with 50 in flight."""
ROUND_TRIP_SECONDS = 0.0003
"""Between a worker and the server: a guess for one building."""
TRIPS, TRIPS_OF_CLAIMS, TRIPS_OF_ENDINGS = 2, 5, 3
"""Counted in the code: of a group (BEGIN, and the ways to its lock and from its commit); of claims besides (numbers'
locks, fence, three executemany); of endings (three). Those under the row's lock are counted in `_Group`."""
ENDING_WAITS_SECONDS, LEAD_SECONDS = 0.003, 0.25
"""So long an ending waits for a claim (`Writer.endings_wait`); so long ahead a span is asked for (`LEAD_SECONDS`)."""
ANSWER_SECONDS = 0.3, 0.7
"""AICaller's answer takes from so long to so long: a guess."""


@dataclass(frozen=True)
class Case:
    """What is asked: calls a second of all runs; `faster` is the server beside the measured one; times in seconds."""

    rate: float
    runs: int = 40
    accounts: int = 40
    in_flight: int = 50
    faster: float = 1.0
    flush: float = FLUSH_SECONDS
    away: float = ROUND_TRIP_SECONDS
    answer: tuple[float, float] = ANSWER_SECONDS
    seconds: float = 8.0


@dataclass
class Run:
    """A run: workers that wait for slots, and a writer that commits what has come meanwhile as one group."""

    case: Case
    events: Events
    disk: Disk
    row: PaceRow
    random: Random
    free: int = 0
    slots: deque[float] = field(default_factory=deque)
    claims: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    endings: int = 0
    requests: int = 0
    writer_seconds: float = 0.0
    _request: bool = False
    _asking: bool = False
    _writing: bool = False
    _last: float = 0.0
    _not_before: float = 0.0

    def ask(self) -> None:
        """Requests a span for the workers that have no slot, shortly before it is needed."""
        if self._asking or self.free <= len(self.slots):
            return
        self._asking = True

        def request() -> None:
            self._request = True
            self.write()

        self.events.at(max(self._last - LEAD_SECONDS, self._not_before), request)

    def write(self) -> None:
        """Begins the next group, if there is one to write and none on its way."""
        if self._writing or not (self.claims or self.endings or self._request):
            return
        group = _Group(self, self.claims, len(self.claims) + self.endings, asks=self._request)
        self.claims, self.endings, self._request, self._writing = [], 0, False, True
        trips = TRIPS + TRIPS_OF_CLAIMS * bool(group.claims) + TRIPS_OF_ENDINGS * (group.works > len(group.claims))
        apart = trips * self.case.away + group.works * WRITER_SECONDS
        self.writer_seconds += apart
        self.events.at(self.events.now + apart, group.worked)

    def committed(self, claims: list[float], spans: list[SlotRange], *, asked: bool) -> None:
        """A group is committed: its calls leave, its slots can be used, and the next one begins."""
        self._writing = False
        for since in claims:
            self.waits.append(self.events.now - since)
            self.events.at(self.events.now + self.random.uniform(*self.case.answer), self._answered)
        for span in spans:
            self._use(span)
        if asked:
            self._asking = False
            self.ask()
        self.write()

    def handed_out(self) -> list[SlotRange]:
        self.requests += 1
        now, together = self.events.now, self.case.runs // self.case.accounts
        demand = Demand(max(1, self.free - len(self.slots)), None if together > 1 else self._last)
        interval = self.case.accounts / self.case.rate
        before = max(now, self._last + interval if self._last else 0.0)
        self.row.pace, given = hand_out(self.row.pace, now=now, interval=interval, not_before=before, demand=demand)
        if isinstance(given, SlotRange):
            self._last = given.last
            return [given]
        self._not_before = given.at
        return []

    def _use(self, span: SlotRange) -> None:
        for number in range(round((span.last - span.first) / span.step) + 1):
            self.slots.append(span.first + number * span.step)
            self.events.at(self.slots[-1], self._due)

    def _due(self) -> None:
        slot = self.slots.popleft()
        if self.free:
            self.free -= 1
            self.claims.append(slot)
            self.write()

    def _answered(self) -> None:
        self.free += 1
        self.endings += 1
        self.events.at(self.events.now + ENDING_WAITS_SECONDS, self.write)
        self.ask()


@dataclass
class _Group:
    """What is committed together: claims, endings, a request for slots; the pace row is locked until the commit."""

    run: Run
    claims: list[float]
    works: int
    asks: bool
    spans: list[SlotRange] = field(default_factory=list)

    def worked(self) -> None:
        """The claims and endings are written; the row comes last."""
        if self.asks or self.claims:
            self.run.row.take(change=self.asks, then=self._locked)
        else:
            self._commit()

    def _locked(self) -> None:
        if self.asks:
            self.spans = self.run.handed_out()
        # Who changes the row writes it after reading it, and then the claims' look at it; the rest is the commit's.
        trips = 1 + self.asks * (1 + bool(self.claims))
        case, events = self.run.case, self.run.events
        events.at(events.now + trips * (case.away + STATEMENT_SECONDS / case.faster), self._commit)

    def _commit(self) -> None:
        self.run.disk.commit(self.works * WORK_SECONDS, self._committed)

    def _committed(self) -> None:
        if self.asks or self.claims:
            self.run.row.release(change=self.asks)
        self.run.committed(self.claims, self.spans, asked=self.asks)
