"""A sheet of appointments with all that a row can have, and what becomes of its rows."""

from dataclasses import replace

from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.domain.model import Contact, Invalid, Mark, Row, Screened, Skip
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.consent import refusals
from campaign.intake.contacts.screen import screen

HEADER = ("Name", "Mobile", "Phone", "Mail", "Day", "Notes", "Agreed")
GOOD = ("Ann Lee", "(415) 555-0100", "", "ann@example.com", "Monday", "", "yes")
Verdict = Contact | Invalid | Skip


def template() -> Template:
    variables = {"day": "Day", "clinic": {"value": "Lakeside"}, "notes": {"column": "Notes", "optional": True}}
    wanted = {"name": "Name", "phone": ["Mobile", "Phone"], "email": "Mail", "consent": "Agreed"}
    return Template.model_validate({"columns": wanted, "variables": variables, "phone": {"region": "US"}})


def verdicts(*rows: tuple[str, ...]) -> list[Verdict]:
    numbered = [Row(number, cells) for number, cells in enumerate(rows, start=2)]
    screened = read_twice(*numbered)
    assert [each.row for each in screened] == numbered
    return [each.verdict for each in screened]


def read_twice(*rows: Row) -> list[Screened]:
    """As a sheet with a consent column is read."""
    made = template()
    matched = match_columns(HEADER, made)
    return list(screen(rows, matched, made, refused=refusals(rows, matched, made)))


def changed(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True))


def problems(**cells: str) -> list[tuple[str, str]]:
    [verdict] = verdicts(changed(**cells))
    assert isinstance(verdict, Invalid)
    return [(problem.column, problem.reason) for problem in verdict.problems]


def contact(**cells: str) -> Contact:
    [verdict] = verdicts(changed(**cells))
    assert isinstance(verdict, Contact)
    return verdict


def reasons(*rows: tuple[str, ...]) -> list[str]:
    found = verdicts(*rows)
    return [verdict.reason if isinstance(verdict, Skip) else type(verdict).__name__ for verdict in found]


def warnings(cells: tuple[str, ...]) -> list[tuple[str, str, str]]:
    [screened] = read_twice(Row(2, cells))
    return [(note.column, note.value, note.text) for note in screened.notes if note.kind is NoteKind.WARNING]


WIDE = (*HEADER, "Last", "Country")


def in_columns(cells: tuple[str, ...], *, marks: tuple[tuple[int, Mark], ...] = ()) -> Screened:
    """The name in two columns, and a country."""
    made = template()
    columns = replace(match_columns(WIDE, made), names=(0, 7), country=8)
    [screened] = screen([Row(2, cells, marks=marks)], columns, made)
    return screened
