"""Dials a held run, from acquiring its lock to the report of how it ended. The only place where that is done.

results file free? --> hold --> recover --> clock right? --> requeue --> leave out what later runs called
    --> [ first rows, judged ] --> look up what was called already --> dial, and look up meanwhile
    --> look up what was lost --> DialingEnd

async with dial_held_run(...) as dialing:
    async for event in dialing.events: ...        # the last one is a DialingEnd, unless it was left before
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from importlib.util import find_spec
from typing import Any, TypeVar

import anyio

from campaign.aicaller.read_client import ReadingClient
from campaign.config.settings import Account
from campaign.domain.cures.runs import set_clock
from campaign.domain.errors import ClockError
from campaign.domain.model import Settled
from campaign.domain.stop import Stop, StopCode
from campaign.engine.account import opened
from campaign.engine.dial_order import DialOrder, FirstRows
from campaign.engine.dial_run import Dialing, dial
from campaign.engine.events import (
    CallsEnded,
    ClockTrusted,
    ClockUnknown,
    DialEvent,
    FirstRowsAwaited,
    FirstRowsPassed,
    FirstRowsStarted,
    Recovered,
    Started,
    Superseded,
    may_have_arrived,
)
from campaign.engine.lookup_events import lookup_events
from campaign.engine.pacing.run_control import lift_stop, pass_on
from campaign.engine.pacing.server_clock import ServerClock
from campaign.engine.requeue import ALL_ROUNDS, refuse_unfit
from campaign.engine.run_end import DialingEnd
from campaign.engine.stop import own_stop
from campaign.export.overwrite_guard import refuse_foreign
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.session import HeldRun
from campaign.ledger.records.runs import RunRecord
from campaign.reconcile.call_list import RunAtAccount

T = TypeVar("T")

_TIME_WITHIN_SECONDS = 10.0


class HeldDialing:
    """A run that is held by this process and being dialled.

    Attributes:
        events: all that happens, as it does; iterate it to its end.
    """

    def __init__(
        self, ledger: Ledger, record: RunRecord, *, order: DialOrder, now: Callable[[], datetime], stop: anyio.Event
    ) -> None:
        """`stop` belongs to this dialling alone; see `dial_held_run`."""
        self._ledger, self._record, self._order, self._now, self._stop = ledger, record, order, now, stop
        self._begun = self._time_asked = False
        self._dialing: Dialing | None = None
        self._end: DialingEnd | None = None
        self.events: AsyncIterator[DialEvent] = self._all()

    def time_left(self) -> timedelta | None:
        """How long the rest of the calls will take; None for nothing left."""
        return None if self._dialing is None else self._dialing.time_left()

    async def leave(self) -> None:
        """Stops the run if it has not ended: calls in flight finish and are recorded; unread events are dropped."""
        self._stop.set()
        if self._begun:
            async for _ in self.events:
                pass

    async def _all(self) -> AsyncIterator[DialEvent]:
        self._begun = True
        ledger, record, order = self._ledger, self._record, self._order
        refuse_foreign(order.results)
        per_day = order.plan.calls_per_person_per_day
        with ledger.hold(record, call_again_after=order.plan.call_again_after, most_per_day=per_day) as held:
            refuse_unfit(ledger, record, plan=order.plan)
            lift_stop(ledger, record, lifts=order.lifts)
            if held.recovered:
                yield Recovered(held.recovered)
            clock = ServerClock(self._now)
            # Before anything is decided by our clock: which rows are due, called recently, or to be called now.
            async with self._account() as account:
                await self._require_right(clock, account=account)
            requeued = order.requeue(ledger, record)
            if requeued.event is not None:
                yield requeued.event
            if rows := ledger.skip_superseded(record):
                yield Superseded(rows)
            ledger.note_results(record.id, order.results)
            limit, first_rows = order.limit, order.first_rows
            if first_rows is not None:
                async for event in self._first_rows(first_rows, held, clock=clock):
                    yield event
                limit = None if limit is None else max(0, limit - first_rows.rows)
            if self._end is None:
                async with self._account() as account:
                    async for event in self._dialled(
                        partial(Started, results=order.results),
                        held,
                        account=account,
                        clock=clock,
                        stop=self._stop,
                        from_round=requeued.from_round,
                        limit=limit,
                    ):
                        yield event
            # What ails this process alone, others need not stop for.
            if self._end is not None and self._end.stop is not None and held.trouble() is None:
                pass_on(ledger, record, self._end.stop)
        if self._end is not None:
            yield self._end

    async def _require_right(self, clock: ServerClock, *, account: Account) -> None:
        """Raises ClockError where this machine's clock is not AICaller's, unless it is trusted."""
        # A silent server is asked once: the first call's answer tells then. What was known may be old: a machine that
        # has slept since has other clocks now.
        if not (clock.answered or self._time_asked) or clock.apart() is not None:
            self._time_asked = True
            async with ReadingClient(
                account, now=self._now, on_answer=clock.see, deadline_seconds=_TIME_WITHIN_SECONDS
            ) as asking:
                await asking.ask_time()
        apart = clock.apart()
        if apart is not None and not self._order.trust_clock:
            self._ledger.note_clock(self._record.id, ahead=clock.ahead(), trusted=False)
            raise ClockError(f"{apart.text}; nothing was sent", cure=set_clock(self._record.name))

    async def _first_rows(self, first: FirstRows, held: HeldRun, *, clock: ServerClock) -> AsyncIterator[DialEvent]:
        """Makes the first calls, waits for their outcomes, and judges them; without an end the rest may be called."""
        ledger, record, stop = self._ledger, self._record, self._stop
        async with self._account() as account, own_stop(stop) as own:
            async for event in self._dialled(
                FirstRowsStarted, held, account=account, clock=clock, stop=own, from_round=ALL_ROUNDS, limit=first.rows
            ):
                if isinstance(event, Settled):
                    first.on_event(event)
                yield event
            end = self._end
            if end is None or end.stop is not None or stop.is_set():
                return
            yield FirstRowsAwaited(first.at_most)
            async for found in first.outcomes(ledger, record, plan=self._order.plan, account=account, stop=stop):
                yield found
        if stop.is_set():
            return
        if broken := first.broken(ledger, record):
            self._end = replace(end, stop=Stop(StopCode.TROUBLE, "the canary did not hold: " + "; ".join(broken)))
            return
        self._end = None
        yield FirstRowsPassed()

    async def _dialled(
        self,
        started: Callable[[int], FirstRowsStarted | Started],
        held: HeldRun,
        *,
        account: Account,
        clock: ServerClock,
        stop: anyio.Event,
        from_round: int,
        limit: int | None,
    ) -> AsyncIterator[DialEvent]:
        """Dials the waiting rows, with the lookups before and after; leaves the end in `_end`."""
        ledger, record, order = self._ledger, self._record, self._order
        look_ups = order.look_ups
        read = Counter[None]()
        listed = RunAtAccount(
            ledger=ledger,
            record=record,
            plan=order.plan,
            account=account,
            now=self._now,
            on_answer=clock.see,
            on_listed=lambda calls: read.update({None: calls}),
        )
        sent = False
        if look_ups is not None:
            async for event in lookup_events(look_ups.before(listed, stop=stop), listed=read.total, stop=stop):
                yield event
        await self._require_right(clock, account=account)
        ledger.note_clock(record.id, ahead=clock.ahead(), trusted=order.trust_clock)
        if (apart := clock.apart()) is not None:
            yield ClockTrusted(apart)
        elif clock.answered and clock.ahead() is None:
            yield ClockUnknown()
        async with dial(
            ledger,
            record,
            plan=order.plan,
            account=account,
            now=self._now,
            secret=order.secret,
            stop=stop,
            results=order.results,
            held=held,
            from_round=from_round,
            limit=limit,
            clock=clock,
            trust_clock=order.trust_clock,
            upkeep=order.upkeep,
            meanwhile=None if look_ups is None else partial(look_ups.during, listed),
        ) as self._dialing:
            yield started(self._dialing.to_call)
            async for dialled in self._dialing.events:
                sent = sent or may_have_arrived(dialled)
                yield dialled
            told_to_stop = stop.is_set() and self._dialing.stopped() is None
        yield CallsEnded()
        # A stopped run must end soon: the next start looks these up as well. Where no request left, there is no call.
        if look_ups is not None and not told_to_stop and sent and held.trouble() is None:
            # A run that stopped itself has set its event already, and looks up what it lost all the same.
            until = anyio.Event() if stop.is_set() else stop
            async for event in lookup_events(look_ups.after(listed), listed=read.total, stop=until):
                yield event
        self._end = self._dialing.finish()

    def _account(self) -> AbstractAsyncContextManager[Account]:
        account = self._order.account
        if isinstance(account, Account):
            return nullcontext(account)
        return opened(account, home=self._ledger.home, now=self._now)


@asynccontextmanager
async def dial_held_run(
    ledger: Ledger,
    record: RunRecord,
    *,
    order: DialOrder,
    now: Callable[[], datetime],
    stop: anyio.Event,
) -> AsyncIterator[HeldDialing]:
    """Dials a run, held while its events are read. Leaving the block early stops it, and waits for its calls.

    Args:
        ledger: where the run is.
        record: the run.
        order: how it is to be dialled.
        now: the wall clock; aware instants.
        stop: set it to stop: no new call begins. It is never set here.

    Raises:
        UsageError: something else stands where the results are to go, or the run's people were forgotten. This and the
            following are raised while the events are read.
        BusyError: another process holds the run.
        AuditError: what was called already cannot be told; nothing was sent.
        ClockError: this machine's clock is not AICaller's; nothing was sent.
        LedgerError: the ledger or its disk is in trouble.
    """
    async with own_stop(stop) as own:
        dialing = HeldDialing(ledger, record, order=order, now=now, stop=own)
        try:
            yield dialing
        finally:
            await dialing.leave()


def run_event_loop(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs it in an event loop of this thread; uses uvloop where it is installed."""
    return anyio.run(main, backend_options={"use_uvloop": find_spec("uvloop") is not None})
