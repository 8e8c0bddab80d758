"""The options of `campaign ledger`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MoveOptions:
    """Options of `ledger move`."""

    to: str
    yes: bool
