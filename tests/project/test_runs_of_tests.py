"""Everyday, nightly and soak: three runs of tests, and together all that there are."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_every_test_is_in_one_of_the_runs_and_in_no_more() -> None:
    """What falls out of all of them protects nobody, and nobody notices."""
    everyday, nightly, soak = collected(), collected("-m", "nightly"), collected("-m", "soak")
    assert sorted(everyday + nightly + soak) == sorted(collected("-m", ""))
    assert min(len(everyday), len(nightly), len(soak)) > 0


def collected(*selection: str) -> list[str]:
    """The names of the tests that pytest would run."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "--numprocesses=0", *selection],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=140,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return [line for line in done.stdout.splitlines() if line.startswith("tests/")]
