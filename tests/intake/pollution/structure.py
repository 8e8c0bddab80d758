"""Delimiters, quotation marks, line ends and counts of fields (A10 to A22): what shifts columns and swallows people."""

import csv
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.intake.pollution.people import (
    DOCTOR,
    HEADER,
    NAME,
    NOTES,
    PHONE,
    Person,
    Truth,
    Truths,
    people,
    spoken,
    table,
    truths,
)
from tests.intake.pollution.polluted import Ending, Polluted, Pollution, file, sheet, text

_LOADS, _SOME, _REFUSES = Ending.LOADS, Ending.SOME, Ending.REFUSES
_DELIMITERS = {"commas": ",", "semicolons": ";", "tabs": "\t", "bars": "|"}
_QUOTE = '"'


def _in_one_cell(change: Callable[[str, Random], str], *columns: int) -> Callable[[Random], Polluted]:
    """Text is written into one raw cell of one row, past all rules of quoting. What it does to its own row is open."""

    def make(rng: Random) -> Polluted:
        plain = [[cell.replace('"', "").replace(",", " ") for cell in line] for line in table()]
        place, column = rng.randrange(1, len(plain)), rng.choice(columns or range(len(HEADER)))
        plain[place][column] = change(plain[place][column], rng)
        content = "".join(",".join(line) + "\r\n" for line in plain)
        return file(content, truth=_without(","), loosely=True)

    return make


def _without(lost: str) -> Truths:
    """What is true when this letter was a space in every cell."""
    return frozenset(
        Truth(spoken(one.name.replace(lost, " ")), one.phone, one.email, _said_without(one, lost)) for one in truths()
    )


def _said_without(truth: Truth, lost: str) -> frozenset[tuple[str, str]]:
    return frozenset((key, value.replace(lost, " ")) for key, value in truth.said)


def _opening(cell: str, _rng: Random) -> str:
    return _QUOTE + cell


def _closing(cell: str, _rng: Random) -> str:
    return cell + _QUOTE


def _inside(cell: str, rng: Random) -> str:
    place = rng.randrange(len(cell) + 1)
    return cell[:place] + _QUOTE + cell[place:]


def _escaped(cell: str, rng: Random) -> str:
    place = rng.randrange(len(cell) + 1)
    return f'"{cell[:place]}\\"{cell[place:]}"'


def _unescaped(cell: str, rng: Random) -> str:
    place = rng.randrange(len(cell) + 1)
    return f'"{cell[:place]}"{cell[place:]}"'


def _quoted_and_more(cell: str, _rng: Random) -> str:
    return f'"{cell}" '


def _space_and_quoted(cell: str, _rng: Random) -> str:
    return f' "{cell}"'


def _tripled(cell: str, _rng: Random) -> str:
    return f'"""{cell}"""'


def _stray_marks(count: int, *, quoted: bool) -> Callable[[Random], Polluted]:
    def make(rng: Random) -> Polluted:
        content = text(table(), quoted=quoted)
        for _ in range(count):
            place = rng.randrange(len(content) + 1)
            content = content[:place] + _QUOTE + content[place:]
        return file(content, truth=truths(), loosely=True)

    return make


def _lost_marks(count: int) -> Callable[[Random], Polluted]:
    def make(rng: Random) -> Polluted:
        content = text(table(), quoted=True)
        for _ in range(count):
            place = rng.choice([index for index, letter in enumerate(content) if letter == _QUOTE])
            content = content[:place] + content[place + 1 :]
        return file(content, truth=truths(), loosely=True)

    return make


def _swallowed(column: int, rows: int) -> Callable[[Random], Polluted]:
    """A quotation mark opens in one row and closes some rows below: one cell holds all between."""

    def make(rng: Random) -> Polluted:
        plain = [[cell.replace('"', "").replace(",", " ") for cell in line] for line in table()]
        first = rng.randrange(1, len(plain) - rows)
        plain[first][column] = _QUOTE + plain[first][column]
        plain[first + rows][column] += _QUOTE
        content = "".join(",".join(line) + "\n" for line in plain)
        return file(content, truth=_without(","), loosely=True)

    return make


