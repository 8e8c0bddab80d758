"""Help must come at once: it may not pay for pandas, SQLAlchemy or anything else that a run needs."""

import json
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


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """Those cost a second; help is asked for again and again."""
    asked = [["--help"], *([verb, "--help"] for verb in _VERBS)]
    assert loaded_by(asked, of=HEAVY, at=tmp_path) == [(" ".join(words), 0, []) for words in asked]


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
    told = loaded_by(words, of=("jinja2",), at=tmp_path)
    assert [(code, loaded) for _, code, loaded in told] == [(0, []), (0, []), (0, []), (0, ["jinja2"])]


def test_only_a_template_that_speaks_dates_loads_the_names_of_days(tmp_path: Path) -> None:
    """They are ten megabytes of tables, and most templates speak none."""
    words = [
        ["check", str(ROOT / f"sample_data/{sheet}.csv"), "-t", str(ROOT / f"templates/{name}.toml"), "--sandbox"]
        for sheet, name in (("appointments", "appointment_reminder"), ("payments", "payment_reminder"))
    ]
    told = loaded_by(words, of=("babel",), at=tmp_path)
    assert [loaded for _, _, loaded in told] == [[], ["babel"]]


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


NEEDED = {
    "status": [],
    "status --json": [],
    "status r": [],
    "status r --json": [],
    "results r -o again.csv": [],
    "results r -o again.json": [],
    "pace r": [],
    "suppress list": [],
    "results r -o again.xlsx": ["xlsxwriter"],
    "results r -o again.html": ["jinja2", "markupsafe"],
    "suppress check +12125550171": ["phonenumbers", "pydantic"],
}
"""What a verb loads of them beyond what those above it have loaded: those that need nothing come first."""


def test_who_only_looks_pays_for_nothing_that_dials_or_reads_sheets(home_of_a_run: Path) -> None:
    """They are typed again and again, and by other programs every second."""
    told = loaded_by([words.split() for words in NEEDED], of=OF_NO_USE, at=home_of_a_run)
    assert {words: loaded for words, _, loaded in told} == NEEDED
    assert [words for words, code, _ in told if code] == ["suppress check +12125550171"]


def test_what_a_verb_loads_is_seen(home_of_a_run: Path) -> None:
    told = loaded_by([["status"], ["suppress", "import", "nothing.csv"]], of=("pydantic",), at=home_of_a_run)
    assert told == [("status", 0, []), ("suppress import nothing.csv", 2, ["pydantic"])]


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


def loaded_by(lines: list[list[str]], *, of: tuple[str, ...], at: Path) -> list[tuple[str, int, list[str]]]:
    """Command lines, one after another in one new interpreter: what each was, its exit code, and what it loaded."""
    program = (
        "import json, sys\nfrom campaign.cli.main import exit_code, this_terminal\nbefore = set()\n"
        f"for words in {lines!r}:\n"
        "    code = exit_code(words, terminal=this_terminal())\n"
        f"    there = {{name for name in {of!r} if name in sys.modules}}\n"
        "    print('\\nLOADED', json.dumps([' '.join(words), code, sorted(there - before)]))\n"
        "    before = there\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=at, env=_at(at), capture_output=True, text=True, check=True, timeout=60
    )
    told = [json.loads(line.removeprefix("LOADED")) for line in done.stdout.splitlines() if line.startswith("LOADED")]
    return [(words, code, loaded) for words, code, loaded in told]
