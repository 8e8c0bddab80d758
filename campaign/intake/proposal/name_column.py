"""Choice of the name column, or of two: a wrong one greets a stranger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from campaign.domain.model import Row
from campaign.intake.contacts.columns import plain
from campaign.intake.contacts.name_order import is_turned
from campaign.intake.proposal.column_profile import Profile
from campaign.intake.proposal.header_words import Use


@dataclass(frozen=True, slots=True)
class Picked:
    """Chosen or candidate columns, as indices; both empty when no column has this use.

    `turned` says that most names of the one column are written `Last, First`.
    """

    indices: tuple[int, ...] = ()
    reason: str = ""
    candidates: tuple[int, ...] = ()
    turned: bool = False


_SAYS = {
    Use.FULL: "it is called a full name",
    Use.GENERIC: "it is called a name",
    Use.FIRST: "it is called a first name; there is no last name",
    Use.LAST: "it is called a last name; there is no first name",
    Use.PERSON: "its name says who the person is",
}
_FIRST_LETTER_OF_CJK = "\u2e80"


def in_order(picked: Picked, rows: Sequence[Row]) -> Picked:
    """The choice, with what its cells say of the order of the names: nine in ten must be written the other way."""
    if len(picked.indices) != 1:
        return picked
    names = [cell for row in rows if (cell := row.cells[picked.indices[0]].strip())]
    turned = sum(map(is_turned, names))
    if 10 * turned < 9 * len(names) or not turned:
        return picked
    told = f"{turned} of {len(names)} are written with the last name first, and spoken the other way round"
    return replace(picked, turned=True, reason=f"{picked.reason}; {told}")


def pick_name(profiles: Sequence[Profile], rows: Sequence[Row]) -> Picked:
    """Chooses the columns of the name; returns candidates when there are several, or none by its name."""
    words = [each for each in profiles if each.letters * 2 >= each.filled > 0 and each.emails * 2 < each.filled]
    by_use = {use: [each for each in words if each.use == use] for use in Use}
    for uses in ((Use.FULL,), (Use.FIRST, Use.LAST), (Use.FIRST, Use.GENERIC), (Use.GENERIC, Use.LAST)):
        if all(len(by_use[use]) == 1 for use in uses):
            return _picked([by_use[use][0] for use in uses], rows)
    known = [each for use in (Use.FULL, Use.GENERIC, Use.PERSON) for each in by_use[use]]
    known = known or by_use[Use.FIRST] + by_use[Use.LAST]
    if len(known) == 1:
        return Picked((known[0].index,), _SAYS[known[0].use or Use.GENERIC])
    likely = known or [each for each in words if each.use is None]
    return Picked(candidates=tuple(each.index for each in likely))


def _picked(parts: Sequence[Profile], rows: Sequence[Row]) -> Picked:
    if len(parts) == 1:
        return Picked((parts[0].index,), _SAYS[Use.FULL])
    half, whole = sorted(parts, key=lambda each: each.use == Use.GENERIC)
    if whole.use == Use.GENERIC and _within(rows, half.index, whole.index):
        return Picked((whole.index,), f"it holds {half.called} already")
    if (parts[-1].reference or "") >= _FIRST_LETTER_OF_CJK:
        parts = parts[::-1]
    return Picked(tuple(each.index for each in parts), "first and last name, joined by a space")


def _within(rows: Sequence[Row], inner: int, outer: int) -> bool:
    """Whether most rows have the one cell's words inside the other's."""
    filled = [row for row in rows if plain(row.cells[inner]) and plain(row.cells[outer])]
    held = sum(set(plain(row.cells[inner]).split()) <= set(plain(row.cells[outer]).split()) for row in filled)
    return held * 2 > len(filled)
