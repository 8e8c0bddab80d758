"""Whoever follows every hint and proposal of the program to the letter calls nobody but the sheet's own people.

And says nothing to them that does not stand in their row.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from re import Match

import pytest

from campaign.cli.main import exit_code
from campaign.cli.terminal import this_terminal
from campaign.intake.dates import written
from campaign.intake.dates.calendar_names import CalendarNames
from campaign.intake.dates.written import DateOrder
from campaign.intake.opt_outs.suspects import Suspects
from campaign.intake.proposal.name_column import Picked
from campaign.intake.text.extra_field import FieldReading
from tests.intake.hints.follower import Followed, Program, followed
from tests.intake.hints.source import Sheet, made

EVERYDAY = 60
DAYS = written._days


@pytest.fixture
def program(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))

    def ran(*words: str) -> tuple[int, str]:
        code = exit_code(list(words), terminal=this_terminal())
        out, err = capsys.readouterr()
        return code, err + out

    return ran


def wrong_calls(folder: Path, program: Program, seeds: range) -> Iterator[str]:
    """One line for each call that is not the source's."""
    for seed in seeds:
        sheet = made(seed)
        path = folder / f"sheet{seed}.csv"
        path.write_bytes(sheet.content)
        for fault in faults(sheet, followed(path, sheet, program)):
            yield f"seed {seed} {sheet.spoilt}: {fault}"
        path.unlink()


def faults(sheet: Sheet, found: Followed) -> Iterator[str]:
    for contact in found.calls:
        said = sheet.truth.get((contact.name, contact.phone))
        if said is None:
            yield f"called {contact.name!r} at {contact.phone}"
            continue
        known = {_heard(text) for text in said}
        yield from (
            f"said {value!r} to {contact.name!r}" for _, value in contact.variables if _heard(value) not in known
        )


def _heard(text: str) -> str:
    return text.replace("\n", ", ").replace("'", "").strip()


def test_who_follows_every_hint_calls_nobody_else(tmp_path: Path, program: Program) -> None:
    assert list(wrong_calls(tmp_path, program, range(EVERYDAY))) == []


@pytest.mark.nightly
@pytest.mark.timeout(3_000)
def test_who_follows_every_hint_of_ten_thousand_sheets_calls_nobody_else(tmp_path: Path, program: Program) -> None:
    assert list(wrong_calls(tmp_path, program, range(10_000))) == []


def test_most_sheets_lead_to_calls_and_all_kinds_of_spoiling_are_among_them(tmp_path: Path, program: Program) -> None:
    """A program that refused each sheet would call nobody, either."""
    kinds, led = Counter[str](), 0
    for seed in range(EVERYDAY):
        sheet = made(seed)
        (path := tmp_path / f"sheet{seed}.csv").write_bytes(sheet.content)
        calls = followed(path, sheet, program).calls
        led += bool(calls)
        kinds.update(sheet.spoilt if calls else ())
    assert 2 * led > EVERYDAY, kinds
    assert set(kinds) >= {"unquoted", "footer", "title", "code missing", "day first"}


def _dropped(
    _path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], *, delimiter: str, **_: object
) -> FieldReading:
    return FieldReading(len(header), None, len(rows[0]) - len(header) + 1, delimiter)


def _month_first(match: Match[str], names: CalendarNames) -> dict[DateOrder | None, date]:
    found = DAYS(match, names)
    return {None: found.get("month_first", date.min)} if None not in found else found


PLANTS: dict[str, dict[str, Callable[..., object]]] = {
    "a field too many is dropped": {"campaign.intake.text.delimited.proved_reading": _dropped},
    "no code is ever missing": {"campaign.intake.contacts.phone_columns.twin_after_plus": lambda *_, **__: None},
    "the month is always first": {"campaign.intake.dates.written._days": _month_first},
    "opt-outs are not known": {
        "campaign.intake.proposal.propose._opted_out": lambda *_: Picked(),
        "campaign.intake.contacts.consent.suspects_of": lambda _: Suspects((), (), ()),
    },
}


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_a_planted_bug_is_seen(
    tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch, *, plant: str
) -> None:
    """Each was in the program once: the emergency contact, a stranger in Belgium, or who said no was called."""
    for where, what in PLANTS[plant].items():
        monkeypatch.setattr(where, what)
    assert any(wrong_calls(tmp_path, program, range(2 * EVERYDAY)))
