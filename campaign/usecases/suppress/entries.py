"""Entries of the suppression list: numbers added one by one, each with a reason."""

from collections.abc import Sequence
from itertools import islice

from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.ledger.port.lists import SuppressionList
from campaign.ledger.records.suppression import LONGEST_REASON, Suppressed

__all__ = ["Suppressed", "SuppressionList", "add_numbers", "refuse_unusable_reason"]

AT_ONCE = 500
"""Numbers per transaction."""


def add_numbers(
    suppression: SuppressionList, phones: Sequence[str], *, reason: str, source: str
) -> list[tuple[str, Suppressed | None]]:
    """Adds numbers (E.164) to the list; returns each with its earlier entry, if it had one."""
    entries = list[tuple[str, Suppressed | None]]()
    rest = iter(phones)
    while chunk := list(islice(rest, AT_ONCE)):
        before = suppression.of(chunk)
        suppression.add(chunk, reason=reason, source=source)
        entries += [(phone, before.get(phone)) for phone in chunk]
    return entries


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
