"""Validation of spoken text (names and variables): certain nonsense is a fault, possible nonsense is a doubt.

    cell -> plain text, as nearly all are -> itself
         -> carefully: fault?  (row is invalid)   half characters, line breaks, no value, too long, programs' leftovers
                       doubts? (row is called)    everything that a real person may be called, or may have meant

A fault is certain, and obvious nonsense when it is spoken. So {{name}} and #N/A are
faults everywhere; null, nan and None are faults in a variable, and doubts in a name, since people are called Null; n/a
and a mere dash are faults where a value is required, and doubts where it is optional; unknown, tbd and test are doubts.
A cell is never read as a pattern: whatever braces it holds, nothing is filled in.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from campaign.domain.cures.notes import NoteKind
from campaign.intake.contacts.columns import plain
from campaign.intake.contacts.placeholders import is_placeholder, leftover, maybe_leftover

LONGEST_NAME = 200
LONGEST_VALUE = 2_000


@dataclass(frozen=True, slots=True)
class CellFault:
    """Fault: why a cell's text cannot be spoken, and the cure."""

    reason: str
    cure: str


@dataclass(frozen=True, slots=True)
class DoubtfulText:
    """Text that is sent, with its doubts, one line each, all of one kind."""

    text: str
    doubts: tuple[str, ...]
    kind: NoteKind = NoteKind.WARNING


UNSENDABLE = CellFault("half a character, which cannot be sent", "type the cell anew")
_NO_NAME = CellFault("no name", "fill it in, or take the row out")
_TYPE_IT = "type what is to be said"

# Latin, Greek, Cyrillic, Hebrew, Arabic, kana, Chinese and Hangul: each sign is its own NFC, whatever stands beside it.
_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0148\u014a-\u017e\u0388-\u038a\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"
    "\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3"
)
_PLAIN_NAME = re.compile(rf"[{_LETTER}]{{2}}[{_LETTER}'-]*(?: [{_LETTER}][{_LETTER}'-]*)*")
_PLAIN_VALUE = re.compile(rf"[{_LETTER}0-9][{_LETTER}0-9 ,.:;'()@+=!?\"-]*")
_NOT_PLAIN = re.compile(r"\d-\d|(?:Err|Fehler):\d")
# Digits in which nothing can be read in two ways.
_PLAIN_DIGITS = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[ T]\d\d:\d\d(?::\d\d)?)?|\d{1,2}:\d\d(?: ?[AaPp]\.?[Mm]\.?)?"
    r"|\d{1,4}|\d{6,}|\d{1,9}[.,]\d{1,3}"
)
_BREAKS = "\u2028\u2029"  # the line breaks that are no control characters
_LINE_BREAK = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Both join letters in Persian and Indic names, and parts of emoji.
_JOINERS = "\u200c\u200d"
_LOST = "\N{REPLACEMENT CHARACTER}"
_MISREAD = re.compile("[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac|\u00ef\u00bf\u00bd")

_ABSENT = re.compile(r"[\s\-\u2010-\u2015\u2212_.?!/\\*\u2026,;:|~]+|n\.?/?a\.?", re.IGNORECASE)
_VAGUE_WORDS = """
    n/a n.a. n.a na na. nan nat none null nil undefined unknown unk unnamed tbd tba tbc todo test tests tester testing
    xx xxx xxxx asdf qwerty qwertz foo bar dummy sample example empty blank (blank) (empty) (none) missing unbekannt
    leer k.a. inconnu desconocido anonymous anonym noname
"""
_NO_PERSONS = "name first last full surname customer client patient contact guest user person"
_VAGUE = frozenset(_VAGUE_WORDS.split())
_NO_PERSON = _VAGUE.union(_NO_PERSONS.split())
_LONGEST_VAGUE = max(map(len, _VAGUE))

_NOT_IN_NAMES = (
    (re.compile(r"\S@\S"), "an email address in the name"),
    (re.compile(r"https?:|www\.", re.IGNORECASE), "a web address in the name"),
    (re.compile(r"(?:\d[\s().+/-]*){7}"), "a phone number in the name"),
    (re.compile(r"\d"), "digits in the name"),
)
_FEWEST_CAPITALS = 5  # AJ and DJ Bo are called so

_TWO_DAYS = re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d\d)(?![\d/-])")
_ANY_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?!\d)|(?<!\d)\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d\d)(?!\d)")
_DATE_WORD = re.compile(r"date|day\b|datum|\bdue\b|termin|appointment|fecha", re.IGNORECASE)
_DAY_ZERO = date(1899, 12, 30)  # of spreadsheet programs, from March 1900 on
_MOST_KEPT = 1_000  # values of a column
_FIVE_DIGITS = re.compile("[0-9]{5}")
_SERIALS = range(36_526, 73_051)  # 2000 to 2099
_MONTHS = 12


