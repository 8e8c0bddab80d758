"""Headers that are not where, or what, they should be (A23 to A28, A37, D4): a guessed column is a wrong person."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from campaign.intake.files.read_options import Choices
from tests.intake.pollution.people import HEADER, NAME, PHONE, Table, Truths, neighbours, table, template, truths
from tests.intake.pollution.polluted import Ending, Polluted, Pollution, file, sheet, text

_LOADS, _SOME, _REFUSES, _ASKS = Ending.LOADS, Ending.SOME, Ending.REFUSES, Ending.ASKS
_NOBODY: Truths = frozenset()


def _named(**names: str) -> Callable[[Random], Polluted]:
    """The header with other names: what stands there is taken by position."""
    lines = table()
    lines[0] = [names.get(name, name) for name in lines[0]]
    return lambda _: sheet(lines)


def _below(*above: list[str]) -> Callable[[Random], Polluted]:
    return lambda _: sheet([*above, *table()])


def _header_is(header: list[str]) -> Callable[[Random], Polluted]:
    return lambda _: sheet([header, *table()[1:]])


def _swapped(first: str, second: str, *, header: bool, cells: bool) -> Callable[[Random], Polluted]:
    """Columns in another order, header and all; the header alone would be another sheet."""
    lines = table()
    one, two = HEADER.index(first), HEADER.index(second)
    for line in lines[:1] * header + lines[1:] * cells:
        line[one], line[two] = line[two], line[one]
    return lambda _: sheet(lines)


def _shuffled(rng: Random) -> Polluted:
    order = rng.sample(range(len(HEADER)), len(HEADER))
    return sheet([[line[place] for place in order] for line in table()])


def _without_header(_rng: Random) -> Polluted:
    return sheet(table()[1:])


def _numbered_columns(_rng: Random) -> Polluted:
    """The owner says that there is no header, and names columns by their places."""
    mapped = template().model_dump()
    mapped["columns"] |= {"name": [f"#{NAME + 1}"], "phone": [f"#{PHONE + 1}"], "email": ["#9"]}
    for key, place in (("appointment", 12), ("doctor", 15), ("notes", 17)):
        mapped["variables"][key]["column"] = [f"#{place}"]
    made = type(template()).model_validate(mapped)
    return replace(sheet(table()[1:]), template=made, answers=(("no_header", "yes"),))


def _twice(column: str, *, same: bool) -> Callable[[Random], Polluted]:
    lines = table()
    place = HEADER.index(column)
    for line, other in zip(lines, [lines[0], *reversed(lines[1:])], strict=True):
        line.append(line[place] if same or line is lines[0] else other[place])
    return lambda _: sheet(lines, truth=truths() if same else _NOBODY)


def _two_tables(_rng: Random) -> Polluted:
    """Two sheets pasted side by side, each with its own Patient and Mobile."""
    lines = table()
    others = [*table(neighbours("US")), *([""] * len(HEADER) for _ in range(len(lines)))]
    return sheet([[*line, *other] for line, other in zip(lines, others, strict=False)], truth=_NOBODY)


def _two_tables_renamed(_rng: Random) -> Polluted:
    """Side by side, the second one's columns renamed and its rows in another order."""
    lines = table()
    others = [[f"{name} 2" for name in HEADER], *reversed(lines[1:])]
    return sheet([[*line, *other] for line, other in zip(lines, others, strict=True)])


def _second_table_below(_rng: Random) -> Polluted:
    """Another table below, in another order: its header parts them, and its rows are of other columns."""
    order = list(range(len(HEADER)))
    order[NAME], order[NAME - 1] = order[NAME - 1], order[NAME]
    order[PHONE], order[PHONE - 1] = order[PHONE - 1], order[PHONE]
    below = [[line[place] for place in order] for line in table(neighbours("US"))]
    for line in below[1:]:
        line[PHONE - 1] = "+1" + "".join(filter(str.isdigit, line[PHONE - 1]))
        line[PHONE] = "+1303555" + "".join(filter(str.isdigit, line[PHONE]))[-4:]
    return sheet([*table(), [], *below], truth=truths() | truths(neighbours("US")))


