"""Scripts, notebooks, threads and async code: the same calls, each made once, and a stop that forgets none."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import get_ident

import anyio
import pytest

import campaign
from tests.cli.conftest import TEMPLATE, Desk, StandIn, stand_in
from tests.cli.test_follow import a_day_passes

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"
SLOW = TEMPLATE + "[pace]\ncalls_per_second = 50\nmax_in_flight = 4\n"


def test_a_notebook_may_call_the_plain_functions(desk: Desk) -> None:
    """Its cells run inside of an event loop."""

    async def cell() -> campaign.RunEnd:
        return campaign.start(desk.people(3), desk.template(FAST), sandbox=True)

    assert asyncio.run(cell()).counts.created == 3


def test_an_event_loop_goes_on_while_calls_are_made(desk: Desk) -> None:
    async def main() -> tuple[campaign.RunEnd, int]:
        ticks, seen = 0, set[int]()
        running = asyncio.create_task(
            campaign.start_async(
                desk.people(30), desk.template(SLOW), sandbox=True, on_event=lambda _event: seen.add(get_ident())
            )
        )
        while not running.done():
            await asyncio.sleep(0)
            ticks += 1
        assert seen == {get_ident()}
        return await running, ticks

    end, ticks = asyncio.run(main())
    assert end.counts.created == 30
    assert ticks > 100


def test_the_other_coroutines_do_what_their_namesakes_do(desk: Desk) -> None:
    async def main() -> list[object]:
        await campaign.start_async(desk.people(3), desk.template(FAST), sandbox=True, name="r", limit=2, fault="400=1")
        resumed = await campaign.resume_async("r", sandbox=True)
        again = await campaign.rerun_async("r", sandbox=True)
        a_day_passes(desk)
        followed = await campaign.follow_async("r", sandbox=True, rate=1000)
        return [resumed.counts, again.counts, sum(followed.outcomes.values())]

    assert asyncio.run(main()) == [campaign.Counts(created=1, rejected=2), campaign.Counts(created=3), 3]


def test_two_runs_at_once_from_two_threads(desk: Desk, server: StandIn) -> None:
    template = desk.template(FAST)
    sheets = [desk.people(40, first=first, name=f"{first}.csv") for first in (0, 40)]
    with ThreadPoolExecutor(2) as threads:
        ends = list(
            threads.map(lambda sheet: campaign.start(sheet, template, call_people=True, name=sheet.stem), sheets)
        )
    assert [end.counts for end in ends] == [campaign.Counts(created=40)] * 2
    assert sorted(Counter(server.rings()).values()) == [1] * 80


def test_one_sheet_from_two_threads_at_once_is_called_once(desk: Desk, server: StandIn) -> None:
    sheet, template = desk.people(30), desk.template(FAST)

    def begin(_: int) -> campaign.RunEnd | campaign.CampaignError:
        try:
            return campaign.start(sheet, template, call_people=True, same_sheet="resume")
        except campaign.CampaignError as error:
            return error

    with ThreadPoolExecutor(4) as threads:
        ends = list(threads.map(begin, range(4)))
    [run] = campaign.status()
    if run.counts.pending:
        campaign.resume(run.name, call_people=True)
    assert any(isinstance(end, campaign.RunEnd) for end in ends)
    assert all(isinstance(end, campaign.RunEnd | campaign.BusyError | campaign.UsageError) for end in ends)
    assert sorted(Counter(server.rings()).values()) == [1] * 30


def test_a_run_may_be_looked_at_while_it_is_dialled(desk: Desk, server: StandIn) -> None:
    """To open its ledger once more must not take the locks of the run away."""
    looks = list[int]()

    def look(event: campaign.Event) -> None:
        if isinstance(event, campaign.RowSettled):
            looks.append(campaign.status("first").counts.created)

    end = campaign.start(desk.people(12), desk.template(FAST), call_people=True, name="first", on_event=look)
    assert looks == sorted(looks)
    assert len(looks) == end.counts.created == len(server.rings()) == 12


@pytest.mark.parametrize("cancel", ["task", "scope"])
def test_a_cancelled_coroutine_writes_its_calls_down_before_it_ends(desk: Desk, cancel: str) -> None:
    with stand_in(desk.folder, latency=0.2) as server:
        environment = {**server.env, "CAMPAIGN_HOME": str(desk.folder / "home")}

        async def main() -> None:
            settled = asyncio.Event()

            def on_event(event: campaign.Event) -> None:
                if isinstance(event, campaign.RowSettled):
                    settled.set()

            async def dial() -> None:
                await campaign.start_async(
                    desk.people(500),
                    desk.template(SLOW),
                    call_people=True,
                    name="first",
                    environment=environment,
                    on_event=on_event,
                )

            if cancel == "scope":
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(dial)
                    await settled.wait()
                    tasks.cancel_scope.cancel()
                return
            task = asyncio.create_task(dial())
            await settled.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(main())
        rings = server.rings()
        counts = campaign.status("first").counts
    assert counts == campaign.Counts(created=len(rings), pending=500 - len(rings))
    assert 0 < len(rings) < 500


def test_what_a_callback_raises_stops_the_run_well_and_comes_out(desk: Desk) -> None:
    class EnoughError(Exception):
        pass

    def on_event(event: campaign.Event) -> None:
        if isinstance(event, campaign.RowSettled):
            raise EnoughError

    with pytest.raises(EnoughError):
        campaign.start(desk.people(300), desk.template(SLOW), sandbox=True, name="first", on_event=on_event)
    counts = campaign.status("first").counts
    assert counts.unknown == 0
    assert counts.created > 0
    assert counts.pending > 0
    assert campaign.status("first").counts == counts


def test_context_variables_reach_the_run(desk: Desk) -> None:
    """Loggers and tracers keep there what a line belongs to."""
    task = ContextVar("task", default="none")
    seen = list[str]()

    def clock() -> datetime:
        seen.append(task.get())
        return datetime.now(UTC)

    task.set("nightly")
    campaign.start(desk.people(1), desk.template(FAST), sandbox=True, now=clock)
    assert "nightly" in seen
