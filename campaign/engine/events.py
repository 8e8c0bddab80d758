"""Events of a dialling, in one stream: facts, which the caller puts into words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from campaign.domain.call_outcome import CallEnd
from campaign.domain.model import NEVER_LEFT, ClaimRefused, NotSent, Settled
from campaign.engine.pacing.server_clock import ClocksApart
from campaign.engine.run_end import DialingEnd
from campaign.ledger.records.outcomes import Looked, MadeCall
from campaign.reconcile.events import ReconcileEvent
from campaign.timing.pace import PaceChange


@dataclass(frozen=True, slots=True)
class Recovered:
    """Number of calls of an earlier start that may have been made: now unknown, and not sent again."""

    calls: int


@dataclass(frozen=True, slots=True)
class RejectedRequeued:
    """Number of rejected rows that are called again."""

    rows: int


@dataclass(frozen=True, slots=True)
class DueRequeued:
    """Rows that are called again because of how their call ended, and those that are not yet.

    Attributes:
        rows: how many are called again, by how their last call ended.
        held: how many are kept back for now: by calling hours, or by the calls of the last 24 hours.
        held_until: when the first of those is free.
        suppressed: how many are on the suppression list by now, and stay as they are.
        asked: the endings that a person asked for; None when the template's rules did.
    """

    rows: Mapping[CallEnd, int] = field(default_factory=Counter)
    held: int = 0
    held_until: datetime | None = None
    suppressed: int = 0
    asked: tuple[CallEnd, ...] | None = None

    @property
    def total(self) -> int:
        """Number of rows that are called again."""
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class Superseded:
    """Number of waiting rows that are left out: another run of the same template has called them since."""

    rows: int


@dataclass(frozen=True, slots=True)
class ClockUnknown:
    """AICaller's answers do not say what the time is: nothing is known of this machine's clock."""


@dataclass(frozen=True, slots=True)
class ClockTrusted:
    """The clocks are apart, and this machine's is trusted all the same, as it was asked for."""

    apart: ClocksApart


@dataclass(frozen=True, slots=True)
class FirstRowsStarted:
    """The canary begins: at most so many rows are called now, and judged before any other row."""

    to_call: int


@dataclass(frozen=True, slots=True)
class Started:
    """The calls begin: at most so many rows."""

    to_call: int
    results: Path


@dataclass(frozen=True, slots=True)
class WaitingUntil:
    """No call is allowed before this instant, which is more than a minute away; sent once for each instant."""

    until: datetime


@dataclass(frozen=True, slots=True)
class CallsEnded:
    """No started call is in flight any more."""


@dataclass(frozen=True, slots=True)
class FirstRowsAwaited:
    """The run waits for the outcomes of the canary's calls, at most so long."""

    at_most: timedelta


@dataclass(frozen=True, slots=True)
class Unread:
    """A created call that could not be read now; it is polled again."""

    call: MadeCall
    reason: str


@dataclass(frozen=True, slots=True)
class FirstRowsPassed:
    """The canary's calls are within the template's limits: the rest is called."""


def may_have_arrived(event: object) -> bool:
    """Whether an event is the ending of a request that may have reached AICaller."""
    if not isinstance(event, Settled) or isinstance(event.outcome, ClaimRefused):
        return False
    return not isinstance(event.outcome, NotSent) or event.outcome.cause not in NEVER_LEFT


DialEvent = (
    Recovered
    | RejectedRequeued
    | DueRequeued
    | Superseded
    | ClockUnknown
    | ClockTrusted
    | ReconcileEvent
    | FirstRowsStarted
    | Started
    | WaitingUntil
    | Settled
    | PaceChange
    | CallsEnded
    | FirstRowsAwaited
    | Looked
    | Unread
    | FirstRowsPassed
    | DialingEnd
)
