"""The one clean sheet: forty people, and the truth about each of them.

    Nr | Guardian  Patient  Partner | Home  Mobile  Emergency | Reply to  Email  Copy to
       | Slot  Appointment  Until | Nurse  Doctor  Locum | Notes

Each column that is used stands between two like it. So whatever shifts a row by one, to either side, finds a name where
a name should be and a valid number where a number should be: only they are another person's. Numbers are fictitious, or
examples of the library that knows all plans.
"""

import json
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberFormat

from campaign.config.template import Template
from campaign.domain.model import Contact

HEADER = (
    *("Nr", "Guardian", "Patient", "Partner", "Home", "Mobile", "Emergency", "Reply to", "Email", "Copy to"),
    *("Slot", "Appointment", "Until", "Nurse", "Doctor", "Locum", "Notes"),
)
NAME, PHONE = HEADER.index("Patient"), HEADER.index("Mobile")
EMAIL, APPOINTMENT, DOCTOR, NOTES = map(HEADER.index, ("Email", "Appointment", "Doctor", "Notes"))

# Commas, quotes, words that readers take for nothing, bytes that are a backslash or a bar in other encodings.
_NAMES = """
Ann Lee|Null|O'Brien, Pat|Jane "JJ" Doe|Zoë Müller|N/A Smith|山田 太郎|表 ポール|Олена Шевченко
نیک‌نام رضایی|Σοφία Παππά|Ngọc Ánh|True Grit|NaN Patel|Łukasz Żak|Jean-Luc Picard|María José|D'Arcy; Tom
김민준|王小明|Ünal Öz|Åsa Öberg|Bob 6'2" Tall|Inf Singh|नेहा शर्मा|Çağla Şen|Mr. 1E5|Sean Óg|Ada & Eve
Tab Hunter|Élodie d'Hiver|Ivan Иванов|Noor al-Din|Søren Ås|Ēriks Ķ|Smith / Jones
007 Bond|Will.I.Am|Renée|Last One
""".strip().replace("\n", "|")
_MOBILES = """
+14155550100 +12125550142 +16465550199 +442079460123 +441514960123 +61491570156 +61255501234 +33199001234 +33612345678
+493023125012 +4930231250 +491711234567 +49891234567 +390212345678 +393123456789 +4319999999 +436641234567 +46701740605
+4684650040 +3584012345 +819012345678 +81312345678 +8613123456789 +918123456789 +5491123456789 +541143210987
+5511961234567 +27711234567 +971501234567 +201001234567 +380501234567 +306912345678 +34612345678 +4791234567
+420601123456 +85251234567 +64211234567 +6421234567 +77710009998 +36201234567
"""

_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Truth:
    """Whom a request may be made for: the number, and all that is said to whoever answers it."""

    name: str
    phone: str
    email: str | None
    said: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, contact: Contact) -> "Truth":
        return cls(contact.name, contact.phone, contact.email, frozenset(contact.variables))


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the clean sheet; `phone` is E.164, `written` is the same as it stands in the sheet."""

    cells: tuple[str, ...]
    phone: str

    @property
    def name(self) -> str:
        return self.cells[NAME]

    @property
    def truth(self) -> Truth:
        said = {"appointment": self.cells[APPOINTMENT], "doctor": self.cells[DOCTOR], "notes": self.cells[NOTES]}
        filled = frozenset((key, value) for key, value in said.items() if value)
        return Truth(spoken(self.name), self.phone, self.cells[EMAIL] or None, filled)


Table = list[list[str]]
"""The header, and a line of cells for each row."""
Truths = frozenset[Truth]


def spoken(name: str) -> str:
    """The name as it is said: composed, with single spaces, without what nobody sees."""
    seen = (
        letter for letter in name if letter in _JOINERS or letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    return unicodedata.normalize("NFC", " ".join("".join(seen).split()))


@cache
def people() -> tuple[Person, ...]:
    """All forty, their numbers written with + and the country."""
    numbers = zip(_NAMES.split("|"), _MOBILES.split(), strict=True)
    return tuple(
        _person(place, name, phone=phone, written=_abroad(phone, place)) for place, (name, phone) in enumerate(numbers)
    )


@cache
def neighbours(region: str) -> tuple[Person, ...]:
    """Twelve people of one country, their numbers written as they are dialled there."""
    made = (pattern % place for pattern in _NATIONAL[region] for place in range(12 // len(_NATIONAL[region])))
    return tuple(
        _person(place, name, phone=phone, written=_at_home(phone))
        for place, (name, phone) in enumerate(zip(_NAMES.split("|"), made, strict=False))
    )


_NATIONAL = {
    "US": ("+141555501%02d", "+121255501%02d"),
    "GB": ("+4420794601%02d", "+4415149601%02d", "+4411749602%02d"),
    "DE": ("+4930231250%02d", "+49302312501%02d"),
    "IT": ("+3902123456%02d", "+3906123456%02d"),
    "FR": ("+331990012%02d", "+336123456%02d"),
    "AU": ("+614915701%02d",),
    "AR": ("+54911234567%02d", "+5411432109%02d"),
}
REGIONS = tuple(_NATIONAL)


def table(persons: tuple[Person, ...] | None = None) -> Table:
    """A fresh copy of the clean sheet, to be spoilt."""
    return [list(HEADER), *(list(person.cells) for person in (people() if persons is None else persons))]


def truths(persons: tuple[Person, ...] | None = None) -> Truths:
    """What is true of these people, or of all."""
    return frozenset(person.truth for person in (people() if persons is None else persons))


TEMPLATE = """
[columns]
name = "Patient"
phone = "Mobile"
email = "Email"
[variables]
appointment = "Appointment"
doctor = "Doctor"
notes = { column = "Notes", optional = true }
"""
"""The sheet's template, as a person writes it; numbers without a country are refused."""


@cache
def template(region: str | None = None) -> Template:
    """The sheet's template, for numbers of this country, or with a country each."""
    return Template.model_validate({**tomllib.loads(TEMPLATE), "phone": {"region": region}})


def written(made: Template) -> str:
    """The template as its file would say it."""
    said = made.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return "\n".join(f"{section} = {_inline(value)}" for section, value in said.items())


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inline(one)}" for key, one in value.items()) + "}"
    return json.dumps(value)


def _person(place: int, name: str, *, phone: str, written: str) -> Person:
    home, emergency = f"+1303555{100 + place:04}", f"+1206555{100 + place:04}"
    emails = (f"{who}{place}@example.com" for who in ("reply", "person", "copy"))
    slots = (f"2026-12-{1 + place % 28:02} at {8 + place % 10}:{minute + place % 20}" for minute in (10, 20, 30))
    doctors = (f"{title} {name} {place}" for title, name in (("Sr.", "Nurse"), ("Dr.", "Doctor"), ("Dr.", "Locum")))
    said = ("", "call, then wait; twice", "", 'says "hi"', "ring | knock")[place % 5]
    names, numbers = (f"Guardian {place}", name, f"Partner {place}"), (home, written, emergency)
    notes = f"{said} {place}" if said else ""
    return Person((str(1000 + place), *names, *numbers, *emails, *slots, *doctors, notes), phone)


def _at_home(phone: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(phone), PhoneNumberFormat.NATIONAL)


def _abroad(phone: str, place: int) -> str:
    if place % 3:
        return phone
    return phonenumbers.format_number(phonenumbers.parse(phone), PhoneNumberFormat.INTERNATIONAL)
