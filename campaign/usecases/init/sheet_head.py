"""The header and the first rows of a sheet, and what is known of its columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.domain.model import Row
from campaign.intake.contacts.columns import column_index
from campaign.intake.contacts.footer import people_among
from campaign.intake.contacts.header import open_with_header
from campaign.intake.files.read_options import Choices
from campaign.intake.proposal.column_profile import Profile, profiles_of
from campaign.intake.proposal.header_words import PHONES, Use, use_of

MOST_ROWS = 1_000
_LISTED = 20
_NAMES = (Use.FULL, Use.GENERIC, Use.FIRST, Use.LAST, Use.PERSON)


@dataclass(frozen=True, slots=True)
class SheetHead:
    """Header and first rows of a sheet.

    Attributes:
        path: where it is.
        header: its columns' names.
        rows: people among the first thousand that can be read.
        footers: how many of these are lines of totals, or of a report's footer.
        whole: whether these are all.
        choices: with which it was read.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    footers: int
    whole: bool
    choices: Choices

    @property
    def told(self) -> str:
        """How many rows were read, in words."""
        lines = "1 line" if self.footers == 1 else f"{self.footers} lines"
        beside = f", beside {lines} of totals or of a footer" if self.footers else ""
        return (f"its {len(self.rows)} rows" if self.whole else f"its first {len(self.rows):,} rows") + beside


def look_at(path: Path, choices: Choices) -> SheetHead:
    """Reads the header and the first rows.

    Raises:
        UndecidedError: only the sheet's owner can say how it is to be read.
        SheetError: it cannot be read.
    """
    sheet = open_with_header(path, choices=choices, region=None, fits=_tells_name_and_phone)
    rows = tuple(islice(sheet.rows, MOST_ROWS + 1))
    # What only lacks cells at its end has them empty, as spreadsheet programs write it.
    sound = tuple(
        row._replace(damage=None)
        for row in rows[:MOST_ROWS]
        if row.damage is None or (row.short and row.readable is None)
    )
    # A line of totals has no appointment, and is no reason to make every appointment optional.
    people = people_among(sound, phones=_phone_columns(sheet.header, sound))
    return SheetHead(path, sheet.header, people, len(sound) - len(people), len(rows) <= MOST_ROWS, choices)


def _phone_columns(header: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """Columns of numbers by their names; where no name says it, by their values."""
    if named := [index for index, name in enumerate(header) if use_of(name) in PHONES]:
        return named
    return [each.index for each in profiles_of(header, rows, region=None) if 2 * each.looks >= each.filled > 0]


def _tells_name_and_phone(header: Sequence[str]) -> bool:
    uses = {use_of(name) for name in header}
    return not uses.isdisjoint(_NAMES) and not uses.isdisjoint(PHONES)


def named_columns(look: SheetHead, names: Sequence[str]) -> tuple[int, ...]:
    """Columns by name, or by position (`#3`).

    Raises:
        UsageError: the sheet has none of that name, or several.
    """
    places = [column_index(name, look.header) for name in names]
    for name, place in zip(names, places, strict=True):
        if place is None:
            known = ", ".join(repr(each) for each in look.header[:_LISTED] if each.strip())
            raise UsageError(
                f"sheet {look.path}: no single column {name!r} in it; it has {known}, and each by its place, as '#1'"
            )
    return tuple(place for place in places if place is not None)


@lru_cache(maxsize=1)
def references(look: SheetHead) -> tuple[Profile, ...]:
    """The columns as a template names them, with what is known of their values."""
    return profiles_of(look.header, look.rows, region=None)