def read_name(cell: str, fields: frozenset[str]) -> str | DoubtfulText | CellFault:
    """Reads a name as it is spoken: NFC, on one line, without invisible characters.

    Args:
        cell: as it stands in the sheet.
        fields: names that a placeholder may have, from `placeholders.fields_of`.
    """
    # Of almost every name the first word is none that stands for nobody.
    suspect = cell.partition(" ")[0].casefold() in _NO_PERSON and _is_generic_name(cell)
    if _PLAIN_NAME.fullmatch(cell) and len(cell) <= LONGEST_NAME and not cell.isupper() and not suspect:
        return cell
    return _name_carefully(cell, fields)


class ValueReader:
    """Reads one variable's cells, row after row, since only the column as a whole shows whether it holds dates.

    Attributes:
        known: plain cells that came before -> the values that they are.
        iso_date: the first cell with a date as a program writes it, which is spoken so; empty before there is one.
        earliest: the earliest of these dates, as it is written; empty before there is one.
    """

    def __init__(self, key: str, column: str, *, optional: bool, fields: frozenset[str]) -> None:
        self.iso_date = self.earliest = ""
        self._key, self._optional, self._fields = key, optional, fields
        self.known: dict[str, str] = {}
        self._dates = bool(_DATE_WORD.search(f"{key.replace('_', ' ')} {column}"))

    def read(self, cell: str) -> str | DoubtfulText | CellFault:
        """Reads the value as it is sent; empty when it is optional and there is none."""
        if known := self.known.get(cell):
            return known
        value = cell.strip()
        if not self._is_plain(value):
            return self._carefully(value)
        # Doctors and days come again and again; names of streets fill this once, and then no more.
        if len(self.known) < _MOST_KEPT:
            self.known[cell] = value
        return value

    def _is_plain(self, value: str) -> bool:
        """Fast check that accepts nearly all sound values; the full check accepts each of them too."""
        if len(value) > LONGEST_VALUE or not _PLAIN_VALUE.fullmatch(value):
            return False
        if "0" <= value[0] <= "9":
            digits = _PLAIN_DIGITS.fullmatch(value)
            if digits is not None and digits[1] is not None:
                self._note_date(value)
            return digits is not None
        # Dashes and colons are looked for first, since the pattern is slower.
        return not (("-" in value or ":" in value) and _NOT_PLAIN.search(value)) and not _is_vague(value)

    def _note_date(self, value: str) -> None:
        self._dates, self.iso_date = True, self.iso_date or value
        self.earliest = min(self.earliest or value, value)

    def _carefully(self, written: str) -> str | DoubtfulText | CellFault:
        value = _visible(written)
        broken = not value.isprintable() and _LINE_BREAK.search(value) is not None
        if broken:
            value = _on_one_line(value)
        if not plain(value) and not _SURROGATE.search(value):
            return "" if self._optional else self._lacking()
        if fault := self._fault(written, value):
            return fault
        doubts = (*_text_doubts(written, value), *self._doubts(value))
        if broken:
            doubts = ("a line break in it is spoken as a comma", *doubts)
        return DoubtfulText(value, doubts) if doubts else value

    def _lacking(self) -> CellFault:
        return CellFault(f"no value for the variable {self._key!r}", "fill it in, or make the variable optional")

    def _fault(self, written: str, value: str) -> CellFault | None:
        if _SURROGATE.search(value):
            return UNSENDABLE
        if not value.isprintable() and any(c in _BREAKS or unicodedata.category(c) == "Cc" for c in value):
            return CellFault("a control character", "type the text anew")
        if len(written) > LONGEST_VALUE:
            return CellFault(f"a text of {len(written)} characters", f"shorten it to {LONGEST_VALUE}")
        if left := leftover(value, self._fields):
            return CellFault(left, _TYPE_IT)
        if is_placeholder(value):
            return CellFault(f"{value!r}, which a program writes for no value", f"{_TYPE_IT}, or leave the cell empty")
        return self._lacking() if not self._optional and _ABSENT.fullmatch(value) else None

    def _doubts(self, value: str) -> tuple[str, ...]:
        doubts = list[str]()
        if may_be_none(value):
            doubts.append("may be no value at all; leave the cell empty if there is none")
        if two := _two_days(value):
            doubts.append(two)
        elif self._dates and _FIVE_DIGITS.fullmatch(value) and int(value) in _SERIALS:
            day = _DAY_ZERO + timedelta(days=int(value))
            doubts.append(f"may be the day {_day(day)}, written as the number that a spreadsheet program keeps for it")
        self._dates = self._dates or bool(_ANY_DATE.search(value))
        return tuple(doubts)


