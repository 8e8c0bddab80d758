"""Signals: the first lets calls on their way end, the second leaves at once; nothing that rang is forgotten."""

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import anyio
import pytest

from tests.cli.conftest import TEMPLATE, Desk, StandIn, stand_in
from tests.warm import Piped, warm

SLOW = TEMPLATE + "[pace]\ncalls_per_second = 20\nmax_in_flight = 4\n"


def started(desk: Desk, server: StandIn, *words: str | Path) -> AbstractContextManager[Piped]:
    """The program as a process of its own, which ends with the block if it has not ended before."""
    environment = {**os.environ, **server.env}
    return warm().piped("campaign.cli.main:main", list(map(str, words)), folder=desk.folder, environment=environment)


def until(came: Callable[[], bool]) -> None:
    async def wait() -> None:
        with anyio.fail_after(60):
            while not came():  # noqa: ASYNC110 - another process sets no event of ours
                await anyio.sleep(0.01)

    anyio.run(wait)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)],
    ids=str,
)
def test_the_first_signal_lets_calls_on_their_way_end(desk: Desk, number: signal.Signals, code: int) -> None:
    with stand_in(desk.folder, latency=0.2) as server:
        words = ("run", desk.people(1000), "-t", desk.template(SLOW), "--yes", "--name", "first")
        with started(desk, server, *words) as process:
            until(lambda: len(server.rings()) >= 5)
            process.send_signal(number)
            _, err = process.ended()
        rings = server.rings()
    assert process.returncode == code
    assert "stopped as asked; " in err
    assert "campaign resume first" in err
    rows = desk.results("first.results.csv")
    assert len(rows) == 1000
    assert sorted(row["_phone"] for row in rows if row["_status"] == "created") == sorted(rings)
    assert not [row for row in rows if row["_status"] == "unknown"]


def test_the_second_signal_leaves_at_once_and_the_next_start_knows_what_was_on_its_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stand_in(desk.folder, fault="hang=1") as server:
        words = ("run", desk.people(20), "-t", desk.template(SLOW), "--yes", "--name", "first")
        with started(desk, server, *words) as process:
            until(lambda: len(server.rings()) == 4)
            process.send_signal(signal.SIGINT)
            assert any("stopping" in line for line in process.stderr)
            process.send_signal(signal.SIGINT)
            process.ended()
        assert process.returncode == 130
        rang = server.rings()
    healthy_folder = desk.folder / "healthy"
    healthy_folder.mkdir()
    with stand_in(healthy_folder) as healthy:
        for name, value in healthy.env.items():
            monkeypatch.setenv(name, value)
        ended = desk("resume", "first", "--yes", "--rate", "1000")
        assert not set(healthy.rings()) & set(rang)
    assert ended.code == 1
    assert "4 calls of an earlier start may have been made" in ended.err
    unknown = [row["_phone"] for row in desk.results("first.results.csv") if row["_status"] == "unknown"]
    assert sorted(unknown) == sorted(rang)


def test_a_second_process_is_turned_away(desk: Desk) -> None:
    with stand_in(desk.folder, latency=0.2) as server:
        words = ("run", desk.people(1000), "-t", desk.template(SLOW), "--yes", "--name", "first")
        with started(desk, server, *words) as process:
            until(lambda: len(server.rings()) >= 2)
            with started(desk, server, "resume", "first", "--yes") as second:
                _, err = second.ended()
            assert second.returncode == 75
            assert "another process" in err
            process.send_signal(signal.SIGTERM)
            process.ended()
        assert len(server.rings()) == len(set(server.rings()))
    statuses = {row["_status"] for row in desk.results("first.results.csv")}
    assert statuses == {"created", "pending"}, "the first one's calls on their way were taken for a crash's"
