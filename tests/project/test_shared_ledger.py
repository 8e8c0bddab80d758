"""The ledger on paper comes to what was measured, and to what is known: its figures stand in the documentation."""

from pathlib import Path
from random import Random

import pytest

from tests.bench.ledger_on_paper import Disk, Events, PaceRow, commits_per_second
from tests.bench.runs_on_paper import Case
from tests.bench.shared_ledger import CASES, breaks_at, simulate

_CLOSE = 0.2
_PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "many-machines.md").read_text("utf-8")


@pytest.mark.parametrize(("clients", "calls"), [(1, 346), (8, 835), (40, 1390)])
def test_calls_of_clients_without_groups_come_to_what_pgbench_measured(clients: int, calls: float) -> None:
    """Two commits a call; three figures, two constants: the flush that is shared, and the work that is not."""
    assert commits_per_second(clients, row=False) / 2 == pytest.approx(calls, rel=_CLOSE)


@pytest.mark.parametrize(("clients", "updates"), [(1, 936), (8, 1163)])
def test_updates_of_one_row_come_to_what_pgbench_measured(clients: int, updates: float) -> None:
    """Its lock is held over the flush, so clients do not add up."""
    assert commits_per_second(clients, row=True) == pytest.approx(updates, rel=_CLOSE)


def test_one_run_that_only_writes_comes_to_what_the_program_was_measured_at() -> None:
    """Claims and endings in groups, 50 in flight: 715 to 939 calls/s."""
    alone = simulate(Case(10_000, runs=1, accounts=1, answer=(0, 0), seconds=2))
    assert alone.calls == pytest.approx((715 + 939) / 2, rel=_CLOSE)


def test_a_row_waits_as_a_queue_with_one_server_and_a_fixed_time_does() -> None:
    """M/D/1 at a load of 0.8: the mean wait is 0.8 / (2 * 0.2) = 2 service times."""
    events, random, at = Events(), Random(1), 0.0
    row = PaceRow(events)

    def begin() -> None:
        row.take(change=True, then=lambda: events.at(events.now + 1.0, lambda: row.release(change=True)))

    for _ in range(40_000):
        at += random.expovariate(0.8)
        events.at(at, begin)
    events.run(until=at + 1000)
    assert sum(row.waits) / len(row.waits) == pytest.approx(2.0, rel=0.1)


def test_who_changes_the_row_waits_until_nobody_reads_it_and_readers_join_past_it() -> None:
    """As PostgreSQL does: with readers that always overlap, FOR UPDATE was seen to wait until they ended."""
    events, seen = Events(), list[str]()
    row = PaceRow(events)

    def read(name: str) -> None:
        row.take(change=False, then=lambda: seen.append(name))
        events.at(events.now + 2.0, lambda: row.release(change=False))

    events.at(0.0, lambda: read("first"))
    events.at(1.0, lambda: row.take(change=True, then=lambda: seen.append(f"change at {events.now:g}")))
    events.at(1.5, lambda: read("second"))
    events.run(until=10)
    assert seen == ["first", "second", "change at 3.5"]


def test_one_flush_carries_all_who_came_during_the_last() -> None:
    """Or forty clients would be no faster than one."""
    events = Events()
    disk = Disk(events, flush=1.0)
    for at in (0.0, 0.3, 0.6):
        events.at(at, lambda: disk.commit(0.0, lambda: None))
    events.run(until=10)
    assert (disk.commits, disk.flushes) == (3, 2)


def test_a_million_an_hour_is_reached_on_the_measured_server_and_ten_million_are_not() -> None:
    """What the page says first."""
    reached, made, what = breaks_at(Case(278, accounts=1, seconds=3))
    assert 3 * 278 <= reached < 10 * 278
    assert made < 2_000
    assert what == "server's disk"


def test_the_same_seed_gives_the_same_figures() -> None:
    """So that the page's table can be made again."""
    case = Case(278, accounts=4, seconds=1)
    assert simulate(case) == simulate(case)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("a million an hour, 40 accounts", "| a million an hour, 40 accounts | {calls} | {commits} |"),
        ("ten million, one account", "| **ten million asked**, one account | **{calls}** | {commits} |"),
    ],
)
def test_the_page_says_what_the_simulation_says(name: str, row: str) -> None:
    """Two of its rows, the cheap ones: who changes a constant makes the whole table again."""
    found = simulate(CASES[name])
    assert row.format(calls=f"{found.calls:,.0f}", commits=f"{found.commits:,.0f}") in _PAGE
