"""Events of reconciling: results of looking calls up, with rows by their number in the sheet."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LostAnswersSettled:
    """Rows whose answer was lost were looked up.

    Attributes:
        found: created after all.
        several: of which more than one call was found.
        left: how many stay unknown; None when the list could not be read.
        listed: how many calls the list held.
    """

    found: tuple[int, ...]
    several: tuple[int, ...]
    left: int | None
    listed: int


@dataclass(frozen=True, slots=True)
class CallsCompared:
    """Rows of which AICaller lists other calls than the ledger has.

    Attributes:
        several: called more than once.
        strangers: whose id is another call's there.
        called: called by a try that had seemed to be refused; created now.
    """

    several: tuple[int, ...] = ()
    strangers: tuple[int, ...] = ()
    called: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ListAwaited:
    """A row's last refusal may have come from a box on the way: its call, if any, is listed by this instant."""

    until: datetime


@dataclass(frozen=True, slots=True)
class CallsUnlisted:
    """Number of rows that are unknown, or 0, while AICaller's calls could not be listed, so that none were compared."""

    unknown: int
    trouble: str


@dataclass(frozen=True, slots=True)
class WaitingAudited:
    """Waiting rows that were called already, by calls that this ledger did not know of.

    Attributes:
        made: created, not sent again.
        several: called more than once, not sent.
        skipped: called by another run or ledger, and left out.
    """

    made: tuple[int, ...]
    several: tuple[int, ...]
    skipped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AuditIncomplete:
    """The list may lack calls that this ledger does not know of; a run that has called no one yet goes on."""

    gap: str


@dataclass(frozen=True, slots=True)
class CallsBeingListed:
    """AICaller's list is still being read; so many calls so far."""

    calls: int


ReconcileEvent = (
    CallsBeingListed
    | LostAnswersSettled
    | CallsCompared
    | ListAwaited
    | CallsUnlisted
    | WaitingAudited
    | AuditIncomplete
)
