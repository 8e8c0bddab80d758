"""What the pool needs of the queue: which row may be sent at this moment, and if none may, when to ask again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaign.domain.model import Attempt, Settled


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing may be sent now; `until` (aware) is when to ask again."""

    until: datetime


class QueuePort(Protocol):
    """Asked at the last moment before a claim, and once more between the claim and the first byte."""

    def next_to_send(self, attempt: Attempt) -> Attempt | NotYet:
        """The attempt as it may be sent now, or another row's in its place.

        The row that is not sent is back among those that wait; after `NotYet` there is none to send now.
        """

    def may_still_send(self, attempt: Attempt) -> bool:
        """Whether what `next_to_send` gave may still be sent."""

    def settled(self, settled: Settled) -> None:
        """Receives what became of an attempt, once that is on the disk; one that was not sent waits on."""


class UntimedQueue:
    """For runs without hours and times: every moment is as good as another."""

    def next_to_send(self, attempt: Attempt) -> Attempt | NotYet:
        """The attempt as it is."""
        return attempt

    def may_still_send(self, attempt: Attempt) -> bool:  # noqa: ARG002 - the port asks for it
        """Yes."""
        return True

    def settled(self, settled: Settled) -> None:
        """Nothing depends on it here."""
