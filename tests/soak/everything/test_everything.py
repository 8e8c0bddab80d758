"""Everything at once, for a short while: kills, hostile endings, and hands that suppress, rerun, follow, forget, copy.

A process of its own, since it forks: what runs tests has threads. The long one is `python -m tests.soak.everything`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.warm import ROOT

_LONGEST_SECONDS = 400.0


def _soaked(folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.soak.everything", "--folder", str(folder / "soak"), *flags],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST_SECONDS,
    )


@pytest.mark.parametrize(
    ("rows", "kills"), [(120, 5), pytest.param(600, 50, marks=pytest.mark.nightly)], ids=["short", "longer"]
)
@pytest.mark.timeout(_LONGEST_SECONDS)
def test_nobody_is_called_twice_and_nobody_forgotten(tmp_path: Path, rows: int, kills: int) -> None:
    soaked = _soaked(tmp_path, "--rows", str(rows), "--kills", str(kills))
    assert soaked.returncode == 0, soaked.stdout + soaked.stderr
    assert f"{kills} kills of " in soaked.stdout
    assert "0 called twice, 0 lost, 0 opt-outs called after their acknowledgement" in soaked.stdout


@pytest.mark.nightly
@pytest.mark.timeout(_LONGEST_SECONDS)
def test_a_planted_bug_is_found(tmp_path: Path) -> None:
    """A soak that cannot fail has proved nothing."""
    soaked = _soaked(tmp_path, "--rows", "300", "--kills", "25", "--seed", "7", "--planted", "requeue_sending")
    assert soaked.returncode == 1, soaked.stdout + soaked.stderr
    assert "called twice" in soaked.stdout
