"""Time zones of a called person: every zone of the number, narrowed by what the sheet says.

    the number's zones  ->  state or ZIP code  ->  time zone

Each narrows the one before it where they agree; where they contradict, it wins, with all its possible zones: people
move, and keep their numbers, and then the number says nothing about where in the new place they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType
from phonenumbers.phonenumberutil import is_number_geographical
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_geographical_number
from phonenumbers.tzdata import TIMEZONE_DATA

from campaign.timing.zones.us_states import is_from, state_named, state_of_zip, zones_of_state
from campaign.timing.zones.zone_names import zones_meant

# Area codes that lie over others, or took over a part of them: they are in the same places, and so in the same zones.
_LIES_OVER = {
    "236": "250",
    "257": "250",
    "364": "270",
    "448": "850",
    "458": "541",
    "672": "250",
    "729": "423",
    "778": "250",
    "930": "812",
    "986": "208",
}
_AREA = slice(2, 5)  # +1 NPA
_NANP_LENGTH = 12
# Its mobile numbers say nothing about their place; the library takes them for Jakarta's.
_INDONESIA = "62"
# Zones that differ in name, or in what their clocks showed long ago, and are one where people are called today.
_ALIKE = {
    "America/Boise": "America/Denver",
    "America/Juneau": "America/Anchorage",
    "America/North_Dakota/Center": "America/Chicago",
    "Asia/Calcutta": "Asia/Kolkata",
    "Europe/Dublin": "Europe/London",
}
# Zones that the library's data lack, and the one that they have in its place: Darwin and Punta Arenas keep one time.
_LACKING = {"Australia/Adelaide": "Australia/Darwin", "America/Santiago": "America/Punta_Arenas"}


@dataclass(frozen=True, slots=True)
class ZoneFault:
    """Why a person's zone is unknown, and the cure. `column`: timezone, state, zip, or phone."""

    column: str
    value: str
    reason: str
    cure: str


def zones_of_number(e164: str) -> tuple[str, ...]:
    """Every zone that the number may be in, sorted; none for toll-free and other numbers without a location.

    The library's own answer is one zone where it should be several: in North America, where an exchange is new to it,
    and for Indonesia's mobile numbers, say. So it is the whole area code there, and elsewhere the whole country where
    the library knows no more of the number than its country.
    """
    if e164.startswith("+1") and len(e164) == _NANP_LENGTH:
        return _zones_of_area(e164[_AREA])
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return ()
    kind = phonenumbers.number_type(number)
    if kind in (PhoneNumberType.TOLL_FREE, PhoneNumberType.UNKNOWN):
        return ()
    country = str(number.country_code)
    found = time_zones_for_geographical_number(number)
    anywhere = not is_number_geographical(number) or (kind == PhoneNumberType.MOBILE and country == _INDONESIA)
    if anywhere or found == TIMEZONE_DATA.get(country):
        return _zones_of_country(country)
    return _named(zone for zone in found if zone != UNKNOWN_TIMEZONE)


def zone_of(text: str) -> ZoneInfo | None:
    """The zone that a text names without the help of a number, as in a template; None if it is not clear.

    Of the letters that several continents use, those of North America mean North America here: EST is New York.
    """
    meant = zones_meant(text)
    return ZoneInfo(meant[0]) if len(meant) == 1 or (meant and meant[0].startswith("America/")) else None


def zones_of_person(
    e164: str, *, timezone: str = "", state: str = "", zip_code: str = "", fallback: str | None = None
) -> tuple[str, ...] | ZoneFault:
    """Every zone that the person may be in, at least one, or why that is unknown.

    Args:
        e164: the number to ring.
        timezone: the sheet's cell, as people write time zones; an empty cell says nothing.
        state: the sheet's cell, a US state or Canadian province.
        zip_code: the sheet's cell, a US ZIP code. It and the state are passed over for numbers outside North America,
            where five digits are a place in another country.
        fallback: the IANA name for numbers without a place; None to refuse them.
    """
    candidates = _zones_where_stated(e164, state=state, zip_code=zip_code)
    if isinstance(candidates, ZoneFault):
        return candidates
    if timezone.strip():
        meant = zones_meant(timezone)
        if not (there := _in_country_of(e164, meant)):
            return ZoneFault("timezone", timezone, *_CURES["several zones" if meant else "timezone"])
        candidates = narrowed(candidates, there)
    if candidates:
        return candidates
    return (fallback,) if fallback else ZoneFault("phone", e164, *_CURES["phone"])


def narrowed(candidates: tuple[str, ...], stated: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the stated zones that the candidates allow; all of the stated if they contradict each other."""
    possible = {_ALIKE.get(zone, zone) for zone in candidates}
    return tuple(zone for zone in stated if _ALIKE.get(zone, zone) in possible) or stated


_CURES = {
    "timezone": ("no time zone that is known", 'write its IANA name, such as "America/Chicago"'),
    "several zones": (
        "a name of time zones on several continents, and the number is in none of them",
        'write the IANA name, such as "America/Chicago"',
    ),
    "state": ("no state or province that is known", "write its name or its two letters, or leave the cell empty"),
    "zip": ("no US ZIP code whose state is known", "write its five digits, as text, or leave the cell empty"),
    "phone": (
        "a number without a place, so its time of day is not known",
        "fill in a time zone for the row, or set [hours] fallback in the template",
    ),
}


@cache
def _zones_of_area(area: str) -> tuple[str, ...]:
    prefix = "1" + _LIES_OVER.get(area, area)
    found = (zone for key, zones in TIMEZONE_DATA.items() if key.startswith(("1" + area, prefix)) for zone in zones)
    return _named(found)


def _in_country_of(e164: str, meant: tuple[str, ...]) -> tuple[str, ...]:
    """Of several zones with the same letters, those in the number's country."""
    if len(meant) == 1:
        return meant
    try:
        country = _zones_of_country(str(phonenumbers.parse(e164).country_code))
    except NumberParseException:
        return ()
    return tuple(zone for zone in meant if _ALIKE.get(zone, zone) in country)


@cache
def _zones_of_country(code: str) -> tuple[str, ...]:
    # No country's code begins with another's, so the prefixes that begin with it are the country's own.
    return _named(zone for key, zones in TIMEZONE_DATA.items() if key.startswith(code) for zone in zones)


def _zones_where_stated(e164: str, *, state: str, zip_code: str) -> tuple[str, ...] | ZoneFault:
    """The number's zones, or those of the state that the sheet gives by name or ZIP code."""
    codes = set()
    for column, cell, read in (("state", state, state_named), ("zip", zip_code, state_of_zip)):
        if not cell.strip() or not e164.startswith("+1"):
            continue
        if (code := read(cell)) is None:
            return ZoneFault(column, cell, *_CURES[column])
        codes.add(code)
    if not codes:
        return zones_of_number(e164)
    stated = tuple(sorted({zone for code in codes for zone in zones_of_state(code)}))
    # A number of that state shows in which part of it the person is; one of another state shows nothing.
    from_there = all(is_from(e164[_AREA], code) for code in codes)
    return narrowed(zones_of_number(e164), stated) if from_there else stated


def _named(zones: Iterable[str]) -> tuple[str, ...]:
    found = {_ALIKE.get(zone, zone) for zone in zones}
    return tuple(sorted(found.union(_LACKING[zone] for zone in found if zone in _LACKING)))
