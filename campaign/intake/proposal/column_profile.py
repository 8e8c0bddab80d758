"""Column profiles: what the values of a sheet's columns look like, counted over its first rows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.domain.model import Row
from campaign.intake.contacts.columns import plain
from campaign.intake.opt_outs.yes_no import Said, is_yes_or_no, said_by
from campaign.intake.phones.notation import is_dotted_quad
from campaign.intake.phones.parse import PhoneFault, read_phone
from campaign.intake.phones.regions import region_of
from campaign.intake.proposal.header_words import Use, use_of

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_LOOKS = re.compile(r"[( ]*\+?[( ]*\d[\d().\-/ ]*")
_HALF = re.compile("[\ud800-\udfff]")  # half a character: no file can hold it
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
_DATE = re.compile(r"\d{4}[-/.]\d\d?[-/.]\d\d?([T ].*)?|\d\d?[-/.]\d\d?[-/.](\d\d)?\d\d")


@dataclass(frozen=True, slots=True)
class Profile:
    """Profile of a column: its name, and how many of its filled cells look like each kind of value.

    Attributes:
        index: of the cell in a row.
        reference: how a template names the column; None when no name can mean it.
        use: by its header.
        rows: how many rows were read.
        filled: of these, how many are not blank.
        phones: cells that are phone numbers; where the region is not known, those written with a +.
        looks: cells that may be phone numbers, in whatever country.
        emails, letters, countries: cells of that kind; a country is what `regions.region_of` knows.
        yes: cells that are a consent.
        yes_no: cells that say yes or no.
        dates: cells that are dates, as a workbook's are.
        same: the one value that all rows share; None when they differ, or some are blank.
        examples: the first two different values.
    """

    index: int
    reference: str | None
    use: Use | None
    rows: int
    filled: int
    phones: int
    looks: int
    emails: int
    yes: int
    yes_no: int
    letters: int
    countries: int
    dates: int
    same: str | None
    examples: tuple[str, ...]

    @property
    def called(self) -> str:
        """Describes the column in words."""
        return repr(self.reference) if self.reference is not None else f"column {self.index + 1}"

    @property
    def blank(self) -> int:
        """Number of rows in which the column is blank."""
        return self.rows - self.filled


def profiles_of(header: Sequence[str], rows: Sequence[Row], *, region: str | None) -> tuple[Profile, ...]:
    """Profiles each column; ignores damaged rows, since their cells may have moved.

    Args:
        header: the columns' names.
        rows: as many as are to be looked at.
        region: of phone numbers without a country; None when it is not known.
    """
    sound = [row for row in rows if row.damage is None]
    references = references_of(header)
    return tuple(
        _profile(index, [row.cells[index] for row in sound], name=name, reference=references[index], region=region)
        for index, name in enumerate(header)
    )


def is_national(cell: str) -> bool:
    """Whether a cell may be a phone number that is written without its country."""
    return _looks(cell) and not cell.strip().lstrip("( ").startswith("+")


def references_of(header: Sequence[str]) -> tuple[str | None, ...]:
    """References of the columns in a template: the name, or the position where the name is blank or not unique."""
    known = Counter(map(plain, header))
    return tuple(
        name
        if plain(name) and known[plain(name)] == 1 and not _HALF.search(name)
        else (None if known[f"#{place}"] else f"#{place}")
        for place, name in enumerate(header, start=1)
    )


def _profile(index: int, cells: Sequence[str], *, name: str, reference: str | None, region: str | None) -> Profile:
    filled = [cell for cell in cells if plain(cell)]
    different = dict.fromkeys(cell.strip() for cell in filled)
    return Profile(
        index=index,
        reference=reference,
        use=use_of(name),
        rows=len(cells),
        filled=len(filled),
        phones=sum(not isinstance(read_phone(cell, region=region), PhoneFault) for cell in filled),
        looks=sum(map(_looks, filled)),
        emails=sum(_EMAIL.fullmatch(cell.strip()) is not None for cell in filled),
        yes=sum(said_by(cell) in (Said.YES, Said.ALLOWED) for cell in filled),
        yes_no=sum(map(is_yes_or_no, filled)),
        letters=sum(_is_words(cell) for cell in filled),
        countries=sum(region_of(cell) is not None for cell in filled),
        dates=sum(_DATE.fullmatch(cell.strip()) is not None for cell in filled),
        same=next(iter(different)) if len(different) == 1 and len(filled) == len(cells) > 1 else None,
        examples=tuple(different)[:2],
    )


def _looks(cell: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    date = _DATE.fullmatch(cell.strip())
    return (
        date is None
        and not is_dotted_quad(cell.strip())
        and _FEWEST_DIGITS <= digits <= _MOST_DIGITS
        and _LOOKS.fullmatch(cell.strip()) is not None
    )


def _is_words(cell: str) -> bool:
    letters = sum(map(str.isalpha, cell))
    return letters > 0 and letters >= sum(map(str.isdigit, cell))
