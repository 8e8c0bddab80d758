"""Use case acts: who did what, written down for good, without a phone number in it."""

import re
from dataclasses import dataclass

from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import ActRecord
from campaign.usecases.context import this_person

__all__ = ["ActPage", "ActRecord", "acts", "at_this_machine", "find_acts", "record_act"]

PER_PAGE = 100
MOST_LOOKED_AT = 5_000
"""Acts that one page looks through, however few of them fit."""
_AT_ONCE = 500
MOST = 1_000
"""Acts of one page."""
# As people and AICaller write numbers. A day, and a run's name with one in it, stay as they are.
_NUMBER = re.compile(r"(?<![\w-])(?:\+\d[\d\s().\-/]{5,}\d|\(?\d{3}\)?[\s.\-/]\d{3}[\s.\-/]\d{4}|\d{9,15})(?![\w-])")
_LAST = 4


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


def record_act(ledger: Ledger, *, who: str, what: str, target: str = "", detail: str = "") -> None:
    """Writes an act down; of a phone number in it, the last digits are kept.

    Args:
        ledger: where it is written.
        who: a user's name, or `token NAME`.
        what: the act as a code in small letters, such as `launch`.
        target: what it was done to, such as a run's name.
        detail: what else a person should find there later.
    """
    ledger.serving.acts.add(who=who, what=what, target=_without_numbers(target), detail=_without_numbers(detail))


def acts(ledger: Ledger, *, before: int | None = None, limit: int = 100) -> list[ActRecord]:
    """A page of acts, newest first: the newest ones, or those before the one with that id."""
    return ledger.serving.acts.page(before=before, limit=max(1, min(limit, MOST)))


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


def at_this_machine() -> str:
    """Who acts at a terminal of this machine, as it stands in the record of acts; no user can be called so."""
    return f"{this_person()} (command line)"


def _without_numbers(text: str) -> str:
    return _NUMBER.sub(lambda found: "…" + "".join(filter(str.isdigit, found[0]))[-_LAST:], text)
