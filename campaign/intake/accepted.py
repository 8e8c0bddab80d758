"""Which doubtful numbers count as a row's number: decided once for a whole sheet, before its first row is read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """A doubtful number that is not accepted is a fault of its cell, and the row's next phone cell is tried.

    Attributes:
        repaired: numbers that were restored, a lost 0 or + put back.
        fictitious: numbers that are kept for examples.
    """

    repaired: bool = True
    fictitious: bool = True


ALL_ACCEPTED = Accepted()
"""Every doubt is noted, and refuses nothing."""
