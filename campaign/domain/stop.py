"""Stop reasons: why a run stopped itself."""

from dataclasses import dataclass
from enum import IntEnum


class StopCode(IntEnum):
    """Why a run stopped itself, as its exit code."""

    REFUSED = 4
    TROUBLE = 5


@dataclass(frozen=True, slots=True)
class Stop:
    """A decision to stop: no new calls; calls in flight finish, the other rows stay pending."""

    code: StopCode
    why: str