def _name_carefully(cell: str, fields: frozenset[str]) -> str | DoubtfulText | CellFault:
    if fault := _name_fault(cell, name := _spoken(cell), fields):
        return fault
    doubts = (*_text_doubts(cell, name), *_name_doubts(name))
    return DoubtfulText(name, doubts) if doubts else name


def _name_fault(cell: str, name: str, fields: frozenset[str]) -> CellFault | None:
    if _SURROGATE.search(cell):
        return UNSENDABLE
    if _LINE_BREAK.search(cell.strip()):
        return CellFault("a line break in the name", "write the name on one line, one person in each row")
    if not plain(name):
        return _NO_NAME
    if len(name) > LONGEST_NAME:
        return CellFault(f"a name of {len(name)} characters", f"shorten it to {LONGEST_NAME}")
    left = leftover(name, fields)
    return CellFault(left, "type the person's name") if left else None


def _name_doubts(name: str) -> tuple[str, ...]:
    letters = [character for character in name if character.isalpha()]
    doubts = [next((doubt for pattern, doubt in _NOT_IN_NAMES if pattern.search(name)), "")]
    if _is_generic_name(name) or _ABSENT.fullmatch(name):
        doubts.append("may be no one's name")
    # A sign of a script without cases may well be a whole name.
    elif len(letters) == 1 and letters[0].lower() != letters[0].upper():
        doubts.append("a name of one letter")
    elif name.isupper() and len(letters) >= _FEWEST_CAPITALS:
        doubts.append("written in capitals, and may be spelled out when it is spoken")
    return tuple(filter(None, doubts))


def may_be_none(value: str) -> bool:
    """Whether a text may stand for no value: tbd, n/a, unknown, a mere dash."""
    return _is_vague(value) or _ABSENT.fullmatch(value) is not None


def _is_vague(value: str) -> bool:
    return len(value) <= _LONGEST_VAGUE and value.casefold() in _VAGUE


def _is_generic_name(name: str) -> bool:
    words = name.casefold().split()
    return bool(words) and _NO_PERSON.issuperset(words)


def _text_doubts(written: str, text: str) -> tuple[str, ...]:
    """Doubts about any text: `written` as in the sheet, `text` as it is sent."""
    found = (
        "invisible characters were taken out" if _hides(written) else "",
        f"a character was lost before, and stands as {_LOST}" if _LOST in text else "",
        "looks like text that was read in a wrong encoding" if _MISREAD.search(text) else "",
        maybe_leftover(text),
    )
    return tuple(filter(None, found))


def _hides(text: str) -> bool:
    return not text.isprintable() and any(map(_is_hidden, text))


def _spoken(name: str) -> str:
    if name.isascii() and name.isprintable():
        return " ".join(name.split())
    kept = "".join(" " if c.isspace() else c for c in name if not _is_hidden(c))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _on_one_line(value: str) -> str:
    """The text with each line break as a comma, or as a blank where a sign already parts the lines."""
    lines = [line.strip() for line in _LINE_BREAK.split(value)]
    kept = [line for line in lines if line]
    return "".join(
        line if last else f"{line} " if line[-1] in ",;:.!?" else f"{line}, "
        for line, last in zip(kept, [*[False] * (len(kept) - 1), True], strict=False)
    )


def _visible(value: str) -> str:
    if value.isascii():
        return value
    return unicodedata.normalize("NFC", "".join(c for c in value if c.isprintable() or not _is_hidden(c, "Cf")).strip())


def _is_hidden(character: str, *categories: str) -> bool:
    if character in _JOINERS or character.isspace():
        return False
    return unicodedata.category(character) in (categories or ("Cc", "Cf"))


def _two_days(value: str) -> str | None:
    for found in _TWO_DAYS.finditer(value):
        first, second = int(found[1]), int(found[3])
        if first != second and min(first, second) > 0 and max(first, second) <= _MONTHS:
            year = int(found[4]) + (2_000 if len(found[4]) == 2 else 0)  # noqa: PLR2004 - two digits
            days = (date(max(year, 1), second, first), date(max(year, 1), first, second))
            return f"{found[0]} may be {_day(days[0])} or {_day(days[1])}: write the month as a word"
    return None


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
