"""Virtual time: days pass in an instant, in the order of their timers, and both clocks tell the same."""

import time
from datetime import UTC, datetime, timedelta

import anyio
import anyio.lowlevel

from campaign.engine.pacing.virtual_loop import VirtualClock, run_in_virtual_time

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def test_three_days_of_waiting_take_no_time() -> None:
    """A rehearsal of days is worth nothing if it takes days."""
    clock = VirtualClock(MORNING)

    async def wait() -> datetime:
        await anyio.sleep(timedelta(days=3).total_seconds())
        return clock.now()

    began = time.monotonic()
    assert run_in_virtual_time(wait, clock=clock) == MORNING + timedelta(days=3)
    assert time.monotonic() - began < 60


def test_timers_end_in_their_order_and_at_their_time() -> None:
    """A retry that came before the call that it repeats would make the rehearsal another campaign."""
    clock, seen = VirtualClock(MORNING), list[tuple[str, float]]()

    async def after(name: str, seconds: float) -> None:
        await anyio.sleep(seconds)
        seen.append((name, anyio.current_time()))

    async def all_of_them() -> None:
        async with anyio.create_task_group() as tasks:
            for name, seconds in (("noon", 10_800.0), ("at once", 0.0), ("soon", 0.25), ("night", 43_200.0)):
                tasks.start_soon(after, name, seconds)

    run_in_virtual_time(all_of_them, clock=clock)
    assert [name for name, _ in seen] == ["at once", "soon", "noon", "night"]
    assert [round(at, 6) for _, at in seen] == [0.0, 0.25, 10_800.0, 43_200.0]


def test_work_takes_no_time() -> None:
    """Only waiting moves the clock: a slow machine rehearses the same campaign."""
    clock = VirtualClock(MORNING)

    async def work() -> datetime:
        for _ in range(1_000):
            await anyio.lowlevel.checkpoint()
        return clock.now()

    assert run_in_virtual_time(work, clock=clock) == MORNING
