"""Offers: the columns that could be spoken as prompt variables, and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from campaign.domain.model import Row
from campaign.intake.dates.written import DateOrder
from campaign.intake.proposal.column_profile import Profile
from campaign.intake.proposal.date_format import DateProposal, propose_format
from campaign.intake.proposal.header_words import Use
from campaign.intake.proposal.variable_keys import key_of

_SOME, _FIFTH = 3, 5  # at least so many, and one in so many
_TWO, _HALF = 2, 2


@dataclass(frozen=True, slots=True)
class Speech:
    """How dates are spoken.

    Attributes:
        language: as the template names it; None where it is not known, and no format is proposed.
        order: of days and months in digits; None where the owner has not said it.
        region: where most of the numbers are.
        today: when the sheet is looked at: a day near it needs no year; None where that is not known.
    """

    language: str | None = None
    order: DateOrder | None = None
    region: str | None = None
    today: date | None = None


NO_SPEECH = Speech()
"""Nothing is known of the language."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer: a column that could be spoken as a prompt variable.

    Attributes:
        index: of the column.
        key: proposed, ASCII, and no other offer's.
        optional: whether a good share of the rows has no value.
        reason: what is worth knowing about its values; may be empty.
        dates: how its dates or times are spoken; None for a column without them, or where the language is not known.
    """

    index: int
    key: str
    optional: bool
    reason: str
    dates: DateProposal | None = None

    @property
    def format(self) -> str | None:
        """How its dates are spoken; None for a column that is spoken as it stands."""
        return None if self.dates is None else self.dates.format


def offers_of(profiles: Sequence[Profile], rows: Sequence[Row], *, used: set[int], speech: Speech) -> Iterator[Offer]:
    """Yields an offer for each column that holds something and is not used otherwise.

    Args:
        profiles: of all columns.
        rows: those that the profiles were made of.
        used: columns that are something else.
        speech: how dates are read and spoken.
    """
    keys: set[str] = set()
    for each in profiles:
        if each.index in used or not each.filled or each.reference is None or each.use == Use.OPTED_OUT:
            continue
        key = key_of(each.reference, index=each.index, taken=keys)
        keys.add(key)
        dates = None if speech.language is None else _dates(each, rows, speech)
        yield Offer(each.index, key, optional=is_optional(each), reason=about(each), dates=dates)


def is_optional(profile: Profile) -> bool:
    """Whether a good share of a column's cells is empty: a fifth of the rows, and three; or half of them, and two.

    A blank among few is forgotten rather than meant: the row is a problem, and the call is not made without it.
    """
    blank, rows = profile.blank, profile.rows
    return (blank >= _SOME and _FIFTH * blank >= rows) or (blank >= _TWO and _HALF * blank >= rows)


def about(profile: Profile) -> str:
    """What is worth knowing of a column's values, where they are spoken; may be empty."""
    if profile.blank:
        left = "" if is_optional(profile) else ": not called; with optional = true they are called without it"
        return f"{profile.blank} of {profile.rows} rows {'has' if profile.blank == 1 else 'have'} none{left}"
    if profile.same is not None:
        return f"the same in all {profile.rows} rows"
    return "dates" if profile.dates == profile.filled else ""


def _dates(each: Profile, rows: Sequence[Row], speech: Speech) -> DateProposal | None:
    cells = [row.cells[each.index] for row in rows if row.damage is None]
    return propose_format(
        cells,
        column=each.reference or "",
        language=speech.language or "en",
        region=speech.region,
        order=speech.order,
        today=speech.today,
    )
