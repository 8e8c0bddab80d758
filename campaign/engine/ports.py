"""What the pool needs to know of time: whether a row may be sent at this moment, and if not, when to ask again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaign.domain.model import Attempt


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing may be sent now; `until` (aware) is when to ask again."""

    until: datetime


class Moments(Protocol):
    """Asked at the last moment before a promise, and once more between the promise and the first byte."""

    def at_send(self, attempt: Attempt) -> Attempt | NotYet:
        """The attempt as it may be sent now, or another row's in its place.

        The row that is not sent is back among those that wait; after `NotYet` there is none to send now.
        """

    def still_holds(self, attempt: Attempt) -> bool:
        """Whether what `at_send` gave may still be sent."""


class AnyMoment:
    """For runs without hours and times: every moment is as good as another."""

    def at_send(self, attempt: Attempt) -> Attempt | NotYet:
        """The attempt as it is."""
        return attempt

    def still_holds(self, attempt: Attempt) -> bool:  # noqa: ARG002 - the port asks for it
        """Yes."""
        return True
