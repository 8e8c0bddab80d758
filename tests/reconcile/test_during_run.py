"""What a run looks up by itself: before its first call, while it goes on, and at its end. The truth is the judge."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from campaign.config.run_plan import RunPlan
from campaign.domain.errors import AuditError
from campaign.domain.model import RowState, Settled
from campaign.engine.beside import beside
from campaign.engine.dial_held_run import dial_held_run
from campaign.engine.dial_order import DialOrder
from campaign.engine.events import DialEvent, Started
from campaign.engine.requeue import requeue_nothing
from campaign.engine.run_end import DialingEnd
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger, open_ledger
from campaign.presentation.dial_events import dial_lines
from campaign.reconcile.during_run import RunLookups
from campaign.sandbox.faults.table import FAULTS, Fault, FaultPlan
from campaign.sandbox.list_endings import Listing
from campaign.sandbox.server import Sandbox, serve
from tests.reconcile.lost import (
    LOSING,
    PLAN,
    RUN,
    Clock,
    account,
    at_once,
    begin,
    faults_of_truth,
    people,
    rings,
    sandbox,
)

# These take a deadline each; tests/reconcile/test_lost_answers.py has them, under a client with a short one.
_HANGS = {"hang", "hang_body", "hang_before", "endless_100", "drip", "late"}
QUICK = [fault for fault in LOSING if fault.name not in _HANGS]


@dataclass(frozen=True, slots=True)
class Often(FaultPlan):
    """Every third POST meets the next of the quick faults that lose an answer."""

    def at(self, number: int) -> Fault | None:
        return QUICK[number // 3 % len(QUICK)] if number % 3 == 2 else None


@dataclass(frozen=True, slots=True)
class First(FaultPlan):
    """Only the first POST's answer is lost."""

    def at(self, number: int) -> Fault | None:
        return FAULTS["close_after"] if number == 0 else None


@dataclass
class Desk:
    """A folder with a ledger and a stand-in's truth, and what the runs in it said."""

    folder: Path
    now: Clock
    said: list[str]

    @asynccontextmanager
    async def at(self, *, listing: Listing | None = None, faults: FaultPlan | None = None) -> AsyncIterator[Sandbox]:
        async with serve(sandbox(self.folder, now=self.now, listing=listing, faults=faults)) as stand_in:
            yield stand_in
            assert not stand_in.bugs

    async def dial(
        self,
        home: Path,
        stand_in: Sandbox,
        *,
        plan: RunPlan = PLAN,
        limit: int | None = None,
        look_ups: bool = True,
        watched_every: float = 60.0,
    ) -> DialingEnd:
        # On somebody's word, for the copies; without it nothing would be dialled.
        with open_ledger(home, now=self.now, go_on_here=True) as ledger:
            record = named(ledger)
            order = order_at(
                stand_in,
                results=self.folder / f"{home.name}.csv",
                plan=plan,
                limit=limit,
                look_ups=RunLookups(retry_wait=at_once, watched_every=watched_every) if look_ups else None,
            )
            end: DialingEnd | None = None
            async with dial_held_run(ledger, record, order=order, now=self.now, stop=anyio.Event()) as dialing:
                async for event in dialing.events:
                    self.said += () if isinstance(event, Started) else dial_lines(event, run=record.name)
                    end = event if isinstance(event, DialingEnd) else end
        assert end is not None
        return end

    def faults(self, home: Path, *, all_found: bool = True) -> list[str]:
        with open_ledger(home, now=self.now) as ledger:
            return faults_of_truth(ledger, named(ledger), self.folder, all_found=all_found)


def order_at(
    stand_in: Sandbox, *, results: Path, plan: RunPlan, look_ups: RunLookups | None, limit: int | None = None
) -> DialOrder:
    return DialOrder(
        plan=plan,
        account=account(stand_in.base_url),
        secret=str,
        results=results,
        requeue=requeue_nothing,
        look_ups=look_ups,
        limit=limit,
    )


def named(ledger: Ledger) -> RunRecord:
    record = ledger.read.runs.find(RUN)
    assert record is not None
    return record


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, Clock(), [])


def home_of(desk: Desk, *, rows: int) -> Path:
    home = desk.folder / "home"
    with open_ledger(home, now=desk.now) as ledger:
        begin(ledger, people(rows))
    return home


async def until_done(desk: Desk, home: Path, stand_in: Sandbox) -> int:
    """Goes on with the run until no row waits; how many starts that took."""
    for start in range(1, 1000):
        end = await desk.dial(home, stand_in)
        if not end.counts.get(RowState.PENDING) and not end.counts.get(RowState.RETRY_WAIT):
            return start
    raise AssertionError("the run does not end")


@pytest.mark.parametrize(
    ("rows", "newest"),
    [(90, 50), pytest.param(2_000, 100, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])],
)
def test_a_run_finds_all_of_its_calls_though_the_list_shows_only_the_newest(desk: Desk, rows: int, newest: int) -> None:
    """It stops itself after some lost answers, and looks them up then: before as many more calls were made."""

    async def go() -> None:
        home = home_of(desk, rows=rows)
        async with desk.at(listing=Listing(newest=newest, shuffled=True), faults=Often()) as stand_in:
            assert await until_done(desk, home, stand_in) > 2
        assert not desk.faults(home)

    anyio.run(go)


