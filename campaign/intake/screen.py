"""Rows become contacts, or say why not: invalid with all of their problems at once, or skipped with the reason."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from campaign.intake.columns import Columns, plain
from campaign.intake.phones import PhoneFault, read_phone
from campaign.intake.regions import known_region
from campaign.model import Contact, Invalid, Problem, Row, Screened, Skip
from campaign.template import Template

CONSENT = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí"})
"""What a consent cell must say for the row to be called, in any case. Anything else is no."""

_SHOWN = 80  # characters of a value in a message
_LONGEST_NAME = 200
_LONGEST_EMAIL = 254
_LINE_BREAK = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Both join letters in Persian and Indic names, and parts of emoji.
_JOINERS = "\u200c\u200d"
_MAILBOX = r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+"
_EMAIL = re.compile(rf"{_MAILBOX}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")

_UNSENDABLE = ("half a character, which cannot be sent", "type the cell anew")


def screen(rows: Iterable[Row], columns: Columns, template: Template) -> Iterator[Screened]:
    """What becomes of each row, in order.

    A number that a row of this sheet already gets called on is a duplicate. Rows that are not called make none.
    """
    called: dict[int, int] = {}  # E.164 digits -> row number
    for row in rows:
        verdict = _judged(row, columns, template.phone.region)
        if isinstance(verdict, Contact):
            first = called.setdefault(int(verdict.phone[1:]), row.number)
            if first != row.number:
                verdict = Skip(verdict, f"duplicate of row {first}")
        yield Screened(row, verdict)


def _judged(row: Row, columns: Columns, region: str | None) -> Contact | Invalid | Skip:
    if row.damage is not None:
        # Its cells may stand in the wrong columns, so they are not looked at.
        cure = "correct the row so that each value stands in its own column"
        return Invalid((Problem(row.number, "", "", row.damage, cure),))
    cells = _Cells(row, columns.header)
    name = cells.name(columns.names or (columns.name,))
    phone = cells.phone(columns.phones, cells.region(columns.country, region))
    email = cells.email(columns.email)
    variables = tuple(_variables(cells, columns))
    if cells.problems:
        return Invalid(tuple(cells.problems))
    contact = Contact(row.number, name, phone, email, variables)
    return contact if columns.consent is None else _consented(contact, row, columns)


def _variables(cells: "_Cells", columns: Columns) -> Iterator[tuple[str, str]]:
    for variable in columns.variables:
        if variable.index is None:
            yield variable.key, variable.value
        elif value := cells.variable(variable.index, variable.key, optional=variable.optional):
            yield variable.key, value


def _consented(contact: Contact, row: Row, columns: Columns) -> Contact | Skip:
    index = columns.consent or 0
    said = row.cells[index]
    if plain(said) in CONSENT:
        return contact
    return Skip(contact, f"no consent (column {columns.header[index]!r}: {said[:_SHOWN]!r})")


class _Cells:
    """One row's cells, read one use at a time; what is wrong with them adds up in `problems`."""

    def __init__(self, row: Row, header: tuple[str, ...]) -> None:
        self.problems: list[Problem] = []
        self._row = row
        self._header = header

    def name(self, indices: tuple[int, ...]) -> str:
        """The parts of the name that say something, in this order."""
        filled = [index for index in indices if plain(self._row.cells[index])]
        if not filled:
            self._add(indices[0], "no name", "fill it in, or take the row out")
        name = " ".join(self._part(index) for index in filled)
        if len(name) > _LONGEST_NAME:
            self._add(indices[0], f"a name of {len(name)} characters", f"shorten it to {_LONGEST_NAME}")
        return name

    def _part(self, index: int) -> str:
        cell = self._row.cells[index]
        if _SURROGATE.search(cell):
            self._add(index, *_UNSENDABLE)
        elif _LINE_BREAK.search(cell):
            self._add(index, "a line break in the name", "write the name on one line, one person in each row")
        return _spoken(cell)

    def region(self, index: int | None, region: str | None) -> str | None:
        """Where the row's number is, if it does not say so itself: a country that is not known here is none."""
        said = "" if index is None else plain(self._row.cells[index]).upper()
        return (said if known_region(said) else None) if said else region

    def phone(self, indices: tuple[int, ...], region: str | None) -> str:
        filled = (index for index in indices if plain(self._row.cells[index]))
        index = next(filled, indices[0])
        phone = read_phone(self._row.cells[index], region=region)
        if isinstance(phone, PhoneFault):
            self._add(index, phone.reason, phone.cure)
            return ""
        return phone

    def email(self, index: int | None) -> str | None:
        email = "" if index is None else self._row.cells[index].strip()
        if index is None or not email:
            return None
        if _SURROGATE.search(email):
            self._add(index, *_UNSENDABLE)
        elif len(email) > _LONGEST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
            self._add(index, "not an email address", "correct it, or leave the cell empty")
        return email

    def variable(self, index: int, key: str, *, optional: bool) -> str:
        value = self._row.cells[index].strip()
        if _SURROGATE.search(value):
            self._add(index, *_UNSENDABLE)
        elif not value.isprintable() and any(unicodedata.category(character) == "Cc" for character in value):
            self._add(index, "a line break or another control character", "write the text on one line")
        elif not optional and not plain(value):
            self._add(index, f"no value for the variable {key!r}", "fill it in, or make the variable optional")
        return value if plain(value) else ""

    def _add(self, index: int, reason: str, cure: str) -> None:
        # Half a character could be neither stored nor printed.
        shown = self._row.cells[index][:_SHOWN].encode("utf-8", "backslashreplace").decode("utf-8")[:_SHOWN]
        self.problems.append(Problem(self._row.number, self._header[index], shown, reason, cure))


def _spoken(name: str) -> str:
    """The name in NFC, without characters that nobody sees or says."""
    if name.isascii() and name.isprintable():
        return " ".join(name.split())
    kept = "".join(" " if c.isspace() else c for c in name if _is_spoken(c))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _is_spoken(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _JOINERS or character.isspace() or category not in ("Cc", "Cf")
