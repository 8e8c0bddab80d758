"""A stand-in whose clock differs: nobody is called before that was seen, by whichever way the run is dialled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream
from pydantic import SecretStr

from campaign.config.settings import SANDBOX_SERVICE, Account
from campaign.domain.errors import ClockError
from campaign.domain.model import RowState
from campaign.engine.events import ClockTrusted
from campaign.ledger.store import Ledger
from campaign.presentation.cures import terminal_text
from campaign.sandbox.server import SandboxConfig, serve
from tests.engine.held_run.stage import PEOPLE, dialled, end_of, kinds, order_for
from tests.followup.day import Day, DayClock

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


def off(clock: DayClock, by: timedelta) -> Callable[[], float]:
    def seconds() -> float:
        return (clock.now() + by).timestamp()

    return seconds


def at(base_url: str) -> Account:
    return Account(api_key=SecretStr("sandbox"), base_url=base_url, service=SANDBOX_SERVICE)


@pytest.mark.parametrize("audit", [True, False], ids=["with the list", "without the list"])
@pytest.mark.parametrize("by", [-2 * DAY, timedelta(hours=9), timedelta(minutes=-3)], ids=str)
async def test_before_the_first_call_a_wrong_clock_stops_the_run(
    tmp_path: Path, ledger: Ledger, clock: DayClock, *, by: timedelta, audit: bool
) -> None:
    async with serve(SandboxConfig(clock=off(clock, by))) as sandbox:
        day = Day(tmp_path, ledger, clock, sandbox, at(sandbox.base_url))
        record = day.start(*PEOPLE)
        order = order_for(day, record)
        with pytest.raises(ClockError) as caught:
            await dialled(day, record, order=order if audit else replace(order, look_ups=None))
        assert not list(sandbox.calls)
    line = terminal_text(caught.value.message)
    assert line.startswith("this machine's clock says 2026-12-01 09:00:00 UTC, and AICaller's ")
    assert f"{datetime.fromtimestamp(off(clock, by)(), clock.now().tzinfo):%Y-%m-%d %H:%M}" in line
    assert "campaign resume monday (--trust-clock goes on by it as it is)" in line
    assert caught.value.exit_code == 5
    assert ledger.read.rows.count_states(record.id) == {RowState.PENDING: 6}


async def test_two_minutes_are_borne(tmp_path: Path, ledger: Ledger, clock: DayClock) -> None:
    async with serve(SandboxConfig(clock=off(clock, timedelta(seconds=100)))) as sandbox:
        day = Day(tmp_path, ledger, clock, sandbox, at(sandbox.base_url))
        record = day.start(*PEOPLE)
        assert end_of(await dialled(day, record, order=order_for(day, record))).counts == {RowState.CREATED: 6}
    history = ledger.read.rows.history(record.id, 2)
    assert history is not None
    assert history.clock is not None
    assert abs((history.clock.ahead_seconds or 0) - 100) <= 2


async def test_a_trusted_clock_is_gone_by_and_every_row_says_so(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    async with serve(SandboxConfig(clock=off(clock, -2 * DAY))) as sandbox:
        day = Day(tmp_path, ledger, clock, sandbox, at(sandbox.base_url))
        record = day.start(*PEOPLE)
        events = await dialled(day, record, order=replace(order_for(day, record), trust_clock=True))
        assert len(list(sandbox.calls)) == 6
    assert ClockTrusted in kinds(events)
    history = ledger.read.rows.history(record.id, 7)
    assert history is not None
    assert history.clock is not None
    assert history.clock.trusted
    assert history.clock.ahead_seconds == pytest.approx(-2 * 86_400, abs=2)


async def test_a_service_that_does_not_say_the_time_is_called_and_that_is_recorded(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    """A Date is asked of nobody; where there is none, nothing is known, and nothing is pretended."""
    async with serve(SandboxConfig(clock=off(clock, -2 * DAY), dated=False)) as sandbox:
        day = Day(tmp_path, ledger, clock, sandbox, at(sandbox.base_url))
        record = day.start(*PEOPLE)
        assert end_of(await dialled(day, record, order=order_for(day, record))).counts == {RowState.CREATED: 6}
    history = ledger.read.rows.history(record.id, 2)
    assert history is not None
    assert history.clock is not None
    assert history.clock.ahead_seconds is None


async def test_a_service_that_does_not_answer_is_asked_once(tmp_path: Path, ledger: Ledger, clock: DayClock) -> None:
    """Then calls go out one at a time, and their answers tell; a run does not wait for the same silence again."""
    requests = list[bytes]()

    async def hang_up(stream: SocketStream) -> None:
        async with stream:
            requests.append((await stream.receive())[:4])

    async with serve(SandboxConfig(clock=clock.seconds)) as sandbox, anyio.create_task_group() as tasks:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        tasks.start_soon(listener.serve, hang_up)
        port = listener.extra(SocketAttribute.local_port)  # noqa: S610 - a socket's attribute, and no query of Django's
        silent = at(f"http://127.0.0.1:{port}")
        day = Day(tmp_path, ledger, clock, sandbox, silent)
        record = day.start(*PEOPLE)
        end = end_of(await dialled(day, record, order=replace(order_for(day, record), look_ups=None)))
        tasks.cancel_scope.cancel()
    await listener.aclose()
    assert requests.count(b"GET ") == 1
    assert requests.count(b"POST") == end.counts[RowState.UNKNOWN] > 0