def test_a_lost_answer_is_found_while_the_run_goes_on(desk: Desk) -> None:
    slow = PLAN.model_copy(update={"calls_per_second": 0.01})
    home = home_of(desk, rows=3)

    async def go() -> None:
        async with desk.at(faults=First()) as stand_in:
            with open_ledger(home, now=desk.now) as ledger:
                record, stop = named(ledger), anyio.Event()
                order = order_at(
                    stand_in,
                    results=desk.folder / "live.csv",
                    plan=slow,
                    look_ups=RunLookups(every=0.01, retry_wait=at_once),
                )
                async with dial_held_run(ledger, record, order=order, now=desk.now, stop=stop) as dialing:
                    found = list[DialEvent]()

                    async def until_found() -> None:
                        with anyio.fail_after(30):
                            while not ledger.read.rows.count_states(record.id).get(RowState.CREATED):
                                await anyio.lowlevel.checkpoint()
                        stop.set()

                    async with beside(until_found):
                        found += [event async for event in dialing.events]
                assert [event for event in found if isinstance(event, Settled)]
        assert not desk.faults(home)

    anyio.run(go)


def test_a_ledger_restored_from_a_backup_a_hundred_rows_old_calls_nobody_twice(desk: Desk) -> None:
    """Its calls since, and the answers that were lost among them, are found before anything is sent."""
    home, backup = home_of(desk, rows=150), desk.folder / "backup"

    async def go() -> None:
        async with desk.at() as stand_in:
            await desk.dial(home, stand_in, limit=40)
        shutil.copytree(home, backup)
        async with desk.at(faults=Often()) as stand_in:
            left = 110
            while left > 10:
                end = await desk.dial(home, stand_in, limit=left - 10, look_ups=False)
                left = end.counts.get(RowState.PENDING, 0) + end.counts.get(RowState.RETRY_WAIT, 0)
        made = len(rings(desk.folder))
        shutil.rmtree(home)
        shutil.copytree(backup, home)
        desk.now.ahead = timedelta(minutes=20)
        async with desk.at(listing=Listing(shuffled=True)) as stand_in:
            end = await desk.dial(home, stand_in)
        assert end.counts[RowState.CREATED] == 150
        assert made > 100
        assert len(rings(desk.folder)) == 150
        assert not desk.faults(home)
        assert any("called already" in line for line in desk.said)

    anyio.run(go)


def test_a_copied_home_folder_calls_nobody_twice(desk: Desk) -> None:
    home, copy = home_of(desk, rows=20), desk.folder / "copy"

    async def go() -> None:
        async with desk.at() as stand_in:
            await desk.dial(home, stand_in, limit=4)
            shutil.copytree(home, copy)
            await desk.dial(home, stand_in, limit=8)
            await desk.dial(copy, stand_in, limit=3)
            await desk.dial(home, stand_in)
            await desk.dial(copy, stand_in)
        assert len(rings(desk.folder)) == 20
        assert not desk.faults(home)
        assert not desk.faults(copy)

    anyio.run(go)


def test_two_copies_that_dial_at_once_stop_before_most_are_called_twice(desk: Desk) -> None:
    """Somebody said of both that the other one rests. The list says otherwise, to the one that looks first."""
    home, copy = home_of(desk, rows=120), desk.folder / "copy"
    shutil.copytree(home, copy)
    slow = PLAN.model_copy(update={"calls_per_second": 60.0})
    ends = list[DialingEnd]()

    async def go() -> None:
        async with desk.at() as stand_in, anyio.create_task_group() as both:

            async def one(folder: Path) -> None:
                ends.append(await desk.dial(folder, stand_in, plan=slow, watched_every=0.2))

            both.start_soon(one, home)
            both.start_soon(one, copy)

    anyio.run(go)
    stopped = [end.stop for end in ends if end.stop is not None]
    assert stopped
    assert {int(stop.code) for stop in stopped} == {5}
    assert all("somebody else is calling the people of this run" in stop.why for stop in stopped)
    doubled = len(rings(desk.folder)) - len({ring.phone for ring in rings(desk.folder)})
    assert doubled < 60

    async def rest() -> None:
        async with desk.at() as stand_in:
            for folder in (home, copy):
                end = await desk.dial(folder, stand_in)
                assert not end.counts.get(RowState.PENDING)

    anyio.run(rest)
    # What waited is called once, by whichever comes first.
    phones = [ring.phone for ring in rings(desk.folder)]
    assert len(set(phones)) == 120
    assert len(phones) - 120 == doubled


def test_a_list_that_fails_while_the_run_dials_stops_nothing(desk: Desk) -> None:
    """No news is no evidence: what it would have said is found before the next start."""
    home = home_of(desk, rows=30)
    slow = PLAN.model_copy(update={"calls_per_second": 40.0})

    async def go() -> None:
        async with desk.at(listing=Listing(ending="list_404")) as stand_in:
            end = await desk.dial(home, stand_in, plan=slow, watched_every=0.1)
        assert end.stop is None
        assert end.counts == {RowState.CREATED: 30}

    anyio.run(go)


