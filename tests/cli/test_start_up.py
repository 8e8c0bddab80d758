"""Help must come at once: it may not pay for pandas, SQLAlchemy or anything else that a run needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.cli.main import _VERBS
from tests.cli.conftest import ROOT, Desk

HEAVY = ("pandas", "numpy", "sqlalchemy", "httpx", "pydantic", "phonenumbers", "anyio", "tqdm", "jinja2")


@pytest.mark.parametrize("words", [(), *((verb,) for verb in _VERBS)], ids=str)
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    """Those cost a second; help is asked for again and again."""
    program = (
        "import sys\nfrom campaign.cli.main import exit_code, this_terminal\n"
        f"code = exit_code({[*words, '--help']!r}, terminal=this_terminal())\n"
        f"print('LOADED', code, *[m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "LOADED 0"


def test_a_run_its_status_and_its_results_as_csv_load_no_templates(tmp_path: Path) -> None:
    """Only who asks for a report pays for what makes one."""
    sheet, template = ROOT / "sample_data/appointments.csv", ROOT / "templates/appointment_reminder.toml"
    ran = ["run", str(sheet), "-t", str(template), "--sandbox", "--yes", "--name", "r", "--results", "r.csv", "-q"]
    words = [ran, ["status", "r"], ["results", "r", "-o", "again.csv"], ["results", "r", "-o", "report.html"]]
    program = (
        "import sys\nfrom campaign.cli.main import exit_code, this_terminal\n"
        f"for words in {words!r}:\n"
        "    print('LOADED', exit_code(words, terminal=this_terminal()), 'jinja2' in sys.modules)"
    )
    surroundings = {**os.environ, "CAMPAIGN_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=True
    )
    loaded = [line for line in done.stdout.splitlines() if line.startswith("LOADED")]
    assert loaded == ["LOADED 0 False", "LOADED 0 False", "LOADED 0 False", "LOADED 0 True"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_offered(desk: Desk, shell: str) -> None:
    ended = desk("completion", shell)
    assert ended.code == 0
    assert "_CAMPAIGN_COMPLETE" in ended.out


def test_a_bare_campaign_shows_its_help(desk: Desk) -> None:
    ended = desk()
    assert "Verbs:" in ended.out + ended.err
