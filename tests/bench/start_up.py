"""What it costs to start: CPU of each verb over a bare interpreter, since it is waited for each time a verb is typed.

python -m tests.bench.start_up
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

_ROOT = Path(__file__).parent.parent.parent
_HELP_GOAL, _GOAL = 0.15, 0.35
_VERBS = {
    "--help": _HELP_GOAL,
    "status": _GOAL,
    "status r": _GOAL,
    "results r -o again.csv": _GOAL,
    "pace r": _GOAL,
    "suppress list": _GOAL,
    "suppress check +12125550171": _GOAL,
}
"""What is typed, and the most seconds that it may cost on a slow day."""


def measure(*, rounds: int) -> None:
    """Starts all of them in turn, so that a machine that slows down slows each of them down."""
    with tempfile.TemporaryDirectory() as home:
        _run_something(Path(home))
        taken: dict[str, list[float]] = {words: [] for words in ("", *_VERBS)}
        for _ in range(rounds):
            for words, seconds in taken.items():
                command = ["-m", "campaign", *words.split()] if words else ["-c", "pass"]
                seconds.append(_cpu(command, home=Path(home)))
    bare = median(taken.pop(""))
    print(f"\nstart-up: CPU seconds (user + system) over a bare interpreter's {bare:.3f}, median of {rounds}")
    print(f"  {'verb':<30}{'median':>8}{'least':>8}{'goal':>8}")
    for words, seconds in taken.items():
        print(f"  {words:<30}{median(seconds) - bare:>8.3f}{min(seconds) - bare:>8.3f}{_VERBS[words]:>8.2f}")


def _run_something(home: Path) -> None:
    words = ["run", str(_ROOT / "sample_data/appointments.csv"), "--sandbox", "--yes", "-q", "--name", "r"]
    template = str(_ROOT / "templates/appointment_reminder.toml")
    _cpu(["-m", "campaign", *words, "-t", template, "--results", "r.csv"], home=home)


def _cpu(command: list[str], *, home: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    surroundings = {**os.environ, "CAMPAIGN_HOME": str(home), "PYTHONPATH": str(_ROOT)}
    # Some end with 1, as their answer.
    subprocess.run([sys.executable, *command], cwd=home, env=surroundings, capture_output=True, check=False, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    measure(rounds=15)
