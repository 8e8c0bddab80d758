"""Column matching: the template's column names, found in a sheet's header."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from campaign.config.template import JoinSection, OrderedNameSection, Template, VariableSection
from campaign.domain.errors import SheetError
from campaign.domain.model import Readable, Row
from campaign.intake.contacts.homoglyphs import look_alike

_MOST_LISTED = 20
_TIMES = ("call_at", "timezone", "state", "zip")
_BY_PLACE = re.compile("#([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Variable:
    """Source of a prompt variable's value: the column `index`, or the constant `value` for all rows.

    `format` is how its dates or times are spoken; None for a text that is spoken as it stands.
    """

    key: str
    index: int | None
    value: str = ""
    optional: bool = False
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Indices of the template's columns in a row's cells.

    Attributes:
        header: the sheet's column names, as written there.
        name: of the person who is called; of a joined name the first part.
        phones: in the order in which they are tried; a row's first cell that reads as a number counts.
        email: None when the template asks for none.
        consent: None when the template asks for none.
        opted_out: that say who is not to be called.
        needed: how many fields a row has at the least; what lies behind is optional, and may be left out.
        variables: in the template's order.
        names: the parts of a joined name, in order; empty when one column holds it.
        last_name_first: whether names are written `Last, First`.
        country: whose numbers the row's are, where they are written without one; None when the template asks for none.
        call_at: when to call; None when the template asks for none.
        timezone: where the person is; likewise `state` and `zip`.
    """

    header: tuple[str, ...]
    name: int
    phones: tuple[int, ...]
    email: int | None = None
    consent: int | None = None
    variables: tuple[Variable, ...] = ()
    names: tuple[int, ...] = ()
    country: int | None = None
    call_at: int | None = None
    timezone: int | None = None
    state: int | None = None
    zip: int | None = None
    opted_out: tuple[int, ...] = ()
    last_name_first: bool = False
    needed: int = 0

    def completed(self, row: Row, *, read: Collection[Readable] = ()) -> Row:
        """The row as a sound one, where all that it lacks are optional cells at its end, or its owner says so."""
        has_all = row.readable == "line_breaks" or (0 < self.needed <= row.short)
        if has_all and (row.readable is None or row.readable in read):
            return row._replace(damage=None, short=0, readable=None)
        return row

    def readable(self, row: Row) -> Readable | None:
        """By which word of the sheet's owner a damaged row would be sound."""
        return None if row.readable is None or self.completed(row, read=(row.readable,)) is row else row.readable


def match_columns(header: Sequence[str], template: Template) -> Columns:
    """Finds the template's columns in a header, whatever their case, width and spacing.

    `"#3"` is the third column, unless one is really called so.

    Raises:
        SheetError: columns are missing or duplicated; names all of them, with the nearest that the sheet has.
    """
    wanted = template.columns
    finder = _Finder(header)
    names = tuple(finder.first(part, "name") for part in _name_parts(template))
    phones = finder.every(wanted.phone, "phone")
    email = finder.first(wanted.email, "email") if wanted.email else None
    consent = finder.first(wanted.consent, "consent") if wanted.consent else None
    country = finder.first(wanted.country, "country") if wanted.country else None
    times = {use: finder.first(cols, use) for use in _TIMES if (cols := getattr(wanted, use))}
    # Each must be there: a column that is renamed would let its people be called.
    opted_out = tuple(finder.first((name,), "opted_out") for name in wanted.opted_out or ())
    variables = tuple(_variable(key, section, finder) for key, section in template.variables.items())
    if finder.faults:
        raise SheetError("the sheet's columns do not fit the template: " + "; ".join(finder.faults))
    joined = names if len(names) > 1 else ()
    required = [one.index for one in variables if one.index is not None and not one.optional]
    told = [index for index in (consent, country, *times.values()) if index is not None]
    return Columns(
        tuple(header),
        names[0],
        phones,
        email,
        consent,
        variables,
        joined,
        country,
        opted_out=opted_out,
        last_name_first=isinstance(wanted.name, OrderedNameSection),
        needed=1 + max(*names, *phones, *required, *told, *opted_out, 0),
        **times,
    )


