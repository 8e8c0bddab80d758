"""Proposal of columns for a new template, each with its reason: by whole names and values, never by similarity.

profiles -> name, phones, email, consent, opt-outs, country, times (Picked: columns and reason, or candidates)
         -> what is left: offers of prompt variables, and asides on what was not used
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaign.domain.model import Row
from campaign.intake.opt_outs.header_meaning import Meaning, denies, meaning_of
from campaign.intake.opt_outs.remarks import is_for_notes
from campaign.intake.phones.parse import read_phone
from campaign.intake.proposal.column_profile import Profile, is_national
from campaign.intake.proposal.header_words import PHONES, Use, is_bare_number, of_others
from campaign.intake.proposal.name_column import Picked, in_order, pick_name
from campaign.intake.proposal.offers import NO_SPEECH, Offer, Speech, offers_of
from campaign.timing.zones.time_text import TimeFault, read_time
from campaign.timing.zones.us_states import state_named, state_of_zip
from campaign.timing.zones.zone_names import zones_meant

USES = ("name", "phone", "email", "consent", "opted_out", "country", "call_at", "timezone", "state", "zip")
"""Uses that `said` may decide, named as in the template's `[columns]` calls it."""


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
    state: Picked
    zip: Picked
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
    speech: Speech = NO_SPEECH,
) -> Proposal:
    """Proposes uses for the columns.

    Args:
        profiles: of all columns.
        rows: those that the profiles were made of.
        region: with which they were made.
        said: what the sheet's owner has decided: one of `USES` -> columns, none of them to leave it out.
        speech: how dates are read and spoken.
    """
    asides: list[str] = []
    phone = _phone(profiles, rows, asides, region=region)
    phones = said.get("phone", phone.indices)
    cells = [row.cells[index] for row in rows for index in phones]
    national, american = any(map(is_national, cells)), _are_american(cells, region)
    picked = {
        "name": pick_name(profiles, rows),
        "phone": phone,
        "email": _email(profiles, asides),
        "consent": _consent(profiles),
        "opted_out": _opted_out(profiles, asides),
        "country": _country(profiles, asides) if national else Picked(),
        "call_at": _readable(profiles, rows, use=Use.CALL_AT, asides=asides),
        "timezone": _readable(profiles, rows, use=Use.TIMEZONE, asides=asides),
        "state": _place(profiles, rows, use=Use.STATE) if american else Picked(),
        "zip": _place(profiles, rows, use=Use.ZIP) if american else Picked(),
    } | {use: Picked(indices, "chosen by you" if indices else "left out by you") for use, indices in said.items()}
    picked["name"] = in_order(picked["name"], rows)
    used = {index for each in picked.values() for index in each.indices}
    asides += _unused(profiles, used)
    offers = tuple(offers_of(profiles, rows, used=used, speech=speech))
    return Proposal(**picked, offers=offers, asides=tuple(asides))


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


def _are_american(cells: Sequence[str], region: str | None) -> bool:
    """Whether most of the numbers are of North America: only there a state or ZIP code says where a person is."""
    read = [phone for cell in cells if isinstance(phone := read_phone(cell, region=region), str)]
    return 2 * sum(phone.startswith("+1") for phone in read) > len(read)


def _place(profiles: Sequence[Profile], rows: Sequence[Row], *, use: Use) -> Picked:
    """Column of states or ZIP codes, if nine in ten of its cells are some: any other costs its row."""
    good = list[Profile]()
    for each in (one for one in profiles if one.use == use and one.filled and one.reference is not None):
        cells = [row.cells[each.index].strip() for row in rows if row.cells[each.index].strip()]
        if 10 * sum(map(_READS[use], cells)) >= 9 * len(cells):
            good.append(each)
    if len(good) != 1:
        return Picked()
    return Picked(
        (good[0].index,), f"where the person is, for calling hours; {good[0].filled} of {good[0].rows} say it"
    )


def _is_time(cell: str) -> bool:
    return not isinstance(read_time(cell), TimeFault)


_READS: Mapping[Use, Callable[[str], bool]] = {
    Use.CALL_AT: _is_time,
    Use.TIMEZONE: lambda cell: bool(zones_meant(cell)),
    Use.STATE: lambda cell: state_named(cell) is not None,
    Use.ZIP: lambda cell: state_of_zip(cell) is not None,
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


def _may_be_consent(name: str) -> bool:
    return not denies(name) and not is_for_notes(name)


def _unused(profiles: Sequence[Profile], used: set[int]) -> Iterator[str]:
    for each in profiles:
        if each.index in used or (each.use in PHONES and not each.filled):
            continue
        if not each.filled:
            yield f"{each.called} is empty: not used"
        elif each.use not in (*PHONES, Use.OPTED_OUT) and each.looks * 10 >= each.filled * 9 and each.phones:
            yield f"{each.called} holds phone numbers, and its name does not say that they are the person's: not used"
        elif each.yes_no == each.filled and each.use is None and _may_be_consent(each.reference or ""):
            yield f"{each.called} says yes or no: if it is a consent to be called, write it as consent under [columns]"
