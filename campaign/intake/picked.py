"""A proposal for one use: columns with a reason, or candidates among which only the sheet's owner can choose."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picked:
    """Indices of columns; both empty when no column is for this use."""

    indices: tuple[int, ...] = ()
    reason: str = ""
    candidates: tuple[int, ...] = ()