def column_index(name: str, header: Sequence[str]) -> int | None:
    """Finds the index of the one column with this name; None when there is none, or several."""
    places = [index for index, known in enumerate(header) if plain(known) == plain(name)] if plain(name) else []
    if not places:
        return _by_place(name, len(header))
    return places[0] if len(places) == 1 else None


def plain(text: str) -> str:
    """Normalises a name for comparison: case, width, spacing and invisible characters make no difference."""
    if text.isascii():
        return " ".join(text.casefold().split())
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible.casefold()).split())


def _name_parts(template: Template) -> list[tuple[str, ...]]:
    """For each part of the name, the columns that may hold it."""
    match template.columns.name:
        case JoinSection(join=parts):
            return [(part,) for part in parts]
        case OrderedNameSection(column=column):
            return [column]
        case column:
            return [column]


def _by_place(name: str, width: int) -> int | None:
    match = _BY_PLACE.fullmatch(plain(name))
    return int(match[1]) - 1 if match and int(match[1]) <= width else None


def _variable(key: str, section: VariableSection, finder: "_Finder") -> Variable:
    if section.column is None:
        return Variable(key, None, section.value or "")
    index = finder.first(section.column, f"variable {key}")
    return Variable(key, index, optional=section.optional, format=section.format)


class _Finder:
    """Finds columns and collects every fault, so that all faults are reported at once."""

    def __init__(self, header: Sequence[str]) -> None:
        self.faults: list[str] = []
        self._header = header
        self._plain = [plain(name) for name in header]
        self._places: dict[str, list[int]] = {}
        for index, key in enumerate(self._plain):
            if key:
                self._places.setdefault(key, []).append(index)

    def first(self, names: Sequence[str], use: str) -> int:
        """The first of these columns that the sheet has."""
        found = next(self._found(names, use), None)
        return self._lacking(names, use) if found is None else found

    def every(self, names: Sequence[str], use: str) -> tuple[int, ...]:
        """All of these columns that the sheet has, each once."""
        found = tuple(dict.fromkeys(self._found(names, use)))
        return found or (self._lacking(names, use),)

    def _found(self, names: Sequence[str], use: str) -> Iterator[int]:
        for name in names:
            places = self._places.get(plain(name), [])
            if len(places) > 1:
                listed = " and ".join(str(place + 1) for place in places)
                numbered = " or ".join(f'"#{place + 1}"' for place in places)
                self.faults.append(
                    f"column {name!r} ({use}) stands in the header {len(places)} times, as columns {listed}: "
                    f"rename one, or write {numbered} in the template"
                )
            by_place = None if places else _by_place(name, len(self._header))
            yield from places[:1] if by_place is None else [by_place]

    def _lacking(self, names: Sequence[str], use: str) -> int:
        listed = " or ".join(repr(name) for name in names)
        self.faults.append(f"no column {listed} ({use}), {self._nearest(names)}")
        return 0  # never used: a fault refuses the sheet

    def _nearest(self, names: Sequence[str]) -> str:
        for name in names:
            if found := look_alike(plain(name), self._plain):
                place, which = found
                return f'column {place + 1} only looks the same: {which}; type it anew, or write "#{place + 1}"'
        known = {key: name for key, name in zip(self._plain, self._header, strict=True) if key}
        near = [hit for name in names for hit in difflib.get_close_matches(plain(name), known, n=1, cutoff=0.6)]
        if near:
            return f"nearest in the sheet: {known[near[0]]!r}"
        return "the sheet has: " + ", ".join(self._listed())

    def _listed(self) -> Iterator[str]:
        for place, (key, name) in enumerate(zip(self._plain, self._header, strict=True), start=1):
            if place > _MOST_LISTED:
                yield f"and {len(self._header) - _MOST_LISTED} more"
                return
            yield repr(name) if key else f'"#{place}" without a name'
