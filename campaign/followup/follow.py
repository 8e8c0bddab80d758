"""Follow: polls a run's calls until they are over and, with watch, makes due calls again.

    calls that are due for a poll ------------> Poller --> ledger --.
          ^                                                           |
          |  waits for the next moment, the deadline, or a stop       v
          '------------------------------------------ due rows --> run lock, pending, dialled

All state is in the ledger: a new `follow`, after a stop or a crash, continues with what is left.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio

from campaign.config.run_plan import RunPlan
from campaign.domain.model import RowState
from campaign.domain.stop import Stop
from campaign.engine.events import Unread
from campaign.followup.clock import Clock
from campaign.followup.due_rows import look_ahead, next_due
from campaign.followup.poll_interval import FIRST_LOOK_AFTER
from campaign.followup.poller import Poller, rules_of
from campaign.followup.redial import RedialEvent, Redialing
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import Looked, OutcomeCounts
from campaign.ledger.records.runs import RunRecord

FollowEvent = Looked | Unread | RedialEvent
"""A look at a call; rows that were requeued; what became of the new call of one of them."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """How often a following looks for something to do.

    Attributes:
        at_once: how many calls are polled before rows that are due are called again.
        breath: the least wait, at a moment, between two looks.
        idle: the longest wait, since another process may requeue rows without notice.
        elsewhere: likewise while rows wait that another process may be dialling.
    """

    at_once: int = 20
    breath: Callable[[datetime], timedelta] = lambda _now: timedelta(seconds=1)
    idle: timedelta = timedelta(minutes=5)
    elsewhere: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class PollingEnd:
    """How following ended.

    Attributes:
        counts: how the run's calls stand.
        due: how many rows the rules want to be called again by now.
        next_again: when they want the next one after those, if they do.
        waiting: how many rows are still to be sent, or on their way.
        stop: why it stopped itself, if it did.
        late: whether the deadline came before all that was to be read.
    """

    counts: OutcomeCounts
    due: int
    next_again: datetime | None
    waiting: int
    stop: Stop | None
    late: bool


class Following:
    """A run that is being followed.

    Attributes:
        end: how it ended, once it has.
    """

    def __init__(  # noqa: PLR0913 - the parts that meet here
        self,
        ledger: Ledger,
        record: RunRecord,
        *,
        plan: RunPlan,
        poller: Poller,
        clock: Clock,
        stop: anyio.Event,
        deadline: datetime | None,
        redial: Redialing | None = None,
        only: Sequence[str] | None = None,
        tempo: Tempo | None = None,
    ) -> None:
        """With `redial` it keeps running and makes calls again; `only` restricts it to these call ids."""
        self.end: PollingEnd | None = None
        self._ledger, self._record, self._plan, self._poller = ledger, record, plan, poller
        self._clock, self._stop, self._deadline, self._redial, self._only = clock, stop, deadline, redial, only
        self._tempo = tempo or Tempo()

    async def events(self) -> AsyncGenerator[FollowEvent]:
        """All events; iterate it to its end."""
        while not (late := self._is_late()) and not self._is_stopping():
            busy = False
            for parts in (self._look_at_those_due(), self._call_again()):
                async with aclosing(parts):
                    async for found in parts:
                        busy = True
                        yield found
            if busy or self._is_stopping():
                continue
            moment = self._next_moment()
            if moment is None:
                break
            await self._clock.wait(moment, stop=self._stop)
        self.end = self._ended(late=late)

    async def _look_at_those_due(self) -> AsyncGenerator[FollowEvent]:
        calls = self._ledger.read.outcomes.due(
            self._record.id,
            at=self._clock.now(),
            first_after=FIRST_LOOK_AFTER,
            most=self._tempo.at_once,
            only=self._only,
        )
        rules = rules_of(self._plan)
        for call in calls:
            found = await self._poller.poll(call, rules=rules)
            if found is None:
                return
            yield found
            if self._is_late():
                return

    async def _call_again(self) -> AsyncGenerator[FollowEvent]:
        if self._redial is None or self._is_stopping():
            return
        async with aclosing(self._redial.events(at=self._clock.now(), stop=self._stop)) as parts:
            async for found in parts:
                yield found

    def _next_moment(self) -> datetime | None:
        """When there may be something to do; None when there never will be."""
        now = self._clock.now()
        looking = self._ledger.read.outcomes.next_due(self._record.id, first_after=FIRST_LOOK_AFTER, only=self._only)
        moments = [] if looking is None else [looking]
        if self._redial is not None:
            if self._redial.next_due is not None:
                moments.append(self._redial.next_due)
            waiting = self._count_waiting()
            if moments or waiting:
                # Another process may dial the run, or requeue rows, without notice.
                moments.append(now + (self._tempo.elsewhere if waiting else self._tempo.idle))
        if moments and self._deadline is not None:
            moments.append(self._deadline)
        return max(min(moments), now + self._tempo.breath(now)) if moments else None

    def _count_waiting(self) -> int:
        counts = self._ledger.read.rows.count_states(self._record.id)
        return sum(count for state, count in counts.items() if state.shown == RowState.PENDING)

    def _is_late(self) -> bool:
        return self._deadline is not None and self._clock.now() >= self._deadline

    def _is_stopping(self) -> bool:
        return self._stop.is_set() or self._stopped() is not None

    def _stopped(self) -> Stop | None:
        return self._poller.stopped or (self._redial.stopped if self._redial is not None else None)

    def _ended(self, *, late: bool) -> PollingEnd:
        counts = self._ledger.read.outcomes.count(self._record.id, only=self._only)
        now = self._clock.now()
        _, account = look_ahead(self._ledger, self._record, plan=self._plan, at=now)
        return PollingEnd(
            counts=counts,
            due=account.total,
            next_again=next_due(self._ledger, self._record, account=account, at=now),
            waiting=self._count_waiting(),
            stop=self._stopped(),
            late=late and counts.open > 0,
        )
