"""Entries of the suppression list: numbers added one by one, each with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger, ReadableLedger
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.ledger.records.suppression import EVERYWHERE, LONGEST_REASON, Suppressed

__all__ = [
    "EVERYWHERE",
    "Added",
    "CallAhead",
    "Suppressed",
    "add_numbers",
    "calls_by_number",
    "refuse_unusable_reason",
    "remove_masked",
    "remove_number",
]

AT_ONCE = 500
"""Numbers per transaction."""


@dataclass(frozen=True, slots=True)
class Added:
    """A number that is on the list now.

    Attributes:
        phone: E.164.
        before: its entry, if it was on the list already.
        ahead: calls to it that are on their way already; no list can hold those back.
    """

    phone: str
    before: Suppressed | None
    ahead: Sequence[CallAhead]


def add_numbers(ledger: Ledger, phones: Sequence[str], *, reason: str, source: str) -> list[Added]:
    """Adds numbers (E.164) to the list; returns each with its earlier entry and the calls that are on their way."""
    entries = list[Added]()
    rest = iter(phones)
    while chunk := list(islice(rest, AT_ONCE)):
        before = ledger.suppression.of(chunk, service=EVERYWHERE)
        ledger.suppression.add(chunk, reason=reason, source=source)
        # Asked afterwards: what is not found now cannot be claimed any more.
        ahead = calls_by_number(ledger, chunk)
        entries += [Added(phone, before.get(phone), ahead.get(phone, ())) for phone in chunk]
    return entries


def calls_by_number(ledger: ReadableLedger, phones: Sequence[str]) -> Mapping[str, Sequence[CallAhead]]:
    """The calls ahead to these numbers, by number; the next to ring first."""
    found = dict[str, list[CallAhead]]()
    for call in ledger.read.earlier.ahead_to([*dict.fromkeys(phones)], at=ledger.now()):
        found.setdefault(call.phone, []).append(call)
    return found


def remove_number(ledger: Ledger, phone: str, *, reason: str) -> None:
    """Takes a number (E.164) off the list.

    Raises:
        UsageError: it is not on it.
    """
    if not ledger.suppression.remove(phone, reason=reason):
        raise _not_listed(phone[-4:])


def remove_masked(ledger: Ledger, last_digits: str, *, reason: str) -> None:
    """Takes the one entry with these last digits off the list, as the list shows it.

    Raises:
        UsageError: there is none, or more than one.
    """
    found = ledger.suppression.remove_masked(last_digits, reason=reason)
    if not found:
        raise _not_listed(last_digits)
    if found > 1:
        raise UsageError(f"{found} entries of the suppression list end in {last_digits}; give the whole number")


def _not_listed(last_digits: str) -> UsageError:
    return UsageError(f"…{last_digits} is not on the suppression list", cure=Cure(CureCode.SEE_LIST))


def refuse_unusable_reason(reason: str) -> None:
    """Refuses a reason that could not be stored, or shown, unchanged.

    Raises:
        UsageError: too long, or not one line of text.
    """
    if len(reason) > LONGEST_REASON:
        raise UsageError(Setting.REASON, f" has {len(reason)} characters; shorten it to {LONGEST_REASON}")
    if not reason.isprintable():
        raise UsageError(
            Setting.REASON, f" {reason!r} holds a line break or another control character; write it on one line"
        )