def test_runs_of_one_ledger_are_not_foreign_to_each_other(desk: Desk) -> None:
    """Their calls are in it, or on their way; a look every few milliseconds meets them in every state."""
    home = home_of(desk, rows=60)
    slow = PLAN.model_copy(update={"calls_per_second": 80.0})

    async def go() -> None:
        async with desk.at(faults=Often()) as stand_in:
            end = await desk.dial(home, stand_in, plan=slow, watched_every=0.01)
        assert end.stop is None or "somebody else" not in end.stop.why

    anyio.run(go)


@pytest.mark.parametrize(
    ("listing", "why"),
    [
        (Listing(newest=6), "lacks a call that this run made"),
        (Listing(lag=24 * 3600.0), "lacks a call that this run made"),
        (Listing(ending="list_401"), "status 401"),
        (Listing(ending="list_moved"), "status 302"),
        (Listing(ending="list_html"), "no list of calls"),
    ],
    ids=["cut", "late", "refused", "redirected", "no list"],
)
def test_a_list_that_does_not_reach_back_to_our_last_call_lets_nobody_be_called(
    desk: Desk, listing: Listing, why: str
) -> None:
    """Of a backup ten rows old and a list of six calls, four people would be called twice."""
    home, backup = home_of(desk, rows=16), desk.folder / "backup"

    async def go() -> None:
        async with desk.at() as stand_in:
            await desk.dial(home, stand_in, limit=3)
            shutil.copytree(home, backup)
            await desk.dial(home, stand_in, limit=10)
        desk.now.ahead = timedelta(minutes=5)
        async with desk.at(listing=listing) as stand_in:
            for _ in range(2):
                with pytest.raises(AuditError, match=why):
                    await desk.dial(backup, stand_in)
        assert len(rings(desk.folder)) == 13
        assert not [fault for fault in desk.faults(backup) if "no call of its own" in fault]

    anyio.run(go)


@pytest.mark.parametrize("listing", [Listing(ending="list_404"), Listing(ending="list_reset")], ids=["404", "reset"])
def test_a_run_that_has_called_nobody_goes_on_without_a_list_and_says_so(desk: Desk, listing: Listing) -> None:
    home = home_of(desk, rows=5)

    async def go() -> None:
        async with desk.at(listing=listing) as stand_in:
            end = await desk.dial(home, stand_in)
        assert end.counts[RowState.CREATED] == 5
        assert "could not be listed" in desk.said[0]

    anyio.run(go)


def test_a_second_ledger_takes_over_the_calls_that_the_first_one_made_since_its_run_began(desk: Desk) -> None:
    home, second = home_of(desk, rows=12), desk.folder / "second"
    with open_ledger(second, now=desk.now) as ledger:
        begin(ledger, people(20))

    async def go() -> None:
        async with desk.at() as stand_in:
            await desk.dial(home, stand_in)
            end = await desk.dial(second, stand_in)
        assert end.counts[RowState.CREATED] == 20
        assert len(rings(desk.folder)) == 20
        assert not desk.faults(second)

    anyio.run(go)


@pytest.mark.parametrize("day", ["Monday", "Tuesday"], ids=["the same words", "other words"])
def test_whom_another_ledger_called_before_is_skipped_and_says_so(desk: Desk, day: str) -> None:
    """A new folder for the same sheet is the likeliest way to call everybody twice."""
    home, second = home_of(desk, rows=12), desk.folder / "second"

    async def go() -> None:
        async with desk.at() as stand_in:
            await desk.dial(home, stand_in)
            desk.now.ahead = timedelta(hours=1)
            with open_ledger(second, now=desk.now) as ledger:
                begin(ledger, people(20, day=day))
            end = await desk.dial(second, stand_in)
        assert (end.counts[RowState.SKIPPED], end.counts[RowState.CREATED]) == (12, 8)
        assert len(rings(desk.folder)) == 20
        with open_ledger(second, now=desk.now) as ledger:
            reasons = list(ledger.read.rows.count_reasons(named(ledger).id, RowState.SKIPPED))
        assert all(reason.startswith("called recently: 20") for reason, _ in reasons)

    anyio.run(go)


@pytest.mark.parametrize(("day", "skipped"), [("Monday", 12), ("Tuesday", 0)], ids=["the same words", "other words"])
def test_who_was_called_long_ago_is_called_again_only_with_other_words(desk: Desk, day: str, skipped: int) -> None:
    home, second = home_of(desk, rows=12), desk.folder / "second"

    async def go() -> None:
        async with desk.at() as stand_in:
            await desk.dial(home, stand_in)
            desk.now.ahead = timedelta(days=30)
            with open_ledger(second, now=desk.now) as ledger:
                begin(ledger, people(20, day=day))
            end = await desk.dial(second, stand_in)
        assert end.counts.get(RowState.SKIPPED, 0) == skipped

    anyio.run(go)
