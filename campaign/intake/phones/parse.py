"""Phone parsing: one cell's text becomes one E.164 number, or the reason why there is none.

text -> phone_form: one number's digits? -> e164: whose, of what kind? -> here: may it be called, is it meant?
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType as Kind

from campaign.domain.cures import Cure, CureCode
from campaign.intake.phones.lookup import Lookup, NumberOf, lookup_in_use
from campaign.intake.phones.notation import SHORTEST, FormFault, Written, read_form
from campaign.intake.phones.number_types import unwanted_kind
from campaign.intake.phones.numbering_plan import Number, plan_of
from campaign.intake.phones.trunk_prefix import is_usual_length, is_zero_missing
from campaign.intake.phones.wrapping import unwrapped


@dataclass(frozen=True, slots=True)
class PhoneFault:
    """Fault: why a text is not a number that may be called, and the cure."""

    reason: str
    cure: Cure | str


@dataclass(frozen=True, slots=True)
class RepairedPhone:
    """Number restored from an incomplete text; called only after a person has seen before and after.

    Attributes:
        phone: E.164.
        why: what was missing, in words.
    """

    phone: str
    why: str


PhoneReading = str | RepairedPhone | PhoneFault
"""E.164; E.164 that was restored; or why there is no number."""

_FEWEST, _MOST = 7, 15  # digits of E.164, the country code among them
_ONE_NUMBER = "write one phone number, with + and the country code"
_FORM_FAULTS: dict[FormFault, PhoneFault] = {
    "empty": PhoneFault("no phone number", "fill it in, or take the row out"),
    "short form": PhoneFault(
        "a spreadsheet program has cut the number's digits", "format the column as text and enter the number again"
    ),
    "decimal": PhoneFault(
        "a decimal number, so a digit may be lost or added", "format the column as text, no decimals"
    ),
    "extension": PhoneFault("an extension cannot be dialled", "give a number that rings the person directly"),
    "several": PhoneFault("more than one phone number in the cell", "keep one, or give the other a column of its own"),
    "letters": PhoneFault("letters in the phone number", "write it in digits only"),
    "form": PhoneFault("not written as one phone number", _ONE_NUMBER),
    "long": PhoneFault("no such phone number", "check its digits, and write it with + and the country code"),
}
_NO_COUNTRY = PhoneFault("written without a country", Cure(CureCode.SET_PHONE_REGION))
_DIALLED_OUT = PhoneFault(
    "written without a country, as it is dialled abroad", "write + instead of the 00 or 011 before the country code"
)
_SHORT = PhoneFault("an emergency or short number is never called", _ONE_NUMBER)
_PLUS_MISSING = "the + before its country code is missing; read as {}"
_OWN_NUMBER = "give the person's own number, on land or a mobile"
_ADD_CODE = "add + and the country code"


def read_phone(
    text: str,
    *,
    region: str | None,
    number_cell: bool = False,
    allow: Collection[str] = (),
    lookup: Lookup | None = None,
) -> PhoneReading:
    """Parses the text to a number in E.164, or to the fault that keeps it from being called.

    Args:
        text: a cell as it stands in the sheet.
        region: two letters of the country of numbers without one, or None to refuse them.
        number_cell: whether the cell is a number, which keeps no + and no leading 0.
        allow: the kinds that may be called all the same, as in the template's `[phone] allow`.
        lookup: says what number digits are; None for the one that fits the installed phonenumbers.
    """
    look_up = lookup or lookup_in_use().lookup
    if not number_cell and look_up.is_ordinary(text):
        return text
    reading = _read_carefully(text, region, number_cell=number_cell, allow=allow, number_of=look_up.number_of)
    if isinstance(reading, PhoneFault) and (bare := unwrapped(text)) is not None:
        inside, what, was_number = bare
        found = _read_carefully(inside, region, number_cell=was_number, allow=allow, number_of=look_up.number_of)
        return RepairedPhone(found, f"read without {what}") if isinstance(found, str) else _other(found, reading)
    return reading


def _other(found: RepairedPhone | PhoneFault, fault: PhoneFault) -> RepairedPhone | PhoneFault:
    return found if isinstance(found, RepairedPhone) else fault


def _read_carefully(
    text: str, region: str | None, *, number_cell: bool, allow: Collection[str], number_of: NumberOf
) -> PhoneReading:
    written = read_form(text, vanity="vanity" in allow)
    if not isinstance(written, Written):
        return _FORM_FAULTS[written]
    if number_cell and (text != written.digits or text[0] == "0"):
        return _FORM_FAULTS["form"]
    if not written.international and region is None:
        return _DIALLED_OUT if written.digits.startswith(("00", "011")) else _NO_COUNTRY
    spoken = None if written.international else region
    number = number_of(written.digits, region=spoken)
    meaning = _Meaning(number, written, spoken, number_of)
    fault = _number_fault(number, written, region, allow=allow) or meaning.bracketed_zero(text)
    return fault or meaning.read(number_cell=number_cell)


def _number_fault(number: Number, written: Written, region: str | None, *, allow: Collection[str]) -> PhoneFault | None:
    if not _is_number(number):
        return _not_valid(written, region)
    if unwanted := unwanted_kind(number, allow):
        return PhoneFault(f"a {unwanted} number is never called unless [phone] allow names it", _OWN_NUMBER)
    return None


def _is_number(number: Number) -> bool:
    # The library knows longer and shorter ones, which a country has for itself.
    return number.kind != Kind.UNKNOWN and _FEWEST <= len(number.code) + len(number.national) <= _MOST


def _not_valid(written: Written, region: str | None) -> PhoneFault:
    digits = written.digits
    if len(digits) <= SHORTEST or (region is not None and phonenumbers.connects_to_emergency_number(digits, region)):
        return _SHORT
    where = f" in region {region}" if region is not None and not written.international else ""
    return PhoneFault(f"no such phone number{where}", "check its digits, and write it with + and the country code")


class _Meaning(NamedTuple):
    """What digits that can be called mean, or which doubt there is: another number may be written the same way.

    Attributes:
        number: as the digits read.
        written: the digits, and what stood around them.
        region: the country in which they were read; None after a +.
        number_of: reads what else they may be. Such a number is looked up only to see the doubt, and never called.
    """

    number: Number
    written: Written
    region: str | None
    number_of: NumberOf

    def bracketed_zero(self, text: str) -> PhoneFault | None:
        """Where a 0 is part of some numbers, +39 (0)312 345 6789 may be meant with it, and without."""
        before, found, _ = text.partition("(0)")
        place = sum(map(str.isdigit, before))
        digits = self.written.digits
        if not found or len(digits) <= place:
            return None
        other = self._other(digits[:place] + digits[place + 1 :], region=self.region)
        return _doubt(self.number, other) if other else None

    def read(self, *, number_cell: bool) -> PhoneReading:
        """The number, restored if something of it was missing; or the doubt."""
        number, written = self.number, self.written
        if written.before_word:
            # 030 12345 home: the word is a remark.
            remark = _is_number(self.number_of(written.before_word, region=self.region))
            read = RepairedPhone(number.e164, f"its letters are read as the digits of {number.e164}")
            return _FORM_FAULTS["letters"] if remark else read
        if (doubled := self._dialled_at_home()) is not None or self.region is None:
            return doubled or number.e164
        if written.digits.startswith(number.code) and (other := self._other(written.digits, region=None)):
            return _with_or_without_plus(number, other)
        if written.digits == number.national:
            return self._bare(self.region, number_cell=number_cell)
        if _is_plus_missing(number, written.digits, self.region):
            return RepairedPhone(number.e164, _PLUS_MISSING.format(number.e164))
        return number.e164

    def _dialled_at_home(self) -> RepairedPhone | PhoneFault | None:
        """A country code before a number as it is dialled inside the country: +1 and 1 415 555 0132."""
        number, digits, plan = self.number, self._undialled(), plan_of(self.number.region)
        trunk = "0" if plan is None or plan.trunk is None else plan.trunk
        # A 0 between code and number is written everywhere, and means the same; a 1 may also be a slip of the hand.
        if trunk == "0" or digits != number.code + trunk + number.national:
            return None
        # +11 41 ... may be 011 41 ..., as it is dialled abroad, without its 0.
        if digits.startswith("11") and (other := self._other(digits[2:], region=None)):
            return _doubt(number, other)
        why = f"the {trunk} after its country code is dialled at home only; read as {number.e164}"
        return RepairedPhone(number.e164, why)

    def _undialled(self) -> str:
        """The digits without what is dialled before a country code in the region."""
        here = None if self.region is None else plan_of(self.region)
        abroad = None if here is None else here.dial_out(self.written.digits)
        return self.written.digits[abroad.end() :] if abroad else self.written.digits

    def _bare(self, region: str, *, number_cell: bool) -> PhoneReading:
        """Digits with nothing before them, which may have lost a 0 before they came here."""
        number, plan = self.number, plan_of(region)
        if plan is not None and plan.zero_counts and (other := self._other("0" + number.national, region=region)):
            return _with_or_without_zero(number, other, number_cell=number_cell)
        if is_zero_missing(number):
            return RepairedPhone(number.e164, f"the 0 before it is missing; read as {number.e164}")
        return number.e164

    def _other(self, digits: str, *, region: str | None) -> Number | None:
        other = self.number_of(digits, region=region)
        return other if _is_number(other) and other.e164 != self.number.e164 else None


def _is_plus_missing(number: Number, digits: str, region: str) -> bool:
    plan = plan_of(region)
    # In North America the 1 before a number is dialled inside the country, too.
    return (
        plan is not None
        and number.code == plan.code != plan.trunk
        and digits in (number.code + number.national, f"{number.code}0{number.national}")
    )


def _doubt(first: Number, second: Number) -> PhoneFault:
    return PhoneFault(f"it may mean {first.e164} or {second.e164}", _ADD_CODE)


def _with_or_without_plus(number: Number, other: Number) -> PhoneReading:
    """491511 234 5678 is a mobile in Germany without its +; as a line in Leer, (0491) 51 1234 5678, it is too long."""
    if other.kind == Kind.MOBILE and is_usual_length(other) and not is_usual_length(number):
        return RepairedPhone(other.e164, _PLUS_MISSING.format(other.e164))
    return _doubt(number, other)


def _with_or_without_zero(number: Number, other: Number, *, number_cell: bool) -> PhoneReading:
    """Where a 0 is part of the number: Italian mobile 342 345 6789, and a line in Sondrio, 0342 345678."""
    if not is_usual_length(number) or (number_cell and is_usual_length(other)):
        return _doubt(number, other)
    if number_cell:
        return RepairedPhone(number.e164, f"a number cell keeps no leading 0, and {other.e164} is a number too")
    return number.e164
