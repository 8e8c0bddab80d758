"""Merged rows: duplicates that say something else than the row that is called in their place.

row 3: Ada, +1415..., Tuesday    ->  called
row 7: Ada, +1415..., Thursday   ->  left out; her second appointment is said by no call
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from campaign.domain.instants import to_text
from campaign.domain.model import Contact

MOST_KEPT = 100
MOST_COMPARED = 1_000
"""So many duplicates of a sheet are compared, the first ones."""

FirstRows = Callable[[Collection[int]], Iterator[Contact]]
"""Reads these rows of the sheet again."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A row that is left out, and the row that is called in its place.

    Attributes:
        row: which is left out.
        called: which is called.
        differs: (what, as it is said by the call, as the row that is left out has it); an empty text is none.
    """

    row: int
    called: int
    differs: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class MergedRows:
    """Collects the first duplicates of a sheet, and compares them once all of its rows are read.

    Attributes:
        duplicates: (row that is called, contact of the row that is left out).
    """

    duplicates: list[tuple[int, Contact]] = field(default_factory=list)

    def see(self, contact: Contact, *, called: int) -> None:
        """Takes a row that is left out for the one with that number."""
        if len(self.duplicates) < MOST_COMPARED:
            self.duplicates.append((called, contact))

    def differing(self, first_rows: FirstRows) -> list[Merged]:
        """Those that say something else than the row that is called, in the sheet's order.

        Raises:
            SheetError: the sheet cannot be read again, or was changed meanwhile.
        """
        if not self.duplicates:
            return []
        first = {one.row: one for one in first_rows({called for called, _ in self.duplicates})}
        pairs = ((first[called], other) for called, other in self.duplicates if called in first)
        return [
            Merged(other.row, called.row, differs)
            for called, other in pairs
            if (differs := _differences(called, other))
        ]


def _differences(called: Contact, other: Contact) -> tuple[tuple[str, str, str], ...]:
    said, unsaid = _spoken(called), _spoken(other)
    keys = [key for key in dict.fromkeys((*said, *unsaid)) if said.get(key, "") != unsaid.get(key, "")]
    name = [] if called.name.casefold() == other.name.casefold() else [("name", called.name, other.name)]
    return (*name, *((key, said.get(key, ""), unsaid.get(key, "")) for key in keys))


def _spoken(contact: Contact) -> dict[str, str]:
    return dict(contact.variables) | ({"call_at": to_text(contact.call_at)} if contact.call_at else {})
