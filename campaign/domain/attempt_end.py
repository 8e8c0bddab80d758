"""How an attempt ended, and the rule on which "nobody is called twice" rests: whether a phone may have rung for it."""

from enum import StrEnum
from typing import assert_never

from campaign.domain.model import Created, NotSent, Outcome, Rejected, Unknown


class AttemptEnd(StrEnum):
    """How an attempt ended, as the codes that the ledger stores."""

    CREATED = "created"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


RINGS_NOBODY = "sandbox"
"""The service whose calls ring at nobody: the stand-in inside this process."""
LOOPBACK = "loopback"
"""The service of all that is reached on this machine itself: a stand-in in another process, or a proxy."""
RANG_OR_MAY_HAVE = frozenset({AttemptEnd.CREATED, AttemptEnd.UNKNOWN})
"""The ends after which a phone may have rung."""


def may_have_rung(end: AttemptEnd | None) -> bool:
    """Whether a phone may have rung for an attempt; None means no ending is recorded, so it may still ring."""
    return end is None or end in RANG_OR_MAY_HAVE


def end_of(outcome: Outcome) -> AttemptEnd:
    """The ledger's code for an outcome."""
    match outcome:
        case Created():
            return AttemptEnd.CREATED
        case Rejected():
            return AttemptEnd.REJECTED
        case NotSent():
            return AttemptEnd.NOT_SENT
        case Unknown():
            return AttemptEnd.UNKNOWN
        case _:
            assert_never(outcome)
