"""What stands in cells and between rows (A29 to A36, D1, D5, F5): text stays text, and a row stays one person's."""

import unicodedata
from collections.abc import Callable
from random import Random

from tests.intake.pollution.people import (
    APPOINTMENT,
    DOCTOR,
    EMAIL,
    HEADER,
    NAME,
    NOTES,
    PHONE,
    Person,
    Truth,
    people,
    spoken,
    table,
    truths,
)
from tests.intake.pollution.polluted import Ending, Polluted, Pollution, file, sheet, text

_LOADS, _SOME, _REFUSES = Ending.LOADS, Ending.SOME, Ending.REFUSES
_WORDS = (
    "NA",
    "N/A",
    "null",
    "None",
    "nan",
    "TRUE",
    "1E5",
    "-",
    "#N/A",
    "0",
    "007",
    "1.0",
    "inf",
    "3/4",
    "{{name}}",
    "$1",
)


def _called(
    names: Callable[[str, int], str], said: Callable[[str, int], str] | None = None
) -> Callable[[Random], Polluted]:
    """Everybody has another name; `said` is how it is spoken, and nothing for those who must not be called by it."""
    lines = table()
    true = set()
    for place, (person, line) in enumerate(zip(people(), lines[1:], strict=True)):
        line[NAME] = names(person.name, place)
        name = (said or names)(person.name, place)
        if name:
            whole = person.truth
            true.add(Truth(spoken(name), whole.phone, whole.email, whole.said))
    return lambda _: sheet(lines, truth=frozenset(true))


def _word(_name: str, place: int) -> str:
    return f"{_WORDS[place % len(_WORDS)]}"


def _rows(change: Callable[[list[list[str]], Random], list[list[str]]]) -> Callable[[Random], Polluted]:
    def make(rng: Random) -> Polluted:
        header, *lines = table()
        return sheet([header, *change(lines, rng)])

    return make


def _between(row: list[str]) -> Callable[[Random], Polluted]:
    return _rows(lambda lines, _rng: [part for line in lines for part in (line, list(row))])


def _at_end(*rows: list[str]) -> Callable[[Random], Polluted]:
    return _rows(lambda lines, _rng: [*lines, *map(list, rows)])


def _pasted_twice(lines: list[list[str]], rng: Random) -> list[list[str]]:
    return [*lines, *rng.sample(lines, 5)]


def _block_twice(lines: list[list[str]], rng: Random) -> list[list[str]]:
    place = rng.randrange(len(lines))
    return lines[:place] + lines * 2


def _same_number(rng: Random) -> Polluted:
    """Two people of one household: the first is called, whose ever name that is."""
    lines = table()
    first, second = sorted(rng.sample(range(1, len(lines)), 2))
    lines[second][PHONE] = lines[first][PHONE]
    return sheet(lines, truth=truths() - {people()[second - 1].truth})


def _blanked(column: int, *, needed: bool) -> Callable[[Random], Polluted]:
    lines = table()
    true = set()
    for place, (person, line) in enumerate(zip(people(), lines[1:], strict=True)):
        if place % 2:
            line[column] = ""
        if not (place % 2 and needed):
            true.add(Person(tuple(line), person.phone).truth)
    return lambda _: sheet(lines, truth=frozenset(true))


def _moved(column: int, to: int) -> Callable[[Random], Polluted]:
    """In some rows a value was typed into the cell beside its own."""
    lines = table()
    for line in lines[1::4]:
        line[to], line[column] = line[column], ""
    spared = frozenset(person.truth for place, person in enumerate(people()) if place % 4)
    return lambda _: sheet(lines, truth=spared)


def _merged_down(rng: Random) -> Polluted:
    """A merged cell, exported: only its first row has the name."""
    lines = table()
    first = rng.randrange(1, len(lines) - 3)
    for line in lines[first + 1 : first + 3]:
        line[NAME] = ""
    return sheet(lines, truth=truths(people()[:first] + people()[first + 2 :]))


def _long_cell(column: int, length: int) -> Callable[[Random], Polluted]:
    lines = table()
    lines[7][column] = "x" * length
    return lambda _: sheet(lines, truth=truths(people()[:6] + people()[7:]))


def _own_results(_rng: Random) -> Polluted:
    """A results file of the program itself, fed back."""
    header, *lines = table()
    own = ["_row", "_status", "_id", "_error", "_attempts", "_phone"]
    made = [[*line, str(place), "rejected", "", "x", "1", "+15551234567"] for place, line in enumerate(lines, start=2)]
    guarded = [
        [f"'{cell}" if cell[:1] in "=+-@'" and cell else cell for cell in line[:-1]] + line[-1:] for line in made
    ]
    return sheet([[*header, *own], *guarded], quoted=True)


def _looks_like_results(_rng: Random) -> Polluted:
    """One of the program's own columns, by chance, and apostrophes that are somebody's."""
    lines = table()
    lines[0][0] = "_row"
    return sheet(lines)


