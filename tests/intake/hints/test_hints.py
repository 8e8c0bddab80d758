"""Whoever follows every hint and proposal of the program to the letter calls nobody but the sheet's own people.

And says nothing to them that does not stand in their row, and calls nobody of a list of opt-outs in any writing.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from re import Match

import pytest

from campaign.cli.main import exit_code
from campaign.cli.terminal import this_terminal
from campaign.intake.dates import written as dates
from campaign.intake.dates.calendar_names import CalendarNames
from campaign.intake.dates.written import DateOrder
from campaign.intake.opt_outs.suspects import Suspects
from campaign.intake.phones.parse import read_phone
from campaign.intake.proposal.name_column import Picked
from campaign.intake.text.extra_field import FieldReading
from campaign.intake.workbook import table
from campaign.intake.workbook.grid import Grid, GridRow
from tests.intake.hints.books import made_book
from tests.intake.hints.follower import Followed, Program, followed
from tests.intake.hints.opt_outs import with_opt_outs
from tests.intake.hints.source import Sheet, made
from tests.workbooks_here import workbooks_read_here

EVERYDAY = 60
NIGHTLY = 1_000
MADE = {"text": made, "workbook": made_book}
each_kind = pytest.mark.parametrize("kind", MADE)
DAYS = dates._days


@pytest.fixture
def program(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    def ran(*words: str, home: Path = tmp_path / "home") -> tuple[int, str]:
        monkeypatch.setenv("CAMPAIGN_HOME", os.fspath(home))
        code = exit_code(list(words), terminal=this_terminal())
        out, err = capsys.readouterr()
        return code, err + out

    with workbooks_read_here():
        yield ran


def sheet_of(kind: str, seed: int) -> Sheet:
    """The sheet of this seed; one in five has a list of opt-outs beside it."""
    rng, sheet = Random(-1 - seed), MADE[kind](seed)
    return with_opt_outs(sheet, rng) if rng.random() < 0.2 else sheet


def written(folder: Path, kind: str, seed: int) -> tuple[Path, Sheet]:
    sheet = sheet_of(kind, seed)
    path = folder / f"sheet{seed}{sheet.suffix}"
    path.write_bytes(sheet.content)
    return path, sheet


def all_followed(folder: Path, program: Program, *, kind: str, seeds: range) -> Iterator[tuple[int, Sheet, Followed]]:
    """Each sheet, and where its hints have led."""
    for seed in seeds:
        (folder / "one").mkdir()
        path, sheet = written(folder / "one", kind, seed)
        yield seed, sheet, followed(path, sheet, program)
        shutil.rmtree(folder / "one")


def wrong_calls(folder: Path, program: Program, *, kind: str, seeds: range) -> Iterator[str]:
    """One line for each call that is not the source's."""
    for seed, sheet, found in all_followed(folder, program, kind=kind, seeds=seeds):
        yield from (f"{kind} {seed} {fault}" for fault in faults(sheet, found))


def faults(sheet: Sheet, found: Followed) -> Iterator[str]:
    for contact in found.calls:
        said = sheet.truth.get((contact.name, contact.phone))
        if said is None:
            yield f"{sheet.spoilt}: called {contact.name!r} at {contact.phone}"
            continue
        known = {_heard(text) for text in said}
        yield from (
            f"{sheet.spoilt}: said {value!r} to {contact.name!r}"
            for _, value in contact.variables
            if _heard(value) not in known
        )


def _heard(text: str) -> str:
    return text.replace("\n", ", ").replace("'", "").strip()


SPOILT = {
    "text": {"unquoted", "footer", "title", "code missing", "opt-outs", "day first"},
    "workbook": {"hidden", "hidden column", "other sheet", "total", "title", "merged", "formula", "no result"},
}


@each_kind
def test_who_follows_every_hint_calls_nobody_else(tmp_path: Path, program: Program, kind: str) -> None:
    """A program that refused each sheet would call nobody, either: most lead to calls, of all kinds of spoiling."""
    kinds, led, wrong = Counter[str](), 0, list[str]()
    for seed, sheet, found in all_followed(tmp_path, program, kind=kind, seeds=range(EVERYDAY)):
        wrong += [f"{kind} {seed} {fault}" for fault in faults(sheet, found)]
        led += bool(found.calls)
        kinds.update(sheet.spoilt if found.calls else ())
    assert wrong == []
    assert 2 * led > EVERYDAY, kinds
    assert set(kinds) >= SPOILT[kind]


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(first, marks=pytest.mark.nightly if first < NIGHTLY else pytest.mark.soak)
        for first in range(0, 10_000, 1_000)
    ],
)
@pytest.mark.timeout(600)
@each_kind
def test_who_follows_every_hint_of_ten_thousand_sheets_calls_nobody_else(
    tmp_path: Path, program: Program, *, kind: str, first: int
) -> None:
    """A thousand at a time, so that no worker is left alone with all of them."""
    assert list(wrong_calls(tmp_path, program, kind=kind, seeds=range(first, first + 1_000))) == []


def _dropped(
    _path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], *, delimiter: str, **_: object
) -> FieldReading:
    return FieldReading(len(header), None, len(rows[0]) - len(header) + 1, delimiter)


def _month_first(match: Match[str], names: CalendarNames) -> dict[DateOrder | None, date]:
    found = DAYS(match, names)
    return {None: found.get("month_first", date.min)} if None not in found else found


def _strictly(text: str, *, region: str | None) -> tuple[str, ...]:
    read = read_phone(text, region=region)
    return (read,) if isinstance(read, str) else ()


_WIDTH_AND_HIDDEN = table._seen


def _none_hidden(grid: Grid, top: GridRow, header_row: int) -> tuple[int, int]:
    return _WIDTH_AND_HIDDEN(grid, top, header_row)[0], 0


Plants = dict[str, tuple[str, dict[str, Callable[..., object]]]]
PLANTS: Plants = {
    "a field too many is dropped": ("text", {"campaign.intake.text.delimited.proved_reading": _dropped}),
    "no code is ever missing": (
        "text",
        {"campaign.intake.contacts.phone_columns.twin_after_plus": lambda *_, **__: None},
    ),
    "the month is always first": ("text", {"campaign.intake.dates.written._days": _month_first}),
    "opt-outs are not known": (
        "text",
        {
            "campaign.intake.proposal.propose._opted_out": lambda *_: Picked(),
            "campaign.intake.contacts.consent.suspects_of": lambda _: Suspects((), (), ()),
        },
    ),
    "hidden rows are read unasked": ("workbook", {"campaign.intake.workbook.table._seen": _none_hidden}),
    "the first sheet is meant": (
        "workbook",
        {"campaign.intake.workbook.sheet_choice.chosen": lambda pages, _, **__: pages[0]},
    ),
    "totals are people": ("workbook", {"campaign.intake.opt_outs.remarks.is_total": lambda _: False}),
    "money is a bare number": (
        "workbook",
        {"campaign.intake.formats.numbers.number_format.NumberFormat.shown": lambda *_: None},
    ),
    "lists of opt-outs are read strictly": (
        "workbook",
        {"campaign.usecases.suppress.import_sheet.every_number": _strictly},
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_bug_is_seen(
    tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch, *, plant: str
) -> None:
    """Each was in the program once, or is what it must not be: somebody else is called, or hears other words."""
    kind, bugs = PLANTS[plant]
    for where, what in bugs.items():
        monkeypatch.setattr(where, what)
    assert any(wrong_calls(tmp_path, program, kind=kind, seeds=range(3 * EVERYDAY)))