def _header_again(rng: Random) -> Polluted:
    lines = table()
    lines.insert(rng.randrange(2, len(lines)), list(HEADER))
    return sheet(lines)


def _two_lines_of_header(first: list[str], second: list[str]) -> Callable[[Random], Polluted]:
    return lambda _: sheet([first, second, *table()[1:]])


def _merged_header() -> tuple[list[str], list[str]]:
    groups = {0: "", 1: "Person", 4: "Phone", 7: "Email", 10: "Visit", 13: "Staff", 16: ""}
    return [groups.get(place, "") for place in range(len(HEADER))], list(HEADER)


def _header_glued(rng: Random) -> Polluted:
    lines = table()
    place = rng.randrange(len(HEADER) - 1)
    lines[0] = [*HEADER[:place], f"{HEADER[place]}{HEADER[place + 1]}", *HEADER[place + 2 :]]
    return sheet(lines)


def _header_shifted(rng: Random) -> Polluted:
    lines = table()
    lines[0].insert(rng.randrange(NAME + 1), "")
    return sheet(lines)


def _one_blank_name(rng: Random) -> Polluted:
    lines = table()
    lines[0][rng.choice([0, 1, 3, 4, 6, 7])] = rng.choice(["", " ", "Unnamed: 1", "\u00a0"])
    return sheet(lines)


def _blank_column(rng: Random) -> Polluted:
    place = rng.randrange(len(HEADER) + 1)
    return sheet([[*line[:place], "", *line[place:]] for line in table()])


def _mapped_blank(column: str) -> Callable[[Random], Polluted]:
    return _named(**{column: ""})


def _wide(_rng: Random) -> Polluted:
    return sheet([[*line, *([""] * 2_000)] for line in table()])


def _unquoted_break_in_header(_rng: Random) -> Polluted:
    return file(text(table()).replace("Guardian,", "Guardian\n,", 1))


def _header_by_choice(choices: Choices) -> Truths:
    """Whichever row is said to be the header: nobody can be called but those whom the sheet has."""
    del choices
    return truths()


def _titled(_rng: Random) -> Polluted:
    lines: Table = [["Reminders for December", *[""] * (len(HEADER) - 1)], *table()]
    return replace(sheet(lines, truth=truths()), under=_header_by_choice, answers=(("header_row", "2"),))


def _titled_bare(_rng: Random) -> Polluted:
    content = "Reminders for December\r\n\r\n" + text(table())
    return replace(file(content), under=_header_by_choice, answers=(("header_row", "3"),))


def _commented(_rng: Random) -> Polluted:
    content = "# exported by a program\r\n# at noon, by Ann\r\n" + text(table())
    return replace(file(content), answers=(("header_row", "3"),))


_ONLY_NAMES = [name if name in {"Patient", "Mobile", "Email"} else "" for name in HEADER]

