"""Proposal of columns for a new template, each with its reason: by whole names and values, never by similarity.

profiles -> name, phones, email, consent, opt-outs, country, times (Picked: columns and reason, or candidates)
         -> what is left: offers of prompt variables, and asides on what was not used
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaign.domain.model import Row
from campaign.intake.opt_outs.header_meaning import Meaning, denies, meaning_of
from campaign.intake.proposal.column_profile import Profile, is_national
from campaign.intake.proposal.header_words import PHONES, Use, is_bare_number, of_others
from campaign.intake.proposal.name_column import Picked, pick_name
from campaign.intake.proposal.variable_keys import key_of
from campaign.timing.zones.time_text import TimeFault, read_time
from campaign.timing.zones.zone_names import zones_meant

USES = ("name", "phone", "email", "consent", "opted_out", "country", "call_at", "timezone")
"""Uses that `said` may decide, named as in the template's `[columns]` calls it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer: a column that could be spoken as a prompt variable.

    Attributes:
        index: of the column.
        key: proposed, ASCII, and no other offer's.
        optional: whether some rows have no value.
        reason: what is worth knowing about its values; may be empty.
    """

    index: int
    key: str
    optional: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposed contents of a template; `asides` are lines on columns that were examined and not used."""

    name: Picked
    phone: Picked
    email: Picked
    consent: Picked
    opted_out: Picked
    country: Picked
    call_at: Picked
    timezone: Picked
    offers: tuple[Offer, ...]
    asides: tuple[str, ...]

    def of(self, use: str) -> Picked:
        """Proposal for one of `USES`."""
        picked: Picked = getattr(self, use)
        return picked


def propose(
    profiles: Sequence[Profile],
    rows: Sequence[Row],
    *,
    region: str | None,
    said: Mapping[str, tuple[int, ...]],
) -> Proposal:
    """Proposes uses for the columns.

    Args:
        profiles: of all columns.
        rows: those that the profiles were made of.
        region: with which they were made.
        said: what the sheet's owner has decided: one of `USES` -> columns, none of them to leave it out.
    """
    asides: list[str] = []
    phone = _phone(profiles, rows, asides, region=region)
    phones = said.get("phone", phone.indices)
    national = any(is_national(row.cells[index]) for row in rows for index in phones)
    picked = {
        "name": pick_name(profiles, rows),
        "phone": phone,
        "email": _email(profiles, asides),
        "consent": _consent(profiles),
        "opted_out": _opted_out(profiles, asides),
        "country": _country(profiles, asides) if national else Picked(),
        "call_at": _readable(profiles, rows, use=Use.CALL_AT, asides=asides),
        "timezone": _readable(profiles, rows, use=Use.TIMEZONE, asides=asides),
    } | {use: Picked(indices, "chosen by you" if indices else "left out by you") for use, indices in said.items()}
    used = {index for each in picked.values() for index in each.indices}
    asides += _unused(profiles, used)
    offers = tuple(_offers(profiles, used))
    return Proposal(**picked, offers=offers, asides=tuple(asides))


def about(profile: Profile) -> str:
    """What is worth knowing of a column's values, where they are spoken; may be empty."""
    if profile.blank:
        return f"{profile.blank} of {profile.rows} rows have none"
    if profile.same is not None:
        return f"the same in all {profile.rows} rows"
    return "dates" if profile.dates == profile.filled else ""


def _phone(profiles: Sequence[Profile], rows: Sequence[Row], asides: list[str], *, region: str | None) -> Picked:
    # Before the country is known, what looks like a number may be one.
    numbers = {each.index: each.phones if region else max(each.phones, each.looks) for each in profiles}
    called = [each for use in PHONES for each in profiles if each.use == use]
    good = [each for each in called if numbers[each.index] * 4 >= each.filled > 0]
    for each in called:
        if each not in good:
            where = f" in region {region}" if region else ""
            found = f"{numbers[each.index]} of its {each.filled} filled cells are phone numbers{where}"
            asides.append(f"{each.called} is called a phone, but {found if each.filled else 'is empty'}: not used")
    if not good:
        return _by_values(profiles, rows, numbers)
    counts = ", ".join(f"{numbers[each.index]} of {each.filled}" for each in good)
    order = "; in each row the first filled one is called" if len(good) > 1 else ""
    return Picked(tuple(each.index for each in good), f"called so; {counts} filled cells are phone numbers{order}")


def _by_values(profiles: Sequence[Profile], rows: Sequence[Row], numbers: Mapping[int, int]) -> Picked:
    alike = [
        each
        for each in profiles
        if each.use is None and numbers[each.index] * 10 >= each.filled * 9 > 0 and not of_others(each.reference or "")
    ]
    whole = [each for each in alike if is_bare_number(each.reference or "") and _all_whole(each, rows)]
    if len(whole) == 1 == len(alike):
        return Picked((whole[0].index,), f"called so, and all {whole[0].filled} filled cells are numbers with their +")
    # Values alone do not tell whose they are: other people's, or no phone numbers at all.
    return Picked(candidates=tuple(each.index for each in alike))


