"""Use case: numbers are taken off the suppression list: as it shows them, as people type them, or of rehearsals."""

import re

from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.usecases.suppress.entries import refuse_unusable_reason, remove_masked, remove_number
from campaign.usecases.suppress.read_numbers import read_numbers

_LISTED = re.compile(r"(?:…|\.\.\.|\*+)\s?([0-9]{1,4})")
"""A number as the list shows it."""
_DIGITS_SHOWN = 4


def take_off(ledger: Ledger, number: str, *, region: str | None, reason: str) -> str:
    """Takes one number off the list; returns its last digits.

    Args:
        ledger: whose list it is.
        number: as a person types it, or masked as the list shows it, where only one entry ends so.
        region: two letters of the country of a number without one.
        reason: why it may be called again.

    Raises:
        UsageError: the reason is empty, the number is none or not on the list, or several entries end so.
    """
    refuse_missing_reason(reason)
    if masked := _LISTED.fullmatch(number.strip()):
        remove_masked(ledger, masked[1], reason=reason)
        return masked[1]
    [phone] = read_numbers([number], region=region)
    remove_number(ledger, phone, reason=reason)
    return phone[-_DIGITS_SHOWN:]


def take_off_rehearsed(ledger: Ledger, *, reason: str) -> int:
    """Takes the numbers off that only calls to a stand-in asked for; returns how many.

    Raises:
        UsageError: the reason is empty.
    """
    refuse_missing_reason(reason)
    return ledger.suppression.remove_rehearsed(reason=reason)


def refuse_missing_reason(reason: str) -> None:
    """Refuses to take anybody off without a reason.

    Raises:
        UsageError: it is empty, too long, or not one line.
    """
    refuse_unusable_reason(reason)
    if not reason.strip():
        raise UsageError(Setting.REASON, " is empty; say why this number may be called again")
