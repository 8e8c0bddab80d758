"""Small experiments on the real program, each of which a careless program fails; none of them needs luck for long."""

import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.processes import is_stopped
from tests.soak.campaigner import PACE, RUN, camp, stand_in
from tests.soak.checking.ages import make_older
from tests.soak.checking.checker import Tally
from tests.soak.launched import Launch
from tests.soak.order.wire_order import posts, traced
from tests.soak.sheets import write_shuffled
from tests.soak.starting import from_cold

Experiment = Callable[[Path, str | None, int], list[str]]
_WORKERS = 4
_ONE = ("--rate", "500", "--max-in-flight", "1", "--no-audit")
_FEW = Tally(max_in_flight=_WORKERS)
_FLAGS = ("--rate", "500", "--max-in-flight", str(_WORKERS), "--no-audit")


def killed_while_it_dials(folder: Path, planted: str | None, seed: int) -> list[str]:
    """Two kills with calls on their way, and a last start that goes to the end."""
    chance = random.Random(seed)
    with stand_in(folder, latency=0.02) as place, camp(folder, place, planted=planted, flags=_FLAGS) as made:
        made.prepare(rows=90)
        for start in (made.run, made.resume):
            dialling = start()
            if made.await_ring(dialling, rings=6):
                # The one random duration here: where in a call's way the kill falls.
                time.sleep(chance.random() * 0.04)
            dialling.send(signal.SIGKILL)
            made.note_results()
        made.finish()
        return made.check(_FEW)


def stopped_between_claim_and_send(folder: Path, planted: str | None, _seed: int) -> list[str]:
    """A process is held up for a minute; meanwhile a person says of its call that it was not made, and it is made anew.

    The lock of the run is taken away, as where a database ends the session of a process that it takes for dead.
    """
    how = Launch(freezes=True)
    with stand_in(folder) as place, camp(folder, place, planted=planted, launch=how, flags=_ONE) as made:
        made.prepare(rows=1)
        held_up = made.run()
        assert made.await_state(held_up, lambda: is_stopped(held_up.process.pid)), held_up.said()
        (made.home / "run-1.lock").unlink()
        make_older(made.home, by=timedelta(minutes=3))
        said = made.beside("resolve", RUN, "--not-called", "2", "--yes")
        assert "pending again, on your word" in said.stdout, said.stdout
        made.launch = Launch()
        assert made.resume().end() == 0, made.starts[-1].said()
        held_up.process.send_signal(signal.SIGCONT)
        held_up.end()
        return made.check(Tally(max_in_flight=1))


def resets_after_the_call(folder: Path, planted: str | None, seed: int) -> list[str]:
    """A server that makes the call and then breaks the connection."""
    return _to_the_end(folder, planted, faults="reset_after=0.1", seed=seed)


def errors_after_the_call(folder: Path, planted: str | None, seed: int) -> list[str]:
    """A server that makes the call and then answers 500."""
    return _to_the_end(folder, planted, faults="500_after=0.1", seed=seed)


def stock_pages_after_the_call(folder: Path, planted: str | None, seed: int) -> list[str]:
    """A cache that passes the call on, and then answers 503 with a Retry-After."""
    return _to_the_end(folder, planted, faults="503_stock_after=0.1", seed=seed)


def results_deleted(folder: Path, planted: str | None, _seed: int) -> list[str]:
    """Somebody tidies the results file away while a run stands still."""
    with stand_in(folder) as place, camp(folder, place, planted=planted, flags=_FLAGS) as made:
        made.prepare(rows=40)
        made.run("--limit", "15").end()
        made.results.unlink()
        made.finish()
        return made.check(_FEW)


def sheet_reordered(folder: Path, planted: str | None, seed: int) -> list[str]:
    """Somebody sorts the sheet, saves it under another name, and starts that."""
    elsewhere = folder / "sorted"
    elsewhere.mkdir()
    with stand_in(folder) as place, camp(folder, place, planted=planted, flags=_FLAGS) as made:
        # Nothing but the recognition of the sheet is to keep anybody from a second call.
        made.prepare(rows=40, call_again_after="0s")
        made.run("--limit", "15").end()
        copy = elsewhere / "sorted by name.csv"
        write_shuffled(made.sheet, copy, seed=seed)
        made.run(sheet=copy).end()
        return made.check(_FEW)


def two_at_once(folder: Path, planted: str | None, _seed: int) -> list[str]:
    """Two processes go on with one run at the same time."""
    slow = (*_FLAGS[2:], "--rate", "20")
    with stand_in(folder) as place, camp(folder, place, planted=planted, flags=_FLAGS) as made:
        made.prepare(rows=120)
        made.run("--limit", "2").end()
        made.flags = slow
        first = made.resume()
        assert made.await_ring(first), first.said()
        second = made.resume()
        # Ten calls after it has begun to dial, or after it has ended.
        if made.await_state(second, lambda: "rows to call" in second.said()):
            made.await_ring(second, rings=10)
        code = second.send(signal.SIGTERM)
        first.send(signal.SIGTERM)
        violations = made.check(_FEW, ended=False)
        return violations if code == 75 else [*violations, f"not turned away: the second start ended with {code}"]


def power_lost_at_any_call(folder: Path, planted: str | None, _seed: int) -> list[str]:
    """What the disk was sure to hold when each call's first byte left."""
    trace, replayed = folder / "trace.txt", folder / "replayed"
    replayed.mkdir()
    with (
        stand_in(folder) as place,
        camp(folder, place, planted=planted, flags=PACE, spawn=partial(from_cold, wrapper=traced(trace))) as made,
    ):
        made.prepare(rows=30)
        made.run().end()
    return [
        f"promise not on the disk: the call of {post.phone} had left"
        for post in posts(trace, folder=replayed)
        if not post.promised
    ]


def _to_the_end(folder: Path, planted: str | None, *, faults: str, seed: int) -> list[str]:
    with (
        stand_in(folder, faults=faults, seed=seed) as place,
        camp(folder, place, planted=planted, flags=_FLAGS) as made,
    ):
        made.prepare(rows=60)
        made.finish()
        return made.check(_FEW)
