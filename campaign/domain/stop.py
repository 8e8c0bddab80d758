"""Why a run stopped itself."""

from dataclasses import dataclass
from enum import IntEnum


class StopCode(IntEnum):
    """Why a run stopped itself, as its exit code."""

    REFUSED = 4
    TROUBLE = 5


@dataclass(frozen=True, slots=True)
class Stop:
    """No more calls; those on their way end as they will, the rest stays pending."""

    code: StopCode
    why: str
