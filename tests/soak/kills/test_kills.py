import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from campaign.sandbox.faults.table import FaultPlan
from tests.soak.campaigner import MAX_IN_FLIGHT, PACE, RUN, Camp, camp, stand_in
from tests.soak.checking.checker import Tally, count_rows, open_ledger_file, rings_of
from tests.soak.kills.killer import FAULTS, Figures, Killer, Moment
from tests.soak.starting import from_cold

# A POST that meets one of these has an ending that is known, or a good answer in an unusual form.
_PROVE_SOMETHING = {"400", "422", "413", "400_telling", "429_past", "429_bare", "429", "503"}
_PROVE_SOMETHING |= {"early_hints", "201", "chunked", "http10", "no_phone", "late"}


def test_kills_at_any_moment_call_nobody_twice_and_forget_nobody(tmp_path: Path) -> None:
    """The promise itself, on the real process: what a kill leaves behind is known, and made good by the next start."""
    with stand_in(tmp_path, faults=FAULTS, seed=20, latency=0.02) as place, camp(tmp_path, place) as made:
        made.prepare(rows=150)
        figures = Killer(made, seed=20, moments={Moment.DIALLING: 1}).kill(4, loading=1)
        counts = _judge(made, kills=figures.kills, seed=20)
    assert figures.kills == 4
    assert counts["created"] > counts["unknown"] > 0


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_twenty_kills_call_nobody_twice_and_forget_nobody(tmp_path: Path) -> None:
    """As above, at moments of every kind."""
    figures, counts = _soak(tmp_path, kills=20, rows=500, seed=20)
    assert figures.kills == 20
    assert counts["created"] > counts["unknown"] > 0


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_hundreds_of_kills_call_nobody_twice_and_forget_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As above, often enough to meet a window of a millisecond; the seed is another one each time, and printed."""
    seed = random.SystemRandom().randrange(1_000_000)
    with capsys.disabled():
        print(f"\nseed {seed}", flush=True)  # noqa: T201 - it is run for these
        figures, counts = _soak(tmp_path, kills=200, rows=3000, seed=seed)
        rings = len(rings_of(tmp_path / "truth.jsonl"))
        print(f"{figures.kills} kills {dict(sorted(figures.moments.items()))}, {figures.signals} stopped by a signal")  # noqa: T201 - it is run for these
        print(f"{figures.starts} starts, {rings} rings, {dict(counts)}, {figures.seconds:.0f} s", flush=True)  # noqa: T201 - it is run for these
    assert figures.kills == 200


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_kills_at_any_moment_of_a_run_that_looks_up_its_lost_answers_break_no_rule(tmp_path: Path) -> None:
    """What is found is found under its own id, and whatever is left unknown was not called."""
    with stand_in(tmp_path, faults=FAULTS, seed=7) as place, camp(tmp_path, place, flags=PACE[:-1]) as made:
        made.prepare(rows=1000)
        figures = Killer(made, seed=7).kill(60)
        tally = Tally(max_in_flight=MAX_IN_FLIGHT, kills=figures.kills, faults=_doubtful_faults(made, seed=7))
        assert made.check(tally) == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_hundred_signals_leave_no_call_without_an_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stopping well is what people do every day; it costs no row, whenever it comes."""
    seed = random.SystemRandom().randrange(1_000_000)
    with stand_in(tmp_path, faults=FAULTS, seed=seed) as place, camp(tmp_path, place) as made:
        made.prepare(rows=3000)
        figures = Killer(made, seed=seed, moments={Moment.SIGNALLED: 1}).stop(100)
        tally = Tally(max_in_flight=MAX_IN_FLIGHT, kills=0, faults=_doubtful_faults(made, seed=seed))
        assert made.check(tally) == [], f"seed {seed}"
        with capsys.disabled():
            counts = dict(count_rows(made.home, RUN))
            print(f"\nseed {seed}: {figures}, {counts}", flush=True)  # noqa: T201 - it is run for these


# What the command line's own tests of signals hold every day, judged here by the rules of the kills.
@pytest.mark.nightly
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_the_calls_on_their_way_end(tmp_path: Path, number: signal.Signals) -> None:
    """A person who presses Ctrl-C must not be left with calls of which nobody knows whether they were made."""
    with stand_in(tmp_path, latency=0.2) as place, camp(tmp_path, place) as made:
        made.prepare(rows=100)
        start = made.run()
        assert made.await_ring(start, rings=20)
        assert start.send(number) == 128 + number
        assert made.open_attempts() == 0
        assert count_rows(made.home, RUN)["unknown"] == 0
        assert "campaign resume soak" in start.said()
        made.finish()
        assert made.check(Tally(max_in_flight=MAX_IN_FLIGHT, kills=0)) == []


@pytest.mark.nightly
def test_a_second_signal_leaves_at_once_and_its_calls_are_unknown(tmp_path: Path) -> None:
    """Whoever cannot wait need not, and still nobody is called twice for it."""
    with stand_in(tmp_path, faults="late=1", late=60.0) as place, camp(tmp_path, place) as made:
        made.prepare(rows=40)
        start = made.run()
        assert made.await_ring(start, rings=MAX_IN_FLIGHT)
        start.process.send_signal(signal.SIGTERM)
        assert made.await_state(start, lambda: "again to leave at once" in start.said())
        assert start.send(signal.SIGTERM) == 143
        # A call takes a minute, and a list does not: it left before any of them had ended.
        assert made.open_attempts() == MAX_IN_FLIGHT
    with stand_in(tmp_path) as place, camp(tmp_path, place) as again:
        again.finish()
        assert count_rows(again.home, RUN)["unknown"] == MAX_IN_FLIGHT
        assert again.check(Tally(max_in_flight=MAX_IN_FLIGHT, kills=1)) == []


def _soak(folder: Path, *, kills: int, rows: int, seed: int) -> tuple[Figures, Counter[str]]:
    # New interpreters, as a person's are: a kill may fall into their start.
    with stand_in(folder, faults=FAULTS, seed=seed) as place, camp(folder, place, spawn=from_cold) as made:
        made.prepare(rows=rows)
        figures = Killer(made, seed=seed).kill(kills)
        return figures, _judge(made, kills=figures.kills, seed=seed)


def _judge(made: Camp, *, kills: int, seed: int) -> Counter[str]:
    tally = Tally(max_in_flight=MAX_IN_FLIGHT, kills=kills, faults=_doubtful_faults(made, seed=seed))
    assert made.check(tally) == [], f"seed {seed}"
    return count_rows(made.home, RUN)


def _doubtful_faults(made: Camp, *, seed: int) -> int:
    """How many POSTs met a fault that proves nothing: no attempt has more than one POST."""
    with open_ledger_file(made.home) as ledger:
        attempts = ledger.execute("SELECT count(*) FROM attempt").fetchone()[0]
    plan = FaultPlan.parse(FAULTS, seed=seed)
    met = [fault.name for number in range(attempts) if (fault := plan.at(number)) is not None]
    return sum(name not in _PROVE_SOMETHING for name in met)
