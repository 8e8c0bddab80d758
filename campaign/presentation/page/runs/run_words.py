"""Words of what a run is doing, why it was given up, and how its calls ended, as a page says them."""

from collections.abc import Mapping
from datetime import datetime

from campaign.domain.call_outcome import CallEnd
from campaign.domain.model import RowState
from campaign.presentation.wording import counted, lasting, local_time
from campaign.usecases.serving.dialling import EndedBy

ENDS: Mapping[CallEnd, tuple[str, str]] = {
    CallEnd.ENDED_NORMALLY: ("talked to, ended normally", "created"),
    CallEnd.ANSWERED: ("answered", "created"),
    CallEnd.CALL_LATER: ("asked to be called later", "created"),
    CallEnd.DO_NOT_CALL: ("asked not to be called again", "rejected"),
    CallEnd.VOICEMAIL: ("voicemail", "pending"),
    CallEnd.IVR: ("a phone menu answered", "pending"),
    CallEnd.NO_ANSWER: ("no answer", "pending"),
    CallEnd.BUSY: ("busy", "pending"),
    CallEnd.CANCELLED: ("cancelled", "skipped"),
    CallEnd.FAILED: ("failed", "rejected"),
}
"""How a call ended, in words, and the colour it has; the words say it without the colour."""

ATTEMPTS: Mapping[str | None, tuple[str, str]] = {
    None: ("on its way", "pending"),
    "created": ("call made", "created"),
    "rejected": ("refused, nobody called", "rejected"),
    "not_sent": ("not sent, tried again", "pending"),
    "unknown": ("answer lost", "unknown"),
}
"""How an attempt ended."""

MEANT_ON_PAGES: Mapping[RowState, str] = {
    RowState.PENDING: "it waits to be sent",
    RowState.RETRY_WAIT: "nothing of it was sent yet, and it waits for another try",
    RowState.SENDING: "it is on its way, or a crash has left it so: Resume settles it",
    RowState.CREATED: "AICaller has accepted the call",
    RowState.REJECTED: "AICaller refused the call: nobody was called",
    RowState.UNKNOWN: "what became of it is not known: the phone may have rung, so it is never sent again by itself",
    RowState.INVALID: "it cannot be called as it is",
    RowState.SKIPPED: "it could be called, and was left out",
}
"""What a row's state means, for a row's page."""

_PHASES: Mapping[str, str] = {
    "starting": "Getting ready: what an earlier start left is settled, and the clocks are compared.",
    "looking up": "Reading AICaller's list of calls, so that nobody is called twice.",
    "dialling": "Calling.",
    "judging": "The first calls are made; what becomes of them is awaited before the rest is called.",
    "elsewhere": "Another process works on this run. It is left alone, and looked at again soon.",
}

_CURES: Mapping[EndedBy, str] = {
    "refused": "AICaller does not take the key, the team or the call template. See to it under Settings, then resume: "
    "the rows that wait are as they were.",
    "trouble": "Nobody was called twice, and the rows that wait are as they were. Resume once the reason is gone.",
    "clock": "Set the clock of this server's machine right, then resume. Or go on by it as it is, if you know that it "
    "is right.",
    "failed": "Nothing more is sent. Resume once the reason is gone; the rows that wait are as they were.",
}


def phase_words(phase: str, *, until: datetime | None, now: datetime, waiting: int) -> str:
    """What the server is doing with a run, in a sentence.

    Args:
        phase: as the server's live state names it.
        until: nothing happens before.
        now: the wall clock.
        waiting: rows that are still to be called.
    """
    when = f"{local_time(until)} (in {_about(until, now)})" if until else "later"
    match phase:
        case "waiting":
            return f"Waiting: nobody may be called before {when}."
        case "listing":
            return f"Waiting until {when}: a refusal may have come too late, and AICaller's list shows it then."
        case "following":
            left = f" {counted(waiting, 'row')} are left for later." if waiting else ""
            return f"All calls that were asked for are made. What becomes of them is read from AICaller.{left}"
        case _:
            return _PHASES[phase]


def idle_words(*, waiting: int, begun: bool, forgotten: str | None) -> str:
    """How a run stands that nobody works on."""
    if forgotten is not None:
        return f"The people of this run were erased on {forgotten[:10]}. Its counts are kept."
    if not waiting:
        return "Over: no row is still to be called."
    rows = f"{counted(waiting, 'row')} {'waits' if waiting == 1 else 'wait'} to be called"
    return f"Stopped: {rows}." if begun else f"Not begun: {rows}."


def cure_words(by: EndedBy) -> str:
    """What a person can do about a run that was given up."""
    return _CURES[by]


def _about(until: datetime, now: datetime) -> str:
    seconds = max(0.0, (until - now).total_seconds())
    # To the minute: a page that moves each second says nothing more.
    return lasting(seconds) if seconds < 60 else lasting(seconds // 60 * 60).removesuffix(" 0 s")  # noqa: PLR2004 - a minute
