"""The house rules, held by the tools that know them: one test for each, but for mypy, which the test command starts."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
MOST_ENTRIES = 15


@pytest.mark.parametrize(
    "command",
    [("ruff", "check"), ("ruff", "format", "--check"), ("lint-imports",)],
    ids=" ".join,
)
def test_the_tools_find_nothing(command: tuple[str, ...]) -> None:
    found = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=100,
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_files_and_functions_stay_small_enough_to_be_read() -> None:
    long = {path.name: lines for path in code() if (lines := len(path.read_text("utf-8").splitlines())) > 350}
    assert not long


def test_no_folder_of_the_program_shows_more_than_fifteen_entries() -> None:
    """The rooms themselves are the layers, and as many as these are."""
    shown = {
        folder: len({entry.name for entry in folder.iterdir()} - {"__init__.py", "__pycache__"})
        for folder in (ROOT / "campaign").rglob("*")
        if folder.is_dir() and folder.name != "__pycache__"
    }
    assert not [f"{folder.relative_to(ROOT)}: {count}" for folder, count in shown.items() if count > MOST_ENTRIES]


def test_texts_and_code_use_the_terms_of_the_field() -> None:
    """What was called otherwise once; a key of JSON and the words of older ledgers stay as they are."""
    old = re.compile(r"\b(turnstile|whoever|lately|mended)\b", re.IGNORECASE)
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in [*code(), *documents, *(ROOT / "campaign").rglob("*.jinja")]
        if path.name != "CHANGELOG.md"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (match := old.search(line.replace('"mended"', "").replace("`mended[]", "")))
    ]
    assert not found


def test_no_two_public_classes_share_a_name() -> None:
    """One meaning, one name: a reader who searches for a class finds it, and not another of the same name.

    Excepted are a port and its implementation, a verb's flags and its use case's options, and a name of the public API.
    """
    twice = {"Ledger", "CheckOptions", "FollowOptions", "ListenOptions", "RerunOptions", "Row"}
    names = Counter(
        node.name
        for path in code()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in names.items() if count > 1} == twice


def test_no_room_is_called_after_nothing() -> None:
    """A file for "utils" is where things go whose owner nobody has thought of."""
    nameless = {"utils", "util", "helpers", "helper", "common", "manager", "service", "base", "misc"}
    assert not [path for path in code() if path.stem in nameless]


def test_every_exception_to_a_rule_says_why() -> None:
    bare = re.compile(r"#\s*(noqa|type: ignore|pragma)\S*(\[[^\]]*\]|: [A-Z0-9, ]+)?\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*code(), *(ROOT / "tests").rglob("*.py")]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert not found


def test_no_test_waits_for_a_process_without_an_end() -> None:
    """The time limit of a test ends its worker, and says less than the test itself would."""
    endless = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "tests").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith(("subprocess.run", ".communicate", "process.wait"))
        and not call.args[1:]
        and not any(word.arg == "timeout" for word in call.keywords)
    ]
    assert not [place for place in endless if not place.startswith("tests/bench/")]


def code() -> list[Path]:
    return sorted((ROOT / "campaign").rglob("*.py"))
