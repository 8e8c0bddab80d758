"""Records of calls ahead: submitted, with a time to ring at that has not come; only AICaller can still end them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallAhead:
    """A submitted call whose time is still ahead.

    Attributes:
        phone: E.164, as the caller asked for it; of an erased run's call, its stored form.
        run: the run's name.
        row: the sheet's number of the row.
        call_id: AICaller's; None when the answer was lost or is still awaited, so that the call may ring.
        until: when it is to ring: its callDelayedUntil.
    """

    phone: str
    run: str
    row: int
    call_id: str | None
    until: datetime

    @property
    def is_certain(self) -> bool:
        """Whether AICaller has accepted the call; otherwise it may have."""
        return self.call_id is not None
