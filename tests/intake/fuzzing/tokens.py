"""A sheet in which every cell says whose it is, and in which column it stood: after any damage, a pair can be told.

A token is a letter for the column, two digits for the person, and a letter that checks both, as in `P07H`. A damaged
token is no evidence; two tokens that are whole and of two people, side by side in one contact, are a false pair, unless
the damage itself put them side by side in one row of the file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from campaign.domain.model import Contact

HEADER = (
    *("Nr", "Guardian", "Patient", "Partner", "Home", "Mobile", "Emergency", "Reply to", "Email", "Copy to"),
    *("Slot", "Appointment", "Until", "Nurse", "Doctor", "Locum", "Notes"),
)
PEOPLE = 10
_LETTERS = "QGPRHMESEBTAUNDLO"
_TOKEN = re.compile(r"([A-Z])(\d\d)([A-Z])")
_AREAS = ("212", "303", "415", "503", "606", "702", "808", "907", "312", "214")
_TWICE_ONE = 12  # digits
_READ = {"name": "Patient", "email": "Email", "appointment": "Appointment", "doctor": "Doctor", "notes": "Notes"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What of a contact, or of a row, can be told for sure: the number's digits, and the whole tokens of each use."""

    phone: str
    tokens: tuple[frozenset[str], ...]

    def is_borne_out_by(self, row: "Evidence") -> bool:
        """Whether the row has this number, and all of these tokens, each in the column of its use."""
        return self.phone == row.phone and all(mine <= its for mine, its in zip(self.tokens, row.tokens, strict=True))


def lines() -> list[list[str]]:
    """The header, and a line for each person; a third of them have no notes."""
    return [list(HEADER), *([_cell(name, place) for name in HEADER] for place in range(PEOPLE))]


def of_contact(contact: Contact) -> Evidence:
    """What the contact says."""
    said = dict(contact.variables) | {"name": contact.name, "email": contact.email or ""}
    return Evidence(_digits(contact.phone), tuple(_tokens(said.get(use, "")) for use in _READ))


def of_row(cells: list[str], header: list[str]) -> Evidence:
    """What a row says under a header."""
    found = dict(zip(header, cells, strict=True))
    return Evidence(_digits(found["Mobile"]), tuple(_tokens(found.get(name, "")) for name in _READ.values()))


@cache
def clean() -> frozenset[Evidence]:
    """What the rows say before any damage."""
    return frozenset(of_row(line, list(HEADER)) for line in lines()[1:])


def unproved(contacts: Iterable[Contact], rows: Iterable[Evidence]) -> Iterator[Evidence]:
    """The contacts that neither the sheet as it was, nor any row of the damaged file, bears out."""
    known = list(clean())
    for contact in contacts:
        evidence = of_contact(contact)
        if not any(evidence.is_borne_out_by(row) for row in known):
            known += rows
            if not any(evidence.is_borne_out_by(row) for row in known):
                yield evidence


def _cell(name: str, place: int) -> str:
    token = _token(_LETTERS[HEADER.index(name)], place)
    area, line = _AREAS[place], f"{(place * 37 + 11) % 100:02}"
    match name:
        case "Home" | "Mobile" | "Emergency":
            code = {"Home": "201", "Mobile": area, "Emergency": "404"}[name]
            return f"+1 ({code}) 555-01{line}" if place % 2 else f"+1{code}55501{line}"
        case "Reply to" | "Email" | "Copy to":
            return f"{token}@example.com"
        case "Notes":
            return ("", f'says "{token}", twice', f"on {token}")[place % 3]
        case "Guardian" | "Patient" | "Partner":
            return f"{('Ann', 'Bob', 'Cem', 'Dan', 'Eve')[place % 5]} {token}"
        case _:
            return f"on {token}"


def _token(letter: str, place: int) -> str:
    return f"{letter}{place:02}{_check(letter, place)}"


def _check(letter: str, place: int) -> str:
    return chr(ord("A") + (ord(letter) * 5 + place * 7) % 26)


def _tokens(text: str) -> frozenset[str]:
    found = _TOKEN.finditer(text)
    return frozenset(token[0] for token in found if token[3] == _check(token[1], int(token[2])))


def _digits(text: str) -> str:
    digits = "".join(str(int(letter)) for letter in text if letter.isdecimal())
    # +1 1 212 ...: the 1 that is dialled inside of the country, behind the country's own. It is the same number.
    return digits[1:] if digits.startswith("11") and len(digits) == _TWICE_ONE else digits
