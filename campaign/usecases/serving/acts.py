"""Use case acts: who did what, written down for good, without a phone number in it."""

import re

from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import ActRecord
from campaign.usecases.context import this_person

__all__ = ["ActRecord", "acts", "at_this_machine", "record_act"]

MOST = 1_000
"""Acts of one page."""
# As people and AICaller write numbers. A day, and a run's name with one in it, stay as they are.
_NUMBER = re.compile(r"(?<![\w-])(?:\+\d[\d\s().\-/]{5,}\d|\(?\d{3}\)?[\s.\-/]\d{3}[\s.\-/]\d{4}|\d{9,15})(?![\w-])")
_LAST = 4


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


def at_this_machine() -> str:
    """Who acts at a terminal of this machine, as it stands in the record of acts; no user can be called so."""
    return f"{this_person()} (command line)"


def _without_numbers(text: str) -> str:
    return _NUMBER.sub(lambda found: "…" + "".join(filter(str.isdigit, found[0]))[-_LAST:], text)