POLLUTIONS = [
    Pollution("A23", "an unused column twice", _LOADS, _twice("Home", same=True)),
    Pollution("A23", "the number's column twice", _REFUSES, _twice("Mobile", same=True)),
    Pollution("A23", "the number's column twice, in another order", _REFUSES, _twice("Mobile", same=False)),
    Pollution("A23", "the name's column twice, in another order", _REFUSES, _twice("Patient", same=False)),
    Pollution("A23", "a variable's column twice, in another order", _REFUSES, _twice("Doctor", same=False)),
    Pollution("A23", "the number's column twice but for its case", _REFUSES, _named(Home="MOBILE")),
    Pollution("A23", "pandas' name for a column that occurs twice", _LOADS, _named(Home="Mobile.1")),
    Pollution("A23", "two tables side by side", _REFUSES, _two_tables),
    Pollution("A23", "two tables side by side, renamed", _LOADS, _two_tables_renamed),
    Pollution("A24", "an unused column without a name", _SOME, _one_blank_name, varied=True),
    Pollution("A24", "no names but those that are used", _REFUSES, _header_is(_ONLY_NAMES)),
    Pollution("A24", "an empty column", _SOME, _blank_column, varied=True),
    Pollution("A24", "the number's column without a name", _REFUSES, _mapped_blank("Mobile")),
    Pollution("A24", "the name's column without a name", _REFUSES, _mapped_blank("Patient")),
    Pollution("A24", "the header shifted to the right", _REFUSES, _header_shifted, varied=True),
    Pollution("A24", "two names glued", _REFUSES, _header_glued, varied=True),
    Pollution("A25", "names in capitals", _LOADS, _header_is([name.upper() for name in HEADER])),
    Pollution("A25", "names padded", _LOADS, _header_is([f"  {name} \t" for name in HEADER])),
    Pollution("A25", "no-break spaces in names", _LOADS, _header_is([f"\u00a0{name}\u00a0" for name in HEADER])),
    Pollution(
        "A25", "zero-width spaces in names", _LOADS, _header_is([f"{name[0]}\u200b{name[1:]}" for name in HEADER])
    ),
    Pollution("A25", "a line break behind names", _LOADS, _header_is([f"{name}\n" for name in HEADER])),
    Pollution("A25", "full-width names", _LOADS, _named(Mobile="Ｍｏｂｉｌｅ", Patient="Ｐａｔｉｅｎｔ")),  # noqa: RUF001 - meant
    Pollution("A26", "a title line", _ASKS, _titled),
    Pollution("A26", "a title line, short", _ASKS, _titled_bare),
    Pollution("A26", "lines of comment", _ASKS, _commented),
    Pollution("A26", "a blank line above", _SOME, lambda _: file("\r\n" + text(table()))),
    Pollution("A26", "a line of delimiters above", _SOME, _below([""] * len(HEADER))),
    Pollution("A26", "groups above the names", _REFUSES, _two_lines_of_header(*_merged_header())),
    Pollution("A26", "the names twice", _SOME, _two_lines_of_header(list(HEADER), list(HEADER))),
    Pollution("A26", "units below the names", _SOME, _two_lines_of_header(list(HEADER), ["text"] * len(HEADER))),
    Pollution("A26", "the names again among the rows", _SOME, _header_again, varied=True),
    Pollution("A26", "a second table below", _REFUSES, _second_table_below),
    Pollution("A26", "a line break in the header, unquoted", _REFUSES, _unquoted_break_in_header),
    Pollution("A27", "no header", _REFUSES, _without_header),
    Pollution("A27", "no header, columns by number", _REFUSES, _numbered_columns),
    Pollution("A28", "the header alone", _REFUSES, lambda _: sheet(table()[:1])),
    Pollution("A28", "nothing", _REFUSES, lambda _: file("")),
    Pollution("A28", "blank lines alone", _REFUSES, lambda _: file("\r\n" * 20)),
    Pollution("A31", "2,000 empty columns", _SOME, _wide),
    Pollution("A37", "a Cyrillic letter in a name", _REFUSES, _named(Mobile="Моbile")),  # noqa: RUF001 - meant
    Pollution("A37", "a Cyrillic look-alike beside the right one", _REFUSES, _named(Home="Моbile")),  # noqa: RUF001 - meant
    Pollution("D4", "the number's column missing", _REFUSES, _named(Mobile="Cell")),
    Pollution("D4", "the name's column missing", _REFUSES, _named(Patient="Who")),
    Pollution("D4", "names that begin alike", _REFUSES, _named(Mobile="Mobile phone", Home="Mobile home")),
    Pollution("D4", "a variable's column missing", _REFUSES, _named(Doctor="Physician")),
    Pollution("D4", "columns in another order", _LOADS, _shuffled, varied=True),
    Pollution("D4", "number and home in another order", _LOADS, _swapped("Home", "Mobile", header=True, cells=True)),
    Pollution(
        "D4", "name and guardian in another order", _LOADS, _swapped("Guardian", "Patient", header=True, cells=True)
    ),
    Pollution("D4", "names in another language", _REFUSES, _named(Patient="Patiënt", Mobile="Mobiel")),
]