def _row_changed(change: Callable[[list[str], Random], list[str]]) -> Callable[[Random], Polluted]:
    def make(rng: Random) -> Polluted:
        lines = table()
        place = rng.randrange(1, len(lines))
        lines[place] = change(lines[place], rng)
        return sheet(lines)

    return make


def _deleted(line: list[str], rng: Random) -> list[str]:
    place = rng.randrange(len(line))
    return line[:place] + line[place + 1 :]


def _doubled(line: list[str], rng: Random) -> list[str]:
    place = rng.randrange(len(line))
    return line[:place] + line[place : place + 1] + line[place:]


def _split(line: list[str], rng: Random) -> list[str]:
    place = rng.randrange(len(line))
    middle = max(len(line[place]) // 2, 1)
    return [*line[:place], line[place][:middle], line[place][middle:], *line[place + 1 :]]


def _shifted_right(line: list[str], _rng: Random) -> list[str]:
    return ["", *line]


def _shifted_left(line: list[str], _rng: Random) -> list[str]:
    return line[1:]


def _glued(line: list[str], rng: Random) -> list[str]:
    place = rng.randrange(len(line) - 1)
    return [*line[:place], line[place] + line[place + 1], *line[place + 2 :]]


def _every_row(change: Callable[[list[str]], list[str]]) -> Callable[[Random], Polluted]:
    header, *lines = table()
    return lambda _: sheet([header, *map(change, lines)])


def _row_broken(rng: Random) -> Polluted:
    """A line break inside a row, without quotation marks: two rows, each too short."""
    lines = [text([line]) for line in table()]
    place = rng.randrange(1, len(lines))
    comma = rng.choice([index for index, letter in enumerate(lines[place]) if letter == ","])
    lines[place] = lines[place][:comma] + "\n" + lines[place][comma:]
    return file("".join(lines), loosely=True)


def _rows_joined(rng: Random) -> Polluted:
    lines = [text([line]) for line in table()]
    place = rng.randrange(1, len(lines) - 1)
    lines[place] = lines[place].rstrip("\r\n") + rng.choice(["", ",", " "])
    return file("".join(lines))


def _mixed_delimiters(rng: Random) -> Polluted:
    lines = table()
    place = rng.randrange(1, len(lines))
    made = [text([line], delimiter=";" if index == place else ",") for index, line in enumerate(lines)]
    return file("".join(made))


def _table_as(delimiter: str, *, ending: str = "\r\n", quoted: bool = False) -> Callable[[Random], Polluted]:
    return lambda _: file(text(table(), delimiter=delimiter, ending=ending, quoted=quoted))


def _cut(line: list[str], rng: Random) -> list[str]:
    return line[: rng.randrange(1, len(line))]


def _shifted_two(line: list[str], _rng: Random) -> list[str]:
    return ["", "", *line]


def _mixed_ends(rng: Random) -> Polluted:
    return file("".join(text([line], ending=rng.choice(["\n", "\r\n", "\r"])) for line in table()))


def _line_breaks_in(column: int, ending: str, *, read: bool) -> Callable[[Random], Polluted]:
    """Every third person has a cell of two lines; `read` where that does no harm to what is said."""
    lines = table()
    for line in lines[1::3]:
        line[column] += f"{ending}second line"
    spared = tuple(person for place, person in enumerate(people()) if place % 3)
    # What is said is said on one line.
    longer = tuple(
        replace(person, cells=(*cells[:DOCTOR], f"{cells[DOCTOR]}, second line", *cells[DOCTOR + 1 :]))
        if place % 3 == 0 and column == DOCTOR
        else person
        for place, person in enumerate(people())
        for cells in [person.cells]
    )
    return lambda _: sheet(lines, truth=truths(longer) if read else truths(spared))


def _guardian_twice(line: list[str]) -> list[str]:
    return [line[0], line[1], *line[1:]]


def _surplus_but_one(rng: Random) -> Polluted:
    """Every row ends in a delimiter too many, and one of them has lost a cell: its count is that of the header."""
    head, *lines = table()
    place, lost = rng.randrange(len(lines)), rng.randrange(len(head) - 1)
    rows = [[*line, ""] for line in lines]
    del rows[place][lost]
    return sheet([head, *rows])


def _empty_but_one(rng: Random) -> Polluted:
    """Nobody has notes, and one row has a cell twice: what it has too much is empty."""
    head, *lines = table()
    for line in lines:
        line[NOTES] = ""
    true = frozenset(Person(tuple(line), person.phone).truth for line, person in zip(lines, people(), strict=True))
    place, twice = rng.randrange(len(lines)), rng.randrange(len(head) - 1)
    lines[place].insert(twice, lines[place][twice])
    return sheet([head, *lines], truth=true)


def _with_surplus(surplus: list[str], *, header: bool = False) -> Callable[[Random], Polluted]:
    head, *lines = table()
    return lambda _: sheet([[*head, *surplus] if header else head, *([*line, *surplus] for line in lines)])


def _without_last_blanks(_rng: Random) -> Polluted:
    """Some programs leave out what is empty at a row's end."""
    head, *lines = table()
    return sheet([head, *([*line[:-1]] if not line[-1] else line for line in lines)])


def _declared(line: str, *, delimiter: str = ";") -> Callable[[Random], Polluted]:
    return lambda _: file(f"{line}\r\n" + text(table(), delimiter=delimiter))


def _backslashes(_rng: Random) -> Polluted:
    """What a database exports: quotation marks inside of a cell escaped by a backslash."""
    lines = (",".join('"' + cell.replace('"', '\\"') + '"' for cell in line) for line in table())
    return file("\n".join(lines) + "\n", loosely=True)


def _padded(delimiter: str) -> Callable[[Random], Polluted]:
    """Columns lined up by hand, with spaces around each delimiter."""
    lost = delimiter.strip() or "\t"
    lines = [[cell.replace(lost, " ").replace('"', "") for cell in line] for line in table()]
    content = "\n".join(delimiter.join(line) for line in lines)
    return lambda _: file(content, truth=_without(lost), loosely=True)


def _raw(change: Callable[[str], str], **how: bool) -> Callable[[Random], Polluted]:
    return lambda _: file(change(text(table(), **how)), loosely=bool(how))  # type: ignore[arg-type]  # text's own


def _truncated(rng: Random) -> Polluted:
    """What is left of the row that the end cut is what it says, once all of its cells have begun."""
    content = text(table()).encode()
    content = content[: rng.randrange(len(content) // 2, len(content))]
    return file(content, truth=_of_one_line(content.decode("utf-8", "ignore").splitlines()[-1]))


def _row_twice_half(rng: Random) -> Polluted:
    """A paste that went over the beginning of the next row."""
    lines = [text([line]) for line in table()]
    place = rng.randrange(1, len(lines) - 1)
    cut = rng.randrange(1, len(lines[place + 1]) - 3)
    lines[place + 1] = lines[place].rstrip("\r\n")[:cut] + lines[place + 1][cut:]
    return file("".join(lines), truth=_of_one_line(lines[place + 1]), loosely=True)


def _of_one_line(line: str) -> Truths:
    """The line that a paste made is what it says, however it came to be: read strictly by the count of its fields."""
    cells = next(csv.reader([line], strict=False))
    if len(cells) != len(HEADER):
        return truths()
    phone = "+" + "".join(filter(str.isdigit, cells[PHONE]))
    return truths() | {Person(tuple(cells), phone).truth}


POLLUTIONS = [
    *(
        Pollution("A10", f"{name}, {'quoted' if quoted else 'bare'}", _LOADS, _table_as(delimiter, quoted=quoted))
        for name, delimiter in _DELIMITERS.items()
        for quoted in (False, True)
    ),
    Pollution("A10", "two spaces for columns", _REFUSES, _padded("  ")),
    Pollution("A10", "colons", _REFUSES, _padded(":")),
    Pollution("A10", "spaces and bars", _LOADS, _padded(" | ")),
    Pollution("A10", "spaces after commas", _LOADS, _padded(", ")),
    Pollution("A10", "spaces before semicolons", _LOADS, _padded(" ;")),
    Pollution("A10", "one row with another delimiter", _SOME, _mixed_delimiters, varied=True),
    Pollution("A11", "sep=;", _LOADS, _declared("sep=;")),
    Pollution("A11", "quoted sep=,", _LOADS, _declared('"sep=,"', delimiter=",")),
    Pollution("A11", "sep= that lies", _REFUSES, _declared("sep=;", delimiter=",")),
    Pollution("A11", "sep= of two letters", _REFUSES, _declared("sep=||", delimiter="|")),
    Pollution("A12", "a mark in an unquoted cell", _REFUSES, _in_one_cell(_inside), varied=True),
    Pollution("A12", "a mark at the end of a cell", _REFUSES, _in_one_cell(_closing), varied=True),
    Pollution("A12", "a mark alone opens a cell", _REFUSES, _in_one_cell(_opening), varied=True),
    Pollution("A12", "marks tripled", _SOME, _in_one_cell(_tripled), varied=True),
    Pollution("A12", "a mark not doubled in a quoted cell", _REFUSES, _in_one_cell(_unescaped), varied=True),
    Pollution("A12", "a space after the closing mark", _SOME, _in_one_cell(_quoted_and_more), varied=True),
    Pollution("A12", "a space before the opening mark", _SOME, _in_one_cell(_space_and_quoted), varied=True),
    *(
        Pollution(
            "A13", f"{rows} rows swallowed from {HEADER[column]}", _REFUSES, _swallowed(column, rows), varied=True
        )
        for rows in (1, 2, 9)
        for column in (0, NAME, NAME + 1, PHONE, NOTES)
    ),
    *(
        Pollution("A13", f"{count} marks strewn, {kind}", _REFUSES, _stray_marks(count, quoted=quoted), varied=True)
        for count in (1, 2, 3, 6)
        for kind, quoted in (("bare", False), ("quoted", True))
    ),
    *(Pollution("A14", f"{count} marks lost", _REFUSES, _lost_marks(count), varied=True) for count in (1, 2, 4)),
    Pollution("A14", "a mark opens at the end of the file", _REFUSES, _raw(lambda raw: raw + '"')),
    Pollution("A14", "a mark opens before the header", _REFUSES, _raw(lambda raw: '"' + raw)),
    Pollution("A15", "two lines in an unused cell", _LOADS, _line_breaks_in(1, "\n", read=True)),
    Pollution("A15", "two lines, CRLF, in an unused cell", _LOADS, _line_breaks_in(6, "\r\n", read=True)),
    Pollution("A15", "two lines in a name", _SOME, _line_breaks_in(NAME, "\n", read=False)),
    Pollution("A15", "two lines in a number", _SOME, _line_breaks_in(PHONE, "\n", read=False)),
    Pollution("A15", "two lines in what is said", _LOADS, _line_breaks_in(DOCTOR, "\r\n", read=True)),
    Pollution("A16", "backslashes before marks", _REFUSES, _backslashes),
    Pollution("A16", "a backslash before a mark in one cell", _REFUSES, _in_one_cell(_escaped), varied=True),
    Pollution("A17", "LF", _LOADS, _table_as(",", ending="\n")),
    Pollution("A17", "CR", _LOADS, _table_as(",", ending="\r")),
    Pollution("A17", "CR CR LF", _LOADS, _table_as(",", ending="\r\r\n")),
    Pollution("A17", "LF LF", _LOADS, _table_as(",", ending="\n\n")),
    Pollution("A17", "LF CR", _LOADS, _table_as(",", ending="\n\r")),
    Pollution("A17", "line ends mixed", _LOADS, _mixed_ends, varied=True),
    Pollution("A17", "CR inside quotes", _LOADS, _line_breaks_in(4, "\r", read=True)),
    Pollution("A17", "Unicode line separators for line ends", _REFUSES, _table_as(",", ending="\u2028")),
    Pollution("A17", "no line end at the end", _LOADS, _raw(str.rstrip)),
    Pollution("A18", "NUL at the end", _REFUSES, _raw(lambda raw: raw + "\0")),
    Pollution("A18", "NUL for spaces", _REFUSES, _raw(lambda raw: raw.replace(" ", "\0"))),
    Pollution("A18", "Ctrl-Z at the end", _SOME, _raw(lambda raw: raw + "\x1a")),
    Pollution("A18", "Ctrl-Z on a line at the end", _SOME, _raw(lambda raw: raw + "\x1a\r\n")),
    Pollution("A18", "form feeds between rows", _SOME, _table_as(",", ending="\r\n\f")),
    Pollution("A18", "vertical tabs for line ends", _REFUSES, _table_as(",", ending="\v")),
    Pollution("A19", "a cell deleted", _SOME, _row_changed(_deleted), varied=True),
    Pollution("A19", "two cells glued", _SOME, _row_changed(_glued), varied=True),
    Pollution("A19", "a row shifted to the left", _SOME, _row_changed(_shifted_left), varied=True),
    Pollution("A19", "a row cut at a delimiter", _SOME, _row_changed(_cut), varied=True),
    Pollution("A19", "a row broken in two", _REFUSES, _row_broken, varied=True),
    Pollution("A19", "empty cells at the end left out", _SOME, _without_last_blanks),
    Pollution("A19", "the file cut", _REFUSES, _truncated, varied=True),
    Pollution("A20", "a cell doubled", _SOME, _row_changed(_doubled), varied=True),
    Pollution("A20", "a cell split", _SOME, _row_changed(_split), varied=True),
    Pollution("A20", "a row shifted to the right", _SOME, _row_changed(_shifted_right), varied=True),
    Pollution("A20", "a row shifted to the right by two", _SOME, _row_changed(_shifted_two), varied=True),
    Pollution("A20", "two rows joined", _SOME, _rows_joined, varied=True),
    Pollution("A20", "a paste over the next row's beginning", _REFUSES, _row_twice_half, varied=True),
    Pollution("A21", "a number in front of every row", _REFUSES, _every_row(lambda line: ["1", *line])),
    Pollution("A21", "nothing in front of every row", _REFUSES, _every_row(lambda line: ["", *line])),
    Pollution("A21", "a cell behind every row", _REFUSES, _every_row(lambda line: [*line, "more"])),
    Pollution("A21", "every row lacks its first cell", _REFUSES, _every_row(lambda line: line[1:])),
    Pollution("A21", "every row lacks its last cell", _REFUSES, _every_row(lambda line: line[:-1])),
    Pollution("A21", "every row has its guardian twice", _REFUSES, _every_row(_guardian_twice)),
    Pollution("A22", "a delimiter after every row", _LOADS, _with_surplus([""])),
    Pollution("A22", "a delimiter after every line", _LOADS, _with_surplus([""], header=True)),
    Pollution("A22", "five delimiters after every line", _LOADS, _with_surplus([""] * 5, header=True)),
    Pollution("A22", "a delimiter after every row, and a cell lost", _REFUSES, _surplus_but_one, varied=True),
    Pollution("A20", "a cell doubled where the last is empty", _SOME, _empty_but_one, varied=True),
    Pollution("A22", "spaces after every row", _SOME, _with_surplus([" "])),
]
