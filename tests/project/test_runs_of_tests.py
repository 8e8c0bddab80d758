"""Everyday, nightly and soak: three runs of tests, and together all that there are."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
EVERYDAY = "not nightly and not soak"
NOTHING_COLLECTED = 5


def test_everyday_is_what_is_in_none_of_the_other_runs() -> None:
    """What falls out of all of them protects nobody, and nobody notices."""
    pytest_section = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert [option for option in pytest_section["addopts"] if option.startswith("-m")] == [f"-m {EVERYDAY}"]


@pytest.mark.nightly
def test_no_test_is_in_both_of_the_other_runs() -> None:
    """It would be run twice a night, and so would whatever is too slow for one of them."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "--numprocesses=0", "-m", "nightly and soak"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == NOTHING_COLLECTED, done.stdout[-2000:]
    assert " deselected" in done.stdout
