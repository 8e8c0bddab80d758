"""What an owner says of a sheet's columns on a form: the use of each, and what was proposed when it was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field

VARIABLE, UNUSED = "variable", "unused"
NONE_OF_THESE = "none"
SEVERAL = {"name": 3, "phone": 4}
"""Uses that several columns can have in order, and how many at the most."""


def slot_of(use: str, place: int) -> str:
    """The use of the column that comes at this place, from 0: `phone`, `phone.2`, ...."""
    return use if place == 0 or use not in SEVERAL else f"{use}.{place + 1}"


def use_of_slot(slot: str) -> str:
    """The use, without its place."""
    return slot.partition(".")[0]


@dataclass(frozen=True, slots=True)
class ColumnsSaid:
    """What was said on the form; a column of which nothing was said is as proposed.

    Attributes:
        uses: slot of each column, by its index; also VARIABLE or UNUSED.
        shown: the slot that was proposed when that was said: the same means that the owner has left it as it was.
        answers: a column's index or NONE_OF_THESE, by the use that was asked for.
        keys: of the variables, by the column's index.
        formats: how dates are said, likewise; empty for as they are written.
        formats_shown: the format that was proposed when that was said.
        region: two letters; empty while it is not said.
        language: of spoken dates; None while the form has not asked for it.
        order: day_first or month_first; empty while it is not said.
    """

    uses: Mapping[int, str] = field(default_factory=dict)
    shown: Mapping[int, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[int, str] = field(default_factory=dict)
    formats: Mapping[int, str] = field(default_factory=dict)
    formats_shown: Mapping[int, str] = field(default_factory=dict)
    region: str = ""
    language: str | None = None
    order: str = ""

    def changed(self, index: int) -> str | None:
        """The slot that the owner has given the column; None where it was left as proposed."""
        said = self.uses.get(index)
        return said if said != self.shown.get(index) else None

    def format_of(self, index: int, *, proposed: str) -> str:
        """How the column's dates are said: as the owner wrote it, or as proposed now."""
        said = self.formats.get(index)
        return proposed if said is None or said == self.formats_shown.get(index) else said


NOTHING_SAID = ColumnsSaid()
"""The form as it is first shown."""
