"""Number types: mobile, fixed line and the like, and which are called only when the template allows them."""

from collections.abc import Collection

from phonenumbers import PhoneNumberType as Kind

from campaign.intake.phones.lookup import lookup_in_use
from campaign.intake.phones.numbering_plan import Number, plan_of

_REFUSED = {
    Kind.PREMIUM_RATE: ("premium_rate", "premium rate"),
    Kind.SHARED_COST: ("shared_cost", "shared cost"),
    Kind.PAGER: ("pager", "pager"),
    Kind.VOICEMAIL: ("voicemail", "voicemail"),
    Kind.UAN: ("uan", "universal access (UAN)"),
}
_SAID = {
    Kind.FIXED_LINE: "fixed line",
    Kind.MOBILE: "mobile",
    Kind.FIXED_LINE_OR_MOBILE: "fixed line or mobile",
    Kind.TOLL_FREE: "toll free",
    Kind.VOIP: "internet",
    Kind.PERSONAL_NUMBER: "personal",
    **{kind: said for kind, (_, said) in _REFUSED.items()},
}
# Inmarsat, Globalstar and Iridium, Emsat, Thuraya.
_SATELLITE = ("870", "881", "88213", "88216")


def unwanted_kind(number: Number, allow: Collection[str]) -> str | None:
    """Kind of this number in the words of a message, when it may not be called."""
    if number.kind in _REFUSED and _REFUSED[number.kind][0] not in allow:
        return _REFUSED[number.kind][1]
    if number.code[0] == "8" and "satellite" not in allow and _is_satellite(number):
        return "satellite"
    return None


def _is_satellite(number: Number) -> bool:
    return (number.code + number.national).startswith(_SATELLITE)


def region_of_number(e164: str) -> str | None:
    """Two letters of the country that a number belongs to; None for numbers of no country, such as +800."""
    return kind_and_region(e164)[1]


def kind_and_region(e164: str) -> tuple[str, str | None]:
    """Kind of line of a number that was read ("mobile", "fixed line", "toll free", ...), and `region_of_number`."""
    number = lookup_in_use().lookup.number_of(e164[1:], region=None)
    kind = "satellite" if _is_satellite(number) else _SAID.get(number.kind, "unknown")
    return kind, number.region if number.region.isalpha() else None


def country_differs(e164: str, region: str) -> bool:
    """Whether a number has another calling code than this region, for which its row was written."""
    plan = plan_of(region)
    # No calling code begins with another one.
    return plan is not None and not e164.startswith(f"+{plan.code}")
