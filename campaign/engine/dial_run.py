"""Dials a run from the ledger: joins ledger, client, pool and results file, and yields a stream of events.

async with dial(...) as dialing:
    async for event in dialing.events: ...
dialing.finish()
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from campaign.aicaller.client import AICallerClient, reuse_for
from campaign.aicaller.compose import Composer, reference_of
from campaign.aicaller.read_client import ReadingClient
from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.errors import CampaignError, LedgerError
from campaign.domain.instants import to_call_delayed_until
from campaign.domain.model import Attempt, Problem, RowState, Settled
from campaign.domain.stop import Stop, StopCode
from campaign.engine.dial_order import Upkeep
from campaign.engine.events import WaitingUntil
from campaign.engine.live_pace import PaceKeeper
from campaign.engine.pacing.circuit_breaker import CircuitBreaker
from campaign.engine.pacing.clock_guard import ClockGuard
from campaign.engine.pacing.rate_limiter import RateLimiter
from campaign.engine.pacing.server_clock import ClocksApart, ServerClock
from campaign.engine.pacing.settled_heap import settled_heap
from campaign.engine.pool import Pool
from campaign.engine.queue.call_queue import CallQueue
from campaign.engine.queue.eta import TimeLeft
from campaign.engine.queue.ports import NotYet
from campaign.engine.queue.read_ahead import ReadAhead
from campaign.engine.queue.timetable import keep_timetable
from campaign.engine.results_file import LiveLines, NoResults, ResultsFile, result_columns
from campaign.engine.run_end import DialingEnd
from campaign.export.csv import LiveResults
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.session import HeldRun
from campaign.ledger.records.earlier_calls import said_in
from campaign.ledger.records.runs import RunRecord, WaitingRow, run_mark
from campaign.timing.hours.calling_hours import Ringing
from campaign.timing.pace import PaceChange

_MOST_TOGETHER = 100

DialedEvent = Settled | PaceChange | WaitingUntil


@dataclass(frozen=True, slots=True)
class Dialing:
    """A run that is being dialled.

    Attributes:
        to_call: maximum number of rows that this dialling handles.
        events: every ending, as it is written, every change of pace and every long wait; iterate it to its end.
        time_left: how long the rest will take, by the forecast's simulation; None for nothing left.
        stopped: why it has stopped itself, if it has.
        finish: writes the whole results file, and returns how it ended; call it after the block.
    """

    to_call: int
    events: AsyncIterator[DialedEvent]
    time_left: Callable[[], timedelta | None]
    stopped: Callable[[], Stop | None]
    finish: Callable[[], DialingEnd]


@asynccontextmanager
async def dial(  # noqa: PLR0913 - the parts that meet here
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    account: Account,
    secret: Callable[[str], str],
    now: Callable[[], datetime],
    stop: anyio.Event,
    results: Path,
    held: HeldRun,
    from_round: int,
    limit: int | None,
    clock: ServerClock,
    trust_clock: bool,
    upkeep: Upkeep,
    meanwhile: Callable[[], Awaitable[Stop | None]] | None = None,
) -> AsyncIterator[Dialing]:
    """Dials the run's waiting rows. Leaving the block waits for the calls in flight.

    Args:
        ledger: where the run is.
        record: the run.
        plan: its pace, which is written down with the run, and what its calls share.
        account: where its calls are made.
        secret: looks a webhook's secret up by its variable's name.
        now: the wall clock; aware instants.
        stop: set it to stop: no new call begins. It is set when the block is left.
        results: the results file.
        held: the run, held for this process.
        from_round: 0 for all rows that wait, a rerun's own round for those that it requeued.
        limit: at most so many rows.
        clock: AICaller's, as far as it is known; gets the times of the calls' answers.
        trust_clock: our clock is taken for right, whatever AICaller's says.
        upkeep: what else is done beside the calls, and how often.
        meanwhile: goes on beside the calls, until they have ended, or stops them by the reason that it returns.
    """
    # Without a bound: a slow reader of the events must not hold up the recording of a call.
    send, receive = anyio.create_memory_object_stream[DialedEvent](max_buffer_size=float("inf"))
    with send, receive:
        waiting = ledger.read.rows.count_waiting(record.id, from_round=from_round)
        live = _results(ledger, record, path=results) if upkeep.writes_results else NoResults()
        lines = LiveLines(live)
        composer = Composer(plan.call, secret=secret)
        queue, ringing, mark = None, Ringing(plan.hours), run_mark(record)
        if plan.is_timed:
            keep_timetable(ledger, record, plan=plan, ringing=ringing, now=now())
            body = partial(_body, composer=composer, run=mark, lines=lines)
            queue = CallQueue(
                ledger,
                record,
                plan=plan,
                ringing=ringing,
                compose=body,
                now=now,
                from_round=from_round,
                limit=limit,
                waits=partial(_tell_wait, send),
            )
        rows = ledger.read.rows.waiting(record.id, from_round=from_round)
        ahead = ReadAhead(islice(rows, limit), aside=ledger.aside, now=now)
        attempts = queue or _attempts(ahead, composer=composer, run=mark, lines=lines)
        if queue is None:
            await ahead.read()
        to_call = min(waiting, waiting if limit is None else limit)
        left = TimeLeft(plan, to_call=to_call, queue=queue, ringing=ringing, now=now)
        asking = ReadingClient(account, now=now, on_answer=clock.see)
        guard = ClockGuard(
            clock,
            trusted=trust_clock,
            ask=asking.ask_time,
            on_change=partial(_note_clock, ledger, record, clock=clock, events=send),
        )
        with settled_heap(), ledger.account(service=record.service, team=plan.call.team_id) as shared:
            rate_limiter = RateLimiter(
                shared,
                calls_per_second=plan.calls_per_second,
                stop=stop,
                now=now,
                changes=send,
                look_up_seconds=upkeep.pace_every,
            )
            left.follow(lambda: rate_limiter.calls_per_second)
            pool = Pool(
                ledger=held,
                client=(
                    client := AICallerClient(
                        account,
                        now=now,
                        on_answer=clock.see,
                        why_too_late=held.why_too_late,
                        reuse_within=reuse_for(plan.calls_per_second),
                    )
                ),
                rate_limiter=rate_limiter,
                circuit_breaker=CircuitBreaker(
                    created_before=bool(ledger.read.rows.count_states(record.id).get(RowState.CREATED))
                ),
                max_in_flight=plan.max_in_flight,
                stop=stop,
                now=now,
                clock_guard=guard,
                queue=queue,
            )
            keeper = PaceKeeper(
                ledger, record, plan=plan, account=shared, rate_limiter=rate_limiter, pool=pool, replanned=left.replan
            )
            async with client, asking, anyio.create_task_group() as tasks:
                tasks.start_soon(lambda: pool.run(attempts, events=send))
                tasks.start_soon(lambda: keeper.run(stop=stop, changes=send, every=upkeep.pace_every))
                tasks.start_soon(lambda: _stop_in_trouble(held, pool, stop=stop, every=upkeep.trouble_every))
                tasks.start_soon(lambda: guard.run(stop=stop))
                beside, reading = anyio.CancelScope(), anyio.CancelScope()
                if queue is None:
                    tasks.start_soon(_beside, reading, ahead.run, pool)
                if meanwhile is not None:
                    tasks.start_soon(_beside, beside, meanwhile, pool)
                try:
                    yield Dialing(
                        to_call=to_call,
                        events=_written_down(receive, lines=lines, left=left),
                        time_left=left,
                        stopped=lambda: pool.stopped,
                        finish=lambda: _ended(ledger, record, stop=_stop_of(pool, queue, plan), live=live, held=held),
                    )
                finally:
                    beside.cancel()
                    reading.cancel()
                    stop.set()


def _results(ledger: Ledger, record: RunRecord, *, path: Path) -> LiveResults:
    rows = ledger.read.rows.results(record.id, settled_only=True)
    return LiveResults(path, header=record.header, rows=rows, columns=result_columns(ledger, record))


async def _beside(scope: anyio.CancelScope, work: Callable[[], Awaitable[Stop | None]], pool: Pool) -> None:
    with scope:
        if (reason := await work()) is not None:
            pool.stop_for(reason)


async def _stop_in_trouble(held: HeldRun, pool: Pool, *, stop: anyio.Event, every: float) -> None:
    """Stops the pool once nothing can be claimed any more, also while no row is due and no answer comes."""
    while not stop.is_set():
        if (trouble := held.trouble()) is not None:
            pool.stop_for(Stop(StopCode.TROUBLE, str(trouble)))
        with anyio.move_on_after(every):
            await stop.wait()


def _note_clock(
    ledger: Ledger,
    record: RunRecord,
    apart: ClocksApart | None,
    *,
    clock: ServerClock,
    events: MemoryObjectSendStream[DialedEvent],
) -> None:
    """Records that the clocks have parted, or agree again, and says so."""
    with suppress(LedgerError):  # the dialling meets the same trouble, and stops for it
        ledger.note_clock(record.id, ahead=clock.ahead(), trusted=False)
    text = "the clocks agree again: going on" if apart is None else f"no calls while the clocks are apart: {apart.text}"
    # The reader may be gone: that must not fail the guard.
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        events.send_nowait(PaceChange(f"clock: {text}"))


def _tell_wait(events: MemoryObjectSendStream[DialedEvent], until: datetime) -> None:
    # The reader may be gone: that must not fail a worker.
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        events.send_nowait(WaitingUntil(until))


async def _written_down(
    events: MemoryObjectReceiveStream[DialedEvent], *, lines: LiveLines, left: TimeLeft
) -> AsyncIterator[DialedEvent]:
    async with events:
        async for first in events:
            # One commit ends many calls: what came together is written together.
            together = [first]
            with suppress(anyio.WouldBlock, anyio.EndOfStream):
                while len(together) < _MOST_TOGETHER:
                    together.append(events.receive_nowait())
            lines.write(together)
            for one in together:
                if isinstance(one, Settled):
                    left.on_event(one)
                yield one


def _attempts(
    rows: ReadAhead[WaitingRow], *, composer: Composer, run: str, lines: LiveLines
) -> Iterator[Attempt | NotYet]:
    for row in rows:
        if isinstance(row, NotYet):
            yield row
            continue
        lines.expect(row)
        yield _to_attempt(row, composer=composer, run=run)


def _to_attempt(row: WaitingRow, *, composer: Composer, run: str) -> Attempt:
    return Attempt(
        row_id=row.id,
        row_number=row.number,
        number=row.attempts + 1,
        phone=row.contact.phone,
        body=_written(row, None, composer=composer, run=run),
        waiting_as=row.state,
        said=said_in(row.contact),
    )


def _body(row: WaitingRow, until: datetime | None, *, composer: Composer, run: str, lines: LiveLines) -> bytes:
    lines.expect(row)
    return _written(row, until, composer=composer, run=run)


def _written(row: WaitingRow, until: datetime | None, *, composer: Composer, run: str) -> bytes:
    # A retry has the same reference: only one of a row's tries can have been accepted.
    reference = reference_of(run, row_id=row.id, attempt=row.attempts + 1) if composer.refers else None
    delayed_until = None if until is None else to_call_delayed_until(until)
    body = composer.compose(row.contact, delayed_until=delayed_until, reference=reference)
    if isinstance(body, Problem):
        raise CampaignError(f"row {row.number} could be sent when it was loaded, and cannot now: {body}")
    return body


def _stop_of(pool: Pool, queue: CallQueue | None, plan: RunPlan) -> Stop | None:
    """Why the run stopped itself, if it did; rows that do not fit before its end are a reason too."""
    if pool.stopped is not None or queue is None or not queue.left_over:
        return pool.stopped
    if plan.finish_by is None:
        return Stop(StopCode.TROUBLE, "the rest may not be called at any time within a year")
    until = f"{plan.finish_by:%Y-%m-%d %H:%M} UTC"
    return Stop(
        StopCode.TROUBLE, f"finish_by, {until}: the rest would ring after it; a later one in the template moves it"
    )


def _ended(ledger: Ledger, record: RunRecord, *, stop: Stop | None, live: ResultsFile, held: HeldRun) -> DialingEnd:
    try:
        counts = ledger.read.rows.count_states(record.id)
        written = live.finish(ledger.read.rows.results(record.id))
    except LedgerError:
        if stop is None:
            raise
        # What it stopped for may keep the ledger from being read, too; what nobody else has is still to be shown.
        counts, written = {}, None
    return DialingEnd(
        counts=counts,
        stop=stop,
        results=written,
        trouble=live.trouble,
        lost=tuple(held.lost),
    )
