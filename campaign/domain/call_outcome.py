"""Outcome of a call: AICaller's own status and code, and what they mean for the person who was called.

Statuses and status codes are open sets: an unknown one passes through unchanged, and counts as not final (a status)
or as no reason for another call (a code).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CallEnd(StrEnum):
    """How a call ended, as the codes that templates, flags and results (`_outcome`) use."""

    ENDED_NORMALLY = "ended_normally"
    VOICEMAIL = "voicemail"
    IVR = "ivr"
    DO_NOT_CALL = "do_not_call"
    CALL_LATER = "call_later"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    """Completed, and nothing more is known, or nothing that this program knows."""


_FINAL: Mapping[str, CallEnd] = {
    "busy": CallEnd.BUSY,
    "noAnswer": CallEnd.NO_ANSWER,
    "failed": CallEnd.FAILED,
    # The document's list has one spelling, its prose the other.
    "cancelled": CallEnd.CANCELLED,
    "canceled": CallEnd.CANCELLED,
    "completed": CallEnd.ANSWERED,
}
_CODES: Mapping[str, CallEnd] = {
    "ENDED_NORMALLY": CallEnd.ENDED_NORMALLY,
    "VOICEMAIL_DETECTED": CallEnd.VOICEMAIL,
    "IVR_DETECTED": CallEnd.IVR,
    "DO_NOT_CALL": CallEnd.DO_NOT_CALL,
    "CALL_LATER": CallEnd.CALL_LATER,
}

MAY_BE_CALLED_AGAIN = frozenset(
    {CallEnd.NO_ANSWER, CallEnd.BUSY, CallEnd.VOICEMAIL, CallEnd.IVR, CallEnd.CANCELLED, CallEnd.CALL_LATER}
)
"""A bad number stays one, who was talked to was talked to, and who asked not to be called is not."""


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """A call as it was last read. Times are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`, by AICaller's clock.

    Attributes:
        call_id: AICaller's.
        status: as AICaller sent it; "" when it sent none.
        status_code: `statusExtraInfo.statusCode`, as AICaller sent it.
        later_at: for CALL_LATER, when.
        duration: `callDuration`; its unit is not documented, and looks like seconds.
        recording_url: http or https.
        values: collected in the call: (column name, value), both text.
        triggered_at: when the phone was made to ring.
        started_at: when it was answered.
        ended_at: when the call ended.
    """

    call_id: str
    status: str
    status_code: str | None = None
    later_at: str | None = None
    duration: float | None = None
    recording_url: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    triggered_at: str | None = None
    started_at: str | None = None
    ended_at: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether the call itself is certainly over; values collected in it may still arrive."""
        return self.status in _FINAL

    @property
    def end(self) -> CallEnd | None:
        """How the call ended; None while it is, or may be, still going on."""
        # An opt-out counts at once, however the code is written.
        if self.status_code is not None and _squeezed(self.status_code) == "DONOTCALL":
            return CallEnd.DO_NOT_CALL
        if not self.is_final:
            return None
        if self.status_code is None or self.status == "failed":
            return _FINAL[self.status]
        return _CODES.get(self.status_code) or CallEnd.ANSWERED

    @property
    def shown(self) -> str | None:
        """The end as the results show it; an unknown code is shown as AICaller sent it."""
        if self.end is CallEnd.ANSWERED:
            return self.status_code
        return None if self.end is None else self.end.value


def _squeezed(code: str) -> str:
    return "".join(char for char in code.upper() if char.isalpha())