def _all_whole(profile: Profile, rows: Sequence[Row]) -> bool:
    """Whether each cell of the column that is filled holds a phone number, written with + and its country code."""
    cells = (row.cells[profile.index].strip() for row in rows)
    return profile.phones == profile.filled and all(cell.startswith("+") for cell in cells if cell)


def _email(profiles: Sequence[Profile], asides: list[str]) -> Picked:
    called = [each for each in profiles if each.use == Use.EMAIL]
    good = [each for each in called if each.emails * 2 >= each.filled > 0]
    asides += [
        f"{each.called} is called an email address, but {each.emails} of {each.filled} filled cells are one: not used"
        for each in called
        if each not in good
    ]
    if good:
        return Picked(
            (good[0].index,), f"called so, and {good[0].emails} of {good[0].filled} filled cells are addresses"
        )
    alike = [each for each in profiles if each.use is None and each.emails * 10 >= each.filled * 9 > 0]
    own = [each for each in alike if not of_others(each.reference or "")]
    if len(own) == 1 == len(alike):
        return Picked((own[0].index,), f"{own[0].emails} of {own[0].filled} filled cells are addresses")
    asides += [f"{each.called} holds email addresses, maybe not the person's: not used" for each in alike]
    return Picked()


def _opted_out(profiles: Sequence[Profile], asides: list[str]) -> Picked:
    called = [each for each in profiles if each.use == Use.OPTED_OUT and each.reference is not None]
    asides += [
        f"{each.called} may say who is not to be called, or who is: if so, name it under [columns] as a consent"
        for each in profiles
        if meaning_of(each.reference or "") is Meaning.TWISTED
    ]
    if not called:
        return Picked()
    counts = ", ".join(f"{each.filled} of {each.rows}" for each in called)
    return Picked(tuple(each.index for each in called), f"rows that say yes are never called; {counts} say something")


def _readable(profiles: Sequence[Profile], rows: Sequence[Row], *, use: Use, asides: list[str]) -> Picked:
    """Column of times of calls, or of time zones, if most of its cells can be read as such."""
    good = list[Profile]()
    for each in (one for one in profiles if one.use == use and one.filled):
        cells = [row.cells[each.index].strip() for row in rows if row.cells[each.index].strip()]
        read = sum(map(_READS[use], cells))
        if 2 * read >= len(cells):
            good.append(each)
        else:
            asides.append(f"{each.called} is called a {use.value}, and {read} of {len(cells)} cells are one: not used")
    if len(good) != 1:
        return Picked(candidates=tuple(each.index for each in good))
    return Picked((good[0].index,), f"called so; {good[0].filled} of {good[0].rows} rows have one")


def _is_time(cell: str) -> bool:
    return not isinstance(read_time(cell), TimeFault)


_READS: Mapping[Use, Callable[[str], bool]] = {
    Use.CALL_AT: _is_time,
    Use.TIMEZONE: lambda cell: bool(zones_meant(cell)),
}


def _consent(profiles: Sequence[Profile]) -> Picked:
    called = [each for each in profiles if each.use == Use.CONSENT]
    if not called:
        return Picked()
    if len(called) > 1:
        return Picked(candidates=tuple(each.index for each in called))
    return Picked((called[0].index,), f"only rows that say yes are called: {called[0].yes} of {called[0].rows}")


def _country(profiles: Sequence[Profile], asides: list[str]) -> Picked:
    called = [each for each in profiles if each.use == Use.COUNTRY and each.filled]
    # A few cells that are not known cost their rows; without the column all the others would be called elsewhere.
    good = [each for each in called if 2 * each.countries >= each.filled]
    asides += [
        f"{each.called} names no country that is known here in {each.filled - each.countries} rows: "
        + ("correct them, or write + before their numbers" if each in good else "not used")
        for each in called
        if each.countries < each.filled
    ]
    if len(good) != 1:
        return Picked(candidates=tuple(each.index for each in good))
    return Picked((good[0].index,), "of numbers written without a country; two letters in each filled cell")


def _unused(profiles: Sequence[Profile], used: set[int]) -> Iterator[str]:
    for each in profiles:
        if each.index in used or (each.use in PHONES and not each.filled):
            continue
        if not each.filled:
            yield f"{each.called} is empty: not used"
        elif each.use not in (*PHONES, Use.OPTED_OUT) and each.looks * 10 >= each.filled * 9 and each.phones:
            yield f"{each.called} holds phone numbers, and its name does not say that they are the person's: not used"
        elif each.yes_no == each.filled and each.use is None and not denies(each.reference or ""):
            yield f"{each.called} says yes or no: if it is a consent to be called, write it as consent under [columns]"


def _offers(profiles: Sequence[Profile], used: set[int]) -> Iterator[Offer]:
    keys: set[str] = set()
    for each in profiles:
        if each.index in used or not each.filled or each.reference is None or each.use == Use.OPTED_OUT:
            continue
        key = key_of(each.reference, index=each.index, taken=keys)
        keys.add(key)
        yield Offer(each.index, key, optional=each.blank > 0, reason=about(each))
