"""Use case: the history of acts is searched, a bounded part of it at a time."""

from dataclasses import dataclass

from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import ActRecord

__all__ = ["ActPage", "ActRecord", "find_acts"]

PER_PAGE = 100
MOST_LOOKED_AT = 5_000
"""Acts that one page looks through, however few of them fit."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ActPage:
    """A page of acts, newest first.

    Attributes:
        acts: those that fit.
        before: where the next page begins; None where there are no earlier acts.
        looked_at: how many were looked through; fewer fit where a filter holds.
    """

    acts: tuple[ActRecord, ...]
    before: int | None
    looked_at: int


def find_acts(ledger: Ledger, *, before: int | None = None, who: str = "", target: str = "") -> ActPage:
    """The newest acts, or the newest ones before the one with that id.

    Args:
        ledger: whose acts they are.
        before: an act's id.
        who: only acts of this user or program; empty for all.
        target: only acts on this, such as a run's name; empty for all.
    """
    found, looked_at = list[ActRecord](), 0
    while True:
        chunk = ledger.serving.acts.page(before=before, limit=_AT_ONCE)
        for act in chunk:
            before, looked_at = act.id, looked_at + 1
            if who in ("", act.who) and target in ("", act.target):
                found.append(act)
                if len(found) == PER_PAGE:
                    return ActPage(tuple(found), before, looked_at)
        if len(chunk) < _AT_ONCE:
            return ActPage(tuple(found), None, looked_at)
        if looked_at >= MOST_LOOKED_AT:
            return ActPage(tuple(found), before, looked_at)
