"""Help must come at once: it may not pay for pandas, SQLAlchemy or anything else that a run needs."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from campaign.cli.main import _VERBS
from tests.cli.conftest import ROOT, Desk

OF_NO_USE = (
    "anyio",
    "httpx",
    "jinja2",
    "markupsafe",
    "numpy",
    "pandas",
    "phonenumbers",
    "pydantic",
    "python_calamine",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm",
    "tqdm",
    "uvloop",
    "xlsxwriter",
    "campaign.engine.pool",
    "campaign.intake.open_sheet",
    "campaign.ledger.store",
    "campaign.ledger.writes.group_commit",
)
"""To a verb that looks at what the ledger says: all of it together costs more than the verb."""
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
    ran = [
        "run",
        str(sheet),
        "-t",
        str(template),
        "--sandbox",
        "--yes",
        "--rate",
        "100",
        "--name",
        "r",
        "--results",
        "r.csv",
        "-q",
    ]
    words = [ran, ["status", "r"], ["results", "r", "-o", "again.csv"], ["results", "r", "-o", "report.html"]]
    program = (
        "import sys\nfrom campaign.cli.main import exit_code, this_terminal\n"
        f"for words in {words!r}:\n"
        "    print('LOADED', exit_code(words, terminal=this_terminal()), 'jinja2' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=_at(tmp_path),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = [line for line in done.stdout.splitlines() if line.startswith("LOADED")]
    assert loaded == ["LOADED 0 False", "LOADED 0 False", "LOADED 0 False", "LOADED 0 True"]


@pytest.fixture(scope="module")
def home_of_a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of a run called `r`."""
    folder = tmp_path_factory.mktemp("ran")
    sheet, template = ROOT / "sample_data/appointments.csv", ROOT / "templates/appointment_reminder.toml"
    words = [
        "run",
        sheet,
        "-t",
        template,
        "--sandbox",
        "--yes",
        "--rate",
        "100",
        "--name",
        "r",
        "--results",
        "r.csv",
        "-q",
    ]
    program = [sys.executable, "-m", "campaign", *map(str, words)]
    subprocess.run(program, cwd=folder, env=_at(folder), capture_output=True, check=True, timeout=60)
    return folder


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("status", ()),
        ("status --json", ()),
        ("status r", ()),
        ("status r --json", ()),
        ("results r -o again.csv", ()),
        ("results r -o again.json", ()),
        ("results r -o again.xlsx", ("xlsxwriter",)),
        ("results r -o again.html", ("jinja2", "markupsafe")),
        ("pace r", ()),
        ("suppress list", ()),
        ("suppress check +12125550171", ("phonenumbers", "pydantic")),
    ],
)
def test_who_only_looks_pays_for_nothing_that_dials_or_reads_sheets(
    words: str, needed: tuple[str, ...], home_of_a_run: Path
) -> None:
    """They are typed again and again, and by other programs every second."""
    program = (
        "import sys\nfrom campaign.cli.main import exit_code, this_terminal\n"
        f"code = exit_code({words.split()!r}, terminal=this_terminal())\n"
        f"print('\\nLOADED', *[m for m in {OF_NO_USE!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=home_of_a_run,
        env=_at(home_of_a_run),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert not done.stderr or done.stderr.startswith("nobody is on")
    assert done.stdout.splitlines()[-1].split() == ["LOADED", *needed]


def test_what_a_verb_does_not_load_is_there_to_be_loaded() -> None:
    """A name that changed would be looked for in vain, and found nowhere."""
    assert [name for name in OF_NO_USE if find_spec(name) is None] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_offered(desk: Desk, shell: str) -> None:
    ended = desk("completion", shell)
    assert ended.code == 0
    assert "_CAMPAIGN_COMPLETE" in ended.out


def test_a_bare_campaign_shows_its_help(desk: Desk) -> None:
    ended = desk()
    assert "Verbs:" in ended.out + ended.err


def _at(home: Path) -> dict[str, str]:
    return {**os.environ, "CAMPAIGN_HOME": str(home), "PYTHONPATH": str(ROOT)}
