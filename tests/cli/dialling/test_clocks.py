"""A machine whose clock is wrong, as the person in front of it sees it."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import TEMPLATE, Desk, StandIn, stand_in

FAST = TEMPLATE + '[pace]\ncalls_per_second = 1000\n[limits]\ncall_again_after = "24h"\n'
DAY = timedelta(days=1)


@pytest.fixture
def server(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A stand-in whose clock is right."""
    with stand_in(desk.folder, clock=time.time) as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running


def two_days_ahead() -> datetime:
    return datetime.now(UTC) + 2 * DAY


@pytest.fixture
def called(desk: Desk, server: StandIn) -> Desk:
    """Three people were called a moment ago."""
    people = desk.people(3)
    assert desk("run", people, "-t", desk.template(FAST), "--yes", "--allow-fictitious").code == 0
    assert len(server.rings()) == 3
    return desk


AGAIN = (
    "run",
    "sheet.csv",
    "-t",
    "visits.toml",
    "--yes",
    "--allow-fictitious",
    "--again",
    "--name",
    "again",
    "--call-unfollowed",
)


@pytest.mark.parametrize("flags", [(), ("--no-audit",)], ids=["with the list", "without it"])
def test_two_days_ahead_nobody_is_called_again_within_minutes(
    called: Desk, server: StandIn, flags: tuple[str, ...]
) -> None:
    """By that clock `call_again_after` is over; only AICaller's tells otherwise."""
    called.now = two_days_ahead
    ended = called(*AGAIN, *flags)
    assert ended.code == 5
    assert "this machine's clock says 20" in ended.err
    assert "and AICaller's 20" in ended.err
    assert "nothing was sent; set this machine's clock right, then go on with: campaign resume again" in ended.err
    assert len(server.rings()) == 3
    called.now = None
    assert called("resume", "again", "--yes", *flags).code == 0
    assert len(server.rings()) == 3, "by the right clock it is not over"
    assert [row["_status"] for row in called.results("again.results.csv")] == ["skipped"] * 3


def test_who_trusts_that_clock_has_it_said_and_calls(called: Desk, server: StandIn) -> None:
    called.now = two_days_ahead
    ended = called(*AGAIN, "--trust-clock", "--no-audit")
    assert ended.code == 0
    assert "trusted; calling hours, times and limits are by this machine's" in ended.err
    assert len(server.rings()) == 6
    why = called("status", "again", "--why", "2").out
    assert "clock: AICaller's was 4" in why
    assert "behind this machine's" in why
    assert "trusted all the same (--trust-clock)" in why
    assert json.loads(called("status", "again", "--why", "2", "--json").out)["clock"]["trusted"] is True


def test_a_row_says_that_the_clock_was_right(called: Desk) -> None:
    [name] = [run["run"] for run in json.loads(called("status", "--json").out)]
    assert "clock: right, by AICaller's at 20" in called("status", name, "--why", "2").out


@pytest.mark.parametrize("trusted", [False, True])
def test_a_schedule_fires_by_a_wrong_clock_and_calls_nobody_unless_it_was_told_to(
    desk: Desk, server: StandIn, *, trusted: bool
) -> None:
    at = f"{datetime.now(UTC) + timedelta(hours=47):%Y-%m-%dT%H:%M}"
    words = ("-t", desk.template(FAST), "--at", at, "--timezone", "UTC", "--grace", "24h", "--allow-fictitious")
    added = desk("schedule", "add", "morning", desk.people(3), *words, *(("--trust-clock",) if trusted else ()))
    assert added.code == 0, added.err
    desk.now = two_days_ahead
    ended = desk("schedule", "run", "--once")
    assert (ended.code, len(server.rings())) == ((0, 3) if trusted else (5, 0))
    if not trusted:
        last = json.loads(desk("schedule", "list", "--json").out)[0]["last"]
        assert last["state"] == "abandoned"
        assert "this machine's clock says" in last["why"]
        assert f"campaign resume {last['run']}" in last["why"]


def test_the_stand_in_can_be_given_another_clock(desk: Desk) -> None:
    """So that anybody can see what a wrong clock does before it does it."""
    assert "--clock-offset SECONDS" in desk("sandbox", "--help").out
