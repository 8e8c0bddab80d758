"""What a stop, a fault or a front that goes away leaves of a run that is held and dialled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from campaign.domain.errors import AuditError, BusyError, UsageError
from campaign.domain.model import RowState, Settled
from campaign.engine.dial_held_run import dial_held_run
from campaign.engine.events import CallsEnded, DialEvent, Started, WaitingUntil
from campaign.engine.run_end import DialingEnd, exit_code_of
from campaign.followup.canary import Canary
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger
from campaign.sandbox.list_endings import Listing
from tests.engine.held_run.stage import BOUNDS, PEOPLE, a_stage, dialled, end_of, kinds, order_for
from tests.followup.day import MORNING, Day, DayClock

pytestmark = pytest.mark.anyio


async def test_a_run_that_may_call_nobody_yet_says_until_when_and_stops_when_it_is_told_to(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    """And it stops for whoever asked, without telling them that they were asked."""
    closed = '[hours]\nfrom = 18:00:00\nuntil = 19:00:00\ntimezone = "UTC"\n'
    stop, events = anyio.Event(), list[DialEvent]()
    async with a_stage(tmp_path, ledger, clock) as day:
        record = day.start(*PEOPLE[:2], more=closed)
        async with dial_held_run(ledger, record, order=order_for(day, record), now=clock.now, stop=stop) as dialing:
            async for event in dialing.events:
                events.append(event)
                if isinstance(event, WaitingUntil):
                    stop.set()
    assert kinds(events) == [Started, WaitingUntil, CallsEnded, DialingEnd]
    assert events[1] == WaitingUntil(MORNING.replace(hour=18))
    assert end_of(events).counts == {RowState.PENDING: 2}
    assert exit_code_of(end_of(events), signalled=130, limited=False) == 130


async def test_the_stop_of_the_caller_is_never_set_here(tmp_path: Path, ledger: Ledger, clock: DayClock) -> None:
    """Whoever dials again, as a watch does, would be stopped by it."""
    stop = anyio.Event()
    async with a_stage(tmp_path, ledger, clock) as day:
        record = day.start(*PEOPLE[:2])
        await dialled(day, record, order=order_for(day, record), stop=stop)
    assert not stop.is_set()


class GoneAwayError(Exception):
    """What a front may raise."""


async def _leave_at_the_first_ending(day: Day, record: RunRecord) -> None:
    async with dial_held_run(
        day.ledger, record, order=order_for(day, record), now=day.clock.now, stop=anyio.Event()
    ) as dialing:
        async for event in dialing.events:
            if isinstance(event, Settled):
                raise GoneAwayError


async def test_who_leaves_early_gets_their_own_error_once_the_calls_on_their_way_are_written_down(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    """A broken terminal must not part a call from its record, nor keep the run held."""
    async with a_stage(tmp_path, ledger, clock, latency=0.05) as day:
        record = day.start(*PEOPLE)
        with pytest.raises(GoneAwayError):
            await _leave_at_the_first_ending(day, record)
        counts = ledger.read.rows.count_states(record.id)
        assert not counts.get(RowState.SENDING)
        assert counts.get(RowState.CREATED, 0) == sum(len(day.rings(phone)) for phone in PEOPLE)
        with ledger.hold(record, call_again_after=timedelta(0)):
            pass


async def test_who_leaves_before_anything_was_read_has_done_nothing(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    async with a_stage(tmp_path, ledger, clock) as day:
        record = day.start(*PEOPLE[:2])
        async with dial_held_run(ledger, record, order=order_for(day, record), now=clock.now, stop=anyio.Event()):
            pass
        assert not day.results(record).exists()
        assert ledger.read.rows.count_states(record.id) == {RowState.PENDING: 2}


def _held_elsewhere(day: Day, record: RunRecord) -> None:
    day.results(record).unlink(missing_ok=True)


def _something_else_there(day: Day, record: RunRecord) -> None:
    day.results(record).write_text("a letter", "utf-8")


@pytest.mark.parametrize(
    ("arrange", "error"), [(_held_elsewhere, BusyError), (_something_else_there, UsageError)], ids=["held", "foreign"]
)
async def test_what_stands_against_it_comes_out_as_itself_and_nothing_was_sent(
    tmp_path: Path,
    ledger: Ledger,
    clock: DayClock,
    *,
    arrange: Callable[[Day, RunRecord], None],
    error: type[Exception],
) -> None:
    """Not in a group of one: every front knows these errors by their class."""
    async with a_stage(tmp_path, ledger, clock) as day:
        record = day.start(*PEOPLE[:2])
        arrange(day, record)
        with ledger.hold(record, call_again_after=timedelta(0)), pytest.raises(error):
            await dialled(day, record, order=order_for(day, record))
        assert not day.sandbox.calls


async def test_a_list_that_cannot_be_read_keeps_a_begun_run_from_calling_anybody_canary_or_not(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    async with a_stage(tmp_path, ledger, clock) as day:
        record = day.start(*PEOPLE)
        await dialled(day, record, order=replace(order_for(day, record), limit=2))
    async with a_stage(tmp_path, ledger, clock, listing=Listing(ending="list_401")) as day:
        for first_rows in (None, Canary(BOUNDS, rows=1, clock=clock)):
            with pytest.raises(AuditError, match="401"):
                await dialled(day, record, order=replace(order_for(day, record), first_rows=first_rows))
        assert not day.sandbox.calls
        events = await dialled(day, record, order=replace(order_for(day, record), look_ups=None))
    assert end_of(events).counts == {RowState.CREATED: 6}
