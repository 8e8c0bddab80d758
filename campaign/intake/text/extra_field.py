"""Extra fields: rows that all have a field more than the header, and nothing in it.

    Name,City,Phone,Notes          a delimiter at the end of each row:   Springfield |  IL | +1415... | (dropped)
    Ada,Springfield, IL,+1415...,  or one inside of a cell, unquoted:    Springfield, IL | +1415...  | (no notes)

Either reading moves every cell of the sheet, so the first one needs a proof: the cells are what their columns' names
say, and no delimiter is followed by a blank in every row, as those in a text are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from campaign.domain.cures.sheets import choose_extra_field
from campaign.domain.errors import SheetError, UndecidedError
from campaign.intake.contacts.columns import plain

END = "end"
"""The choice of the first reading; the others are chosen by the number of the column that has the delimiter in it."""
_LOOKED_AT = 200  # rows
_SHOWN = 5  # cells
_SHOWN_CELL = 24  # characters


@dataclass(frozen=True, slots=True)
class FieldReading:
    """A way to read the fields of a row.

    Attributes:
        width: of the header.
        joined: index of the column whose pieces are joined; None where the fields beyond the header are dropped.
        pieces: into how many fields that column falls.
        delimiter: between them.
    """

    width: int
    joined: int | None
    pieces: int
    delimiter: str

    @property
    def choice(self) -> str:
        """The value that chooses this reading."""
        return END if self.joined is None else str(self.joined + 1)

    def cells(self, fields: Sequence[str]) -> list[str]:
        """The cells of a row with as many fields as most."""
        if self.joined is None:
            return list(fields[: self.width])
        end = self.joined + self.pieces
        whole = self.delimiter.join(fields[self.joined : end])
        return [*fields[: self.joined], whole, *fields[end:]][: self.width]


def proved_reading(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    delimiter: str,
    chosen: str | None,
    usual: str | None = None,
) -> FieldReading:
    """Finds the reading of rows that have more fields than the header has names.

    Args:
        path: named in errors.
        header: the names.
        rows: the first ones of the sheet that have as many fields as most, nothing beyond the header in them.
        delimiter: between the fields.
        chosen: what the sheet's owner says of it; None to prove it.
        usual: what was said of sheets like it: it decides between the readings that are possible, and adds none.

    Raises:
        UndecidedError: more than one reading is possible.
        SheetError: the choice is none.
    """
    width, pieces = len(header), len(rows[0]) - len(header) + 1
    end = FieldReading(width, None, pieces, delimiter)
    others = [FieldReading(width, index, pieces, delimiter) for index in range(width - 1)]
    if chosen is not None:
        known = {each.choice: each for each in (end, *others)}
        if chosen not in known:
            raise SheetError(f"sheet {path}: no column {chosen!r} in it that could hold the extra field")
        return known[chosen]
    seen = list(islice(rows, _LOOKED_AT))
    doubtful = [each for each in others if _is_spaced(seen, each.joined or 0) and _fits(header, seen, each)]
    fits = _fits(header, seen, end)
    if fits and not doubtful:
        return end
    possible = [*doubtful, *([end] if fits else [])]
    if (known_before := next((each for each in possible if each.choice == usual), None)) is not None:
        return known_before
    raise _undecided(path, header, seen[0], readings=possible)


def _undecided(
    path: Path, header: Sequence[str], row: Sequence[str], *, readings: Sequence[FieldReading]
) -> SheetError:
    """Asks which of the readings is meant, of those that fit; where none does, nothing is offered."""
    what = f"sheet {path}: its rows have a field more than the header has names"
    if not readings:
        raise SheetError(f"{what}: a cell with the delimiter in it may be without quotation marks; put it into them")
    # The cells before are the same in all of the readings: who saw those alone would choose blindly.
    first = min(each.joined for each in readings if each.joined is not None)
    named = [list(zip(header, each.cells(row), strict=True))[first:] for each in readings]
    options = [(each.choice, _shown(cells)) for each, cells in zip(readings, named, strict=True)]
    return UndecidedError(
        f"{what}: a delimiter ends each row, or stands in a cell without quotation marks",
        cure=choose_extra_field(options),
        choice="extra_field",
        options=options,
    )


def _shown(cells: Sequence[tuple[str, str]]) -> str:
    named = [f"{_short(name)}: {_short(cell)}".rstrip() for name, cell in islice(cells, _SHOWN)]
    return " | ".join(named + ["..."] * (len(cells) > _SHOWN))


def _short(text: str) -> str:
    return " ".join(text.split())[:_SHOWN_CELL]


def _is_spaced(rows: Sequence[Sequence[str]], index: int) -> bool:
    """Whether a blank follows the delimiter behind this column in all rows, as in a text, and hardly behind others."""
    spaced = [sum(row[place][:1] == " " for row in rows) for place in range(1, len(rows[0]))]
    return spaced[index] == len(rows) and 2 * sum(count == len(rows) for count in spaced) <= len(spaced)


def _fits(header: Sequence[str], rows: Sequence[Sequence[str]], reading: FieldReading) -> bool:
    """Whether each column whose name says what its cells are has such cells, in most of the rows that fill it."""
    read = [reading.cells(row) for row in rows]
    for index, name in enumerate(header):
        filled = [cells[index].strip() for cells in read if cells[index].strip()]
        kind = kind_of(name)
        if kind is not None and 2 * sum(map(kind, filled)) < len(filled):
            return False
    return True


def kind_of(name: str) -> Callable[[str], bool] | None:
    """The check of a column's cells that its name tells; None where it tells nothing of them."""
    words = list(_words(name))
    return next((kind for kind, told in _KINDS if any(word.startswith(told) for word in words)), None)


def _words(name: str) -> Iterator[str]:
    yield from "".join(c if c.isalnum() else " " for c in plain(name)).split()


def is_phone(cell: str) -> bool:
    """Whether a cell may be a phone number, in whatever form."""
    digits = sum(map(str.isdigit, cell))
    return digits > 0 and sum(map(str.isalpha, cell)) <= digits and "@" not in cell and "," not in cell


def _is_email(cell: str) -> bool:
    return "@" in cell and "," not in cell


def _is_name(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell)) and "@" not in cell


def _has_digit(cell: str) -> bool:
    return any(map(str.isdigit, cell))


_KINDS: tuple[tuple[Callable[[str], bool], tuple[str, ...]], ...] = (
    (_is_email, ("email", "mail", "courriel", "correo")),
    (is_phone, ("phone", "tel", "mobil", "cell", "handy", "móvil", "rufnummer", "fax", "festnetz", "whatsapp")),
    (_has_digit, ("date", "datum", "fecha", "due", "amount", "price", "total", "zip", "postal")),
    (_is_name, ("name", "vorname", "nachname", "patient", "customer", "client", "kunde", "nom", "prénom", "nome")),
)
