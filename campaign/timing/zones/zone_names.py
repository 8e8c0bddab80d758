"""Time zone names as people write them, "Eastern", "EST", "Europe/Kyiv", resolved to IANA zones.

Danger: IANA has zones by the names EST, MST and HST whose clocks are never changed. A person who writes EST in July
means New York's clock, and the zone EST would ring that person an hour late or early. So what people mean comes first,
and the list of zones after it. A text never reaches the file system: it is only ever compared.
"""

from functools import cache
from zoneinfo import available_timezones

_NEW_YORK, _CHICAGO, _DENVER, _LOS_ANGELES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
_SYDNEY, _ADELAIDE, _PERTH = "Australia/Sydney", "Australia/Adelaide", "Australia/Perth"
_BRISBANE, _DARWIN = "Australia/Brisbane", "Australia/Darwin"

# Several zones: people on several continents use the same letters, and the number shows which of them is meant.
_MEANT: dict[str, tuple[str, ...]] = {
    "eastern": (_NEW_YORK, _SYDNEY, _BRISBANE),
    "central": (_CHICAGO, _ADELAIDE, _DARWIN),
    "mountain": (_DENVER,),
    "pacific": (_LOS_ANGELES,),
    "western": ("Europe/Lisbon", _PERTH),
    "alaska": ("America/Anchorage",),
    "hawaii": ("Pacific/Honolulu",),
    "hawaii-aleutian": ("Pacific/Honolulu", "America/Adak"),
    "atlantic": ("America/Halifax", "America/Puerto_Rico"),
    "newfoundland": ("America/St_Johns",),
    "us eastern": (_NEW_YORK,),
    "us central": (_CHICAGO,),
    "us mountain": (_DENVER,),
    "us pacific": (_LOS_ANGELES,),
    "et": (_NEW_YORK,),
    "est": (_NEW_YORK, _SYDNEY),
    "edt": (_NEW_YORK, _SYDNEY),
    "est5edt": (_NEW_YORK,),
    "ct": (_CHICAGO,),
    "cst": (_CHICAGO, "Asia/Shanghai", "America/Havana", _ADELAIDE),
    "cdt": (_CHICAGO, "America/Havana", _ADELAIDE),
    "cst6cdt": (_CHICAGO,),
    "mt": (_DENVER,),
    "mst": (_DENVER, "America/Phoenix"),
    "mdt": (_DENVER,),
    "mst7mdt": (_DENVER,),
    "arizona": ("America/Phoenix",),
    "pt": (_LOS_ANGELES,),
    "pst": (_LOS_ANGELES, "Asia/Manila"),
    "pdt": (_LOS_ANGELES,),
    "pst8pdt": (_LOS_ANGELES,),
    "akst": ("America/Anchorage",),
    "akdt": ("America/Anchorage",),
    "hst": ("Pacific/Honolulu",),
    "hdt": ("America/Adak",),
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "adt": ("America/Halifax",),
    "nst": ("America/St_Johns",),
    "ndt": ("America/St_Johns",),
    "gmt": ("Europe/London", "Africa/Abidjan"),
    "greenwich mean": ("Europe/London", "Africa/Abidjan"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "british": ("Europe/London",),
    "british summer": ("Europe/London",),
    "uk": ("Europe/London",),
    "ist": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "india": ("Asia/Kolkata",),
    "indian": ("Asia/Kolkata",),
    "irish": ("Europe/Dublin",),
    "israel": ("Asia/Jerusalem",),
    "western european": ("Europe/Lisbon",),
    "wet": ("Europe/Lisbon",),
    "west": ("Europe/Lisbon",),
    "central european": ("Europe/Berlin",),
    "cet": ("Europe/Berlin",),
    "cest": ("Europe/Berlin",),
    "mez": ("Europe/Berlin",),
    "mesz": ("Europe/Berlin",),
    "met": ("Europe/Berlin",),
    "eastern european": ("Europe/Athens", "Europe/Kaliningrad", "Africa/Cairo"),
    "eet": ("Europe/Athens", "Europe/Kaliningrad", "Africa/Cairo"),
    "eest": ("Europe/Athens", "Africa/Cairo"),
    "moscow": ("Europe/Moscow",),
    "msk": ("Europe/Moscow",),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "aest": (_SYDNEY, _BRISBANE),
    "aedt": (_SYDNEY,),
    "acst": (_ADELAIDE, _DARWIN),
    "acdt": (_ADELAIDE,),
    "awst": (_PERTH,),
    "australian eastern": (_SYDNEY, _BRISBANE),
    "australian central": (_ADELAIDE, _DARWIN),
    "australian western": (_PERTH,),
    "nzst": ("Pacific/Auckland",),
    "nzdt": ("Pacific/Auckland",),
    "new zealand": ("Pacific/Auckland",),
}
_ENDINGS = (" daylight", " standard", " summer")
# Signs in Etc/GMT+5 are the other way round: it is New York's side of the world. No region uses these zones.
_NOT_PLACES = ("etc/", "systemv/", "factory", "posixrules", "localtime")


def zones_meant(text: str) -> tuple[str, ...]:
    """The IANA names that the text may mean: usually one, several where the letters are ambiguous, or none.

    Case, spaces, dots, brackets and the words "time", "standard" and "daylight" do not matter: "US Eastern Standard
    Time", "(EST)" and "e.s.t." are New York. An offset such as "GMT+5" or "-05:00" means none: half of the year it is
    another zone's.
    """
    written = " ".join(text.replace("_", " ").casefold().split()).strip("()")
    exact = _known().get(written.replace(" ", "_"))
    if "/" in written:
        return (exact,) if exact else ()
    plain = written.replace(".", "").removesuffix(" time")
    for ending in ("", *_ENDINGS):
        if meant := _MEANT.get(plain.removesuffix(ending)):
            return meant
    return (exact,) if exact else ()


@cache
def every_zone() -> frozenset[str]:
    """All names of zones that this machine knows; found once, since that looks into hundreds of files."""
    return frozenset(available_timezones())


@cache
def _known() -> dict[str, str]:
    names = {name.casefold(): name for name in every_zone()}
    utc = {"utc": "Etc/UTC", "etc/utc": "Etc/UTC", "z": "Etc/UTC", "zulu": "Etc/UTC"}
    offsets = {"gmt0", "gmt+0", "gmt-0", "uct", "universal", "greenwich"}
    return {key: name for key, name in names.items() if not key.startswith(_NOT_PLACES) and key not in offsets} | utc
