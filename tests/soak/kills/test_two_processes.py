"""Two people, or a person and a timer, start the same thing: one of them works, the other is told so at once."""

import random
import signal
import time
from pathlib import Path

import pytest

from tests.soak.campaigner import RUN, Camp, Start, camp, stand_in
from tests.soak.checking.checker import count_rows
from tests.soak.sheets import write_shuffled

# So slow that whoever holds the run is still dialling when the other has long been turned away.
_SLOW = ("--rate", "10", "--max-in-flight", "4", "--no-audit")


@pytest.mark.parametrize("pair", [0, *(pytest.param(pair, marks=pytest.mark.nightly) for pair in range(1, 10))])
def test_of_two_that_start_one_sheet_one_works(tmp_path: Path, pair: int) -> None:
    """Both may have loaded the sheet before either of them has published it."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=_SLOW) as made:
        made.prepare(rows=200)
        winner, loser = _race(made, seed=pair)
        assert loser.process.returncode in (2, 75), loser.said()
        words = ("just started by another process", "being worked on by another process")
        assert any(word in loser.said() for word in words), loser.said()
        _end_well(made, winner)


# Every day the command line's own test of a second process does it, with less of a race.
@pytest.mark.nightly
@pytest.mark.parametrize("pair", range(10))
def test_of_two_that_resume_one_run_one_works(tmp_path: Path, pair: int) -> None:
    """The second must not take the first one's calls on their way for those of a crash."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=_SLOW) as made:
        made.prepare(rows=200)
        assert made.run("--limit", "1").end() == 0
        winner, loser = _race(made, seed=100 + pair, resuming=True)
        assert loser.process.returncode == 75, loser.said()
        assert "is being worked on by another process" in loser.said()
        _end_well(made, winner)
        assert count_rows(made.home, RUN)["unknown"] == 0


def test_a_sorted_and_renamed_copy_of_a_sheet_calls_nobody_twice(tmp_path: Path) -> None:
    """The likeliest way to call ten thousand people twice is to start their sheet again from another folder."""
    elsewhere = tmp_path / "other folder"
    elsewhere.mkdir()
    with stand_in(tmp_path) as place, camp(tmp_path, place) as made:
        made.prepare(rows=120, call_again_after="0s")
        start = made.run()
        assert made.await_ring(start, rings=30)
        start.send(signal.SIGKILL)
        copy = elsewhere / "final (2).csv"
        write_shuffled(made.sheet, copy, seed=3)
        resumed = made.run(sheet=copy)
        assert resumed.end() == 1, resumed.said()  # The kill has left some rows unknown.
        assert f"resuming run {RUN}" in resumed.said()
        again = made.run(sheet=copy)
        assert again.end() == 3
        assert f"as {RUN}, and is finished" in again.said()
        assert made.check() == []


def _race(made: Camp, *, seed: int, resuming: bool = False) -> tuple[Start, Start]:
    """Two starts, up to as far apart as one takes to load; (the one that works, the one that was turned away)."""
    start = made.resume if resuming else made.run
    first = start()
    # The one random duration here: how far apart they are is what is being tried out.
    time.sleep(random.Random(seed).random() * 0.1)
    second = start()
    made.await_state(first, lambda: second.process.poll() is not None)
    return (second, first) if first.process.poll() is not None else (first, second)


def _end_well(made: Camp, winner: Start) -> None:
    assert made.await_ring(winner), winner.said()
    assert winner.send(signal.SIGTERM) == 143, winner.said()
    assert made.check(ended=False) == []