def _guarded_formula(_rng: Random) -> Polluted:
    """What people write so that a spreadsheet program leaves a number alone: ="+1..." """
    lines = [[f'="{cell}"' if cell.startswith("+") else cell for cell in line] for line in table()]
    return file(text(lines), loosely=True)


def _sorted_again(lines: list[list[str]], rng: Random) -> list[list[str]]:
    return rng.sample(lines, len(lines))


def _apart(name: str) -> str:
    return unicodedata.normalize("NFD", name)


_TOTAL = ["Total", *[""] * (len(HEADER) - 2), "40"]
_PHONE_TOTAL = ["" if place != PHONE else "+14155550199" for place in range(len(HEADER))]
_EMPTY = [""] * len(HEADER)

POLLUTIONS = [
    Pollution("A29", "blank lines between rows", _LOADS, lambda _: file(text(table()).replace("\r\n", "\r\n\r\n"))),
    Pollution("A29", "rows of delimiters between rows", _LOADS, _between(_EMPTY)),
    Pollution("A29", "rows of spaces between rows", _LOADS, _between([" "] * len(HEADER))),
    Pollution("A29", "a thousand rows of delimiters at the end", _LOADS, _at_end(*[_EMPTY] * 1000)),
    Pollution("A29", "a row of totals", _SOME, _at_end(_TOTAL)),
    Pollution("A29", "a short row of totals", _SOME, _at_end(["Total: 40"])),
    Pollution("A29", "a number without a name", _SOME, _at_end(_PHONE_TOTAL)),
    Pollution("A29", "a line of dashes below the header", _SOME, _between(["---"] * len(HEADER))),
    Pollution("A30", "people called Null and 1E5", _SOME, _called(_word)),
    Pollution("A30", "people called by a number", _REFUSES, _called(lambda _n, place: f"{place}.50")),
    Pollution("A31", "a name of 40,000 letters", _SOME, _long_cell(NAME, 40_000)),
    Pollution("A31", "a number of 40,000 letters", _SOME, _long_cell(PHONE, 40_000)),
    Pollution("A31", "a variable of 200,000 letters", _REFUSES, _long_cell(DOCTOR, 200_000)),
    Pollution("A31", "an unused cell of 2,000,000 letters", _REFUSES, _long_cell(1, 2_000_000)),
    Pollution("A35", "spaces around names", _LOADS, _called(lambda name, _p: f"  {name} ", lambda name, _p: name)),
    Pollution("A35", "no-break spaces", _LOADS, _called(lambda name, _p: f"\u00a0{name}\u00a0", lambda name, _p: name)),
    Pollution("A35", "zero-width spaces", _LOADS, _called(lambda name, _p: f"{name}\u200b", lambda name, _p: name)),
    Pollution("A35", "direction marks", _SOME, _called(lambda name, _p: f"\u202e{name}\u202c", lambda name, _p: name)),
    Pollution("A35", "bells", _REFUSES, _called(lambda name, _p: f"{name}\x07", lambda name, _p: name)),
    Pollution("A35", "tabs in names", _SOME, _called(lambda name, _p: name.replace(" ", "\t"), lambda name, _p: name)),
    Pollution("A35", "marks apart from letters", _LOADS, _called(lambda name, _p: _apart(name), lambda name, _p: name)),
    Pollution("A36", "stars in names", _SOME, _called(lambda name, _p: f"{name} 🌟")),
    Pollution("A36", "empty names", _SOME, _blanked(NAME, needed=True)),
    Pollution("A36", "names of spaces", _REFUSES, _called(lambda _n, _p: " \u00a0", lambda _n, _p: "")),
    Pollution("A36", "names of what nobody sees", _REFUSES, _called(lambda _n, _p: "\u200b\u2060", lambda _n, _p: "")),
    Pollution("A36", "empty numbers", _SOME, _blanked(PHONE, needed=True)),
    Pollution("A36", "empty addresses", _LOADS, _blanked(EMAIL, needed=False)),
    Pollution("D1", "rows pasted twice", _LOADS, _rows(_pasted_twice), varied=True),
    Pollution("D1", "the sheet pasted twice", _LOADS, _rows(_block_twice), varied=True),
    Pollution("D1", "two people with one number", _SOME, _same_number, varied=True),
    Pollution("D3", "rows in another order", _LOADS, _rows(_sorted_again), varied=True),
    Pollution("D5", "empty needed variables", _SOME, _blanked(APPOINTMENT, needed=True)),
    Pollution("D5", "empty notes", _LOADS, _blanked(NOTES, needed=False)),
    Pollution("D5", "numbers in the cell beside", _SOME, _moved(PHONE, PHONE + 1)),
    Pollution("D5", "names in the cell beside", _SOME, _moved(NAME, NAME - 1)),
    Pollution("B6", "a merged name, exported", _SOME, _merged_down, varied=True),
    Pollution("F5", "a results file fed back", _LOADS, _own_results),
    Pollution("F5", "a column called _row", _LOADS, _looks_like_results),
    Pollution("F5", "numbers behind formulas' signs", _REFUSES, _guarded_formula),
]
