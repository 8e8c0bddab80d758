"""One clean sheet, spoilt in hundreds of ways: nobody else is called, and what can be read is read."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from campaign.cli.main import exit_code
from campaign.cli.terminal import this_terminal
from campaign.intake.files.read_options import Choices
from campaign.presentation.masking import masked_phone
from tests.intake.pollution.catalogue import IN_BOOKS, IN_TEXT, complaints, of_rule, rules
from tests.intake.pollution.judge import judge
from tests.intake.pollution.people import written
from tests.intake.pollution.polluted import Ending, Polluted, Pollution
from tests.workbooks_here import workbooks_read_here

_EVERYDAY, _SOAKED = range(1), range(60)
# Through the process of its own that reads workbooks, which takes half a second to start.
_BY_CHILD = ("a plain workbook", "a zip that is cut")
_BY_PROGRAM = (
    *("a plain workbook", "semicolons, bare", "UTF-16 LE", "a cell doubled where the last is empty"),
    *("2 rows swallowed from Mobile", "a delimiter after every row", "two numbers, ';' between", "as decimals"),
    "no header, columns by number",
)


@dataclass(frozen=True)
class Desk:
    """A folder to work in, and the program: its exit code, and what it said to each stream."""

    folder: Path
    said: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = exit_code(list(words), terminal=this_terminal())
        return code, *self.said.readouterr()


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    return Desk(tmp_path, capsys)


@pytest.fixture
def here() -> Iterator[None]:
    with workbooks_read_here():
        yield


@pytest.mark.parametrize("rule", rules(IN_TEXT))
def test_a_polluted_text_makes_no_false_pair(tmp_path: Path, rule: str) -> None:
    """Each complaint is a wrong person rung, or a sheet that its owner would have to mend for nothing."""
    assert list(complaints(of_rule(rule, IN_TEXT), tmp_path, seeds=_EVERYDAY)) == []


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("rule", rules(IN_BOOKS))
def test_a_polluted_workbook_makes_no_false_pair(tmp_path: Path, rule: str) -> None:
    assert list(complaints(of_rule(rule, IN_BOOKS), tmp_path, seeds=_EVERYDAY)) == []


@pytest.mark.parametrize("name", _BY_CHILD)
def test_another_process_reads_a_workbook_alike(tmp_path: Path, name: str) -> None:
    """What the other tests read in this process, the program reads in one of its own."""
    assert list(complaints([_named(name)], tmp_path, seeds=_EVERYDAY)) == []


@pytest.mark.parametrize("name", _BY_PROGRAM)
def test_the_program_would_call_whom_the_judge_saw(desk: Desk, name: str) -> None:
    """The words of the command line stand between the judge and a call: they add nobody."""
    _asks_the_program(_named(name), desk)


def test_every_kind_of_pollution_is_there() -> None:
    """A catalogue without entries would pass, and one that asks to load nothing would pass a reader of nothing."""
    every = (*IN_TEXT, *IN_BOOKS)
    least = Counter(pollution.least for pollution in every)
    assert len({str(pollution) for pollution in every}) == len(every) >= 500
    assert least[Ending.LOADS] >= 70
    assert least[Ending.ASKS] >= 15
    assert {rule[0] for rule in rules(every)} >= set("ABCD")


def test_a_pollution_is_the_same_for_the_same_seed() -> None:
    """A complaint names its seed, and that must be enough to see it again."""
    for pollution in IN_TEXT[::7]:
        assert pollution.make(Random(3)).content == pollution.make(Random(3)).content, pollution


@pytest.mark.soak
@pytest.mark.parametrize("rule", rules(IN_TEXT))
def test_soak_a_polluted_text_makes_no_false_pair(tmp_path: Path, rule: str) -> None:
    assert list(complaints(of_rule(rule, IN_TEXT, heavy=True), tmp_path, seeds=_SOAKED)) == []


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rule", rules(IN_BOOKS))
def test_soak_a_polluted_workbook_makes_no_false_pair(tmp_path: Path, rule: str) -> None:
    """Through the process of its own, with its limits."""
    assert list(complaints(of_rule(rule, IN_BOOKS, heavy=True), tmp_path, seeds=range(10))) == []


@pytest.mark.soak
@pytest.mark.parametrize("pollution", IN_TEXT, ids=str)
def test_soak_the_program_would_call_whom_the_judge_saw(desk: Desk, pollution: Pollution) -> None:
    _asks_the_program(pollution, desk)


def _asks_the_program(pollution: Pollution, desk: Desk) -> None:
    polluted = pollution.make(Random(0))
    made, sheet = desk.folder / "visits.toml", desk.folder / f"sheet{polluted.suffix}"
    made.write_text(written(polluted.template), encoding="utf-8")
    sheet.write_bytes(polluted.content)
    judged = judge(polluted, desk.folder)
    words = [str(sheet), "-t", str(made)]
    code, to_call = _called(desk, words, polluted=polluted, choices=Choices())
    assert code != 2 or (to_call == 0 and judged.ending in (Ending.REFUSES, Ending.ASKS))
    for choice, value in polluted.answers:
        flag = [f"--{choice.replace('_', '-')}", *([value] if value != "yes" else [])]
        answer: dict[str, Any] = {choice: {"yes": True}.get(value, value)}
        _, to_call = _called(desk, [*words, *flag], polluted=polluted, choices=Choices(**answer))
        assert to_call > 0 or judged.ending is Ending.REFUSES


def _called(desk: Desk, words: list[str], *, polluted: Polluted, choices: Choices) -> tuple[int, int]:
    """The exit code of `check`, and how many `run` would call: no others than it may."""
    code, report, told = desk("check", *words, "--json")
    _, printed, _ = desk("run", *words, "--dry-run", "--sandbox")
    requests = [json.loads(line)["request"] for line in printed.splitlines()]
    assert "Traceback" not in told
    true = {(one.name, masked_phone(one.phone)) for one in polluted.true_under(choices)}
    assert polluted.loosely or {(one["nameOfHuman"], one["toPhoneNumber"]) for one in requests} <= true
    assert len(requests) == (0 if code == 2 else json.loads(report)["to_call"])
    return code, len(requests)


def _named(name: str) -> Pollution:
    [found] = [pollution for pollution in (*IN_TEXT, *IN_BOOKS) if pollution.name == name]
    return found
