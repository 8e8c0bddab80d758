"""Real schedulers, started two at a time and killed: an instant has one run, and nobody is called twice for it."""

import random
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.soak.campaigner import stand_in
from tests.soak.kills.watch import Watch


def test_of_two_schedulers_one_fires_and_killed_the_next_goes_on_with_its_run(tmp_path: Path) -> None:
    """The short form; the last one stays until it is asked to stop."""
    with stand_in(tmp_path, latency=0.02) as place:
        watch = Watch(tmp_path, place)
        watch.add(schedules=1, people=60)
        pair = [watch.start("--once"), watch.start("--once")]
        assert watch.until(lambda: watch.rings() >= 10), [start.said() for start in pair]
        assert watch.kill() >= 1
        staying = watch.start()
        assert watch.until(watch.is_over), staying.said()
        assert "going on with the firing of" in staying.said()
        assert staying.send(signal.SIGTERM) == 0, staying.said()
        watch.check(schedules=1, people=60, kills=1)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(3))
def test_schedulers_that_are_killed_at_random_moments(tmp_path: Path, seed: int) -> None:
    """Three schedules side by side; kills while they start, load, dial and end, two starts at a time."""
    chance, kills = random.Random(seed), 0
    with stand_in(tmp_path, latency=0.02) as place:
        watch = Watch(tmp_path, place)
        watch.add(schedules=3, people=250)
        for _ in range(20):
            pair = [watch.start("--once"), watch.start("--once")]
            wanted = chance.choice((0, 0, 1, 20))
            watch.until(partial(watch.has_rung, wanted + watch.rings()))
            # The one random duration here: the moment of a kill is what is being tried out.
            time.sleep(chance.random() * (1.5 if wanted == 0 else 0.1))
            kills += watch.kill()
            assert all("Traceback" not in start.said() for start in pair), [start.said() for start in pair]
            if watch.is_over():
                break
        assert kills >= 5
        last = watch.start("--once")
        assert last.end() in (0, 1), last.said()
        watch.check(schedules=3, people=250, kills=kills)
