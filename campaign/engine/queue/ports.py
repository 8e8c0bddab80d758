"""Ports of the pool: the queue that says which row may be sent, the ledger, and the client."""

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from campaign.domain.model import Attempt, ClaimRefused, Outcome, RowState, Settled


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing may be sent now; `until` (aware) is when to ask again."""

    until: datetime


class QueuePort(Protocol):
    """Queue, asked at the last moment before a claim, and once more between the claim and the first byte."""

    def next_to_send(self, attempt: Attempt) -> Attempt | NotYet:
        """The attempt as it may be sent now, or another row's instead.

        The row that is not sent is back among those that wait; after `NotYet` there is none to send now.
        """

    def may_still_send(self, attempt: Attempt) -> bool:
        """Whether the attempt from `next_to_send` may still be sent."""

    def settled(self, settled: Settled) -> None:
        """Receives the ending of an attempt once it is on disk; a row that was not sent waits on."""


class UntimedQueue:
    """Queue of a run without hours and times: any row may be sent at any moment."""

    def next_to_send(self, attempt: Attempt) -> Attempt | NotYet:
        """The attempt as it is."""
        return attempt

    def may_still_send(self, attempt: Attempt) -> bool:  # noqa: ARG002 - the port asks for it
        """Yes."""
        return True

    def settled(self, settled: Settled) -> None:
        """Nothing depends on it here."""


class LedgerPort(Protocol):
    """What the pool needs of a ledger."""

    async def claim(self, attempt: Attempt) -> ClaimRefused | None:
        """Returns None once the claim is on disk; raises LedgerError if it cannot be."""

    def settle(self, attempt: Attempt, outcome: Outcome, *, wait_as: RowState = ...) -> Coroutine[Any, Any, Outcome]:
        """Takes the ending at once; it reaches the disk before any later claim does.

        Awaited, returns what stands in the ledger; raises LedgerError, at once or then, if nothing could be written.
        """


class CallClient(Protocol):
    """What the pool needs of a client."""

    async def send(self, attempt: Attempt) -> Outcome:
        """Sends once, and returns what its ending proves. Never raises for a call."""
