"""A rerun that is killed, and started again, calls exactly the refused rows: each once, and nobody else."""

import random
import signal
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.soak.campaigner import RUN, Camp, camp, stand_in
from tests.soak.checking.checker import open_ledger_file, rings_of

# One row in ten, refused in several ways, all in AICaller's own words: after others a rerun waits for the list.
REFUSALS = "400=0.03,422=0.03,413=0.02,400_telling=0.02"
_LINGER_SECONDS = 0.2
_PACE = ("--rate", "100", "--max-in-flight", "8")


def test_a_killed_rerun_calls_every_refused_row_once_and_nobody_else(tmp_path: Path) -> None:
    kills, refused = _killed(tmp_path, rows=200, kills=2, seed=7)
    assert kills > 0
    assert refused > 10


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(10))
def test_reruns_killed_again_and_again_do_so_too(tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten seeds of ten, a dozen kills each."""
    kills, refused = _killed(tmp_path, rows=1500, kills=12, seed=seed)
    with capsys.disabled() if refused else nullcontext():
        print(f"\nseed {seed}: {kills} kills, {refused} refused rows", flush=True)  # noqa: T201 - it is run for these


def _killed(folder: Path, *, rows: int, kills: int, seed: int) -> tuple[int, int]:
    """Kills a rerun so often, and lets the last one end; (kills that struck, rows that had been refused)."""
    chance = random.Random(seed)
    with stand_in(folder, faults=REFUSALS, seed=seed) as refusing, camp(folder, refusing) as first:
        first.prepare(rows=rows)
        assert first.run().end() == 1
    refused = _phones(first, "rejected")
    healthy = folder / "healthy"
    healthy.mkdir()
    with stand_in(healthy) as place, camp(folder, place, flags=_PACE) as again:
        again.starts += first.starts
        struck = sum(_kill(again, chance) for _ in range(kills))
        assert again.rerun().end() in (0, 1)
        rung = Counter(ring["phone"] for ring in rings_of(place.truth))
    assert set(rung.values()) <= {1}
    assert set(rung) <= refused
    unknown = _phones(again, "unknown")
    assert refused - set(rung) <= unknown, "what was not called is known not to be known"
    assert refused <= unknown | _phones(again, "created")
    return struck, len(refused)


def _kill(made: Camp, chance: random.Random) -> int:
    """At its start, or as it dials: a time that may fall anywhere from reading the ledger to the last call."""
    start = made.rerun()
    if chance.random() < 0.7:
        made.await_ring(start)
        time.sleep(chance.random() * _LINGER_SECONDS)
    else:
        time.sleep(chance.random())
    return start.send(signal.SIGKILL) == -signal.SIGKILL


def _phones(made: Camp, state: str) -> set[str]:
    with open_ledger_file(made.home) as ledger:
        asked = "SELECT phone FROM sheet_row r JOIN run ON run.id = r.run_id WHERE run.name = ? AND r.state = ?"
        return {phone for (phone,) in ledger.execute(asked, (RUN, state))}
