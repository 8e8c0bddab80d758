"""Row history: `status RUN --why ROW` in words or as JSON; numbers and addresses masked unless asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from campaign.domain.instants import MOST_APART_SECONDS, to_text
from campaign.domain.model import NEVER_LEFT, RowState
from campaign.ledger.records.history import AttemptOutcome, ClockReading, History, Move, Sending
from campaign.presentation.calls_ahead import CANCEL, local_time
from campaign.presentation.masking import Mask
from campaign.presentation.wording import lasting
from campaign.usecases.watching.explain_row import ReadNumber, RowExplanation

MEANT: Mapping[RowState, str] = {
    RowState.PENDING: "it waits to be sent",
    RowState.RETRY_WAIT: "nothing of it was sent yet, and it waits for another try",
    RowState.SENDING: "it is on its way, or a crash has left it so: campaign resume settles it",
    RowState.CREATED: "AICaller has accepted the call",
    RowState.REJECTED: "AICaller refused the call: nobody was called; campaign rerun tries again",
    RowState.UNKNOWN: "what became of it is not known: the phone may have rung, so it is never sent again by itself",
    RowState.INVALID: "it cannot be called as it is",
    RowState.SKIPPED: "it could be called, and was left out",
}
_TOLD = {True: "told", False: "would be told"}
_UNPROVED = "the call was refused, not in AICaller's own words; campaign rerun looks it up, then tries again"
# The outcome of a call comes after the events that led to it, even within the same millisecond.
_AFTER = 1_000_000


def story_lines(why: RowExplanation, *, mask: Mask, meant: Mapping[RowState, str] = MEANT) -> Iterator[str]:
    """The history, one line per fact; `meant` says what each state means for the reader."""
    history, record = why.history, why.record
    yield f"run {record.name}, row {history.number} of {record.sheet}: {history.state.shown}: {_meant(history, meant)}"
    if why.forgotten is not None:
        yield f"  its people were forgotten on {why.forgotten[:10]}: whom it was to call is not known any more"
    elif history.contact is not None:
        yield f"  for: {mask(history.contact.name)}, {mask(history.contact.phone)}"
    if why.forgotten is None and history.contact is not None and history.contact.variables:
        said = ", ".join(f"{key} {mask(repr(value))}" for key, value in history.contact.variables)
        yield f"  {_TOLD[bool(history.sendings)]}: {said}"
    for one in why.numbers:
        read = f"read as {mask(one.phone)}" if one.phone else f"no number: {mask(one.note)}"
        how = f" ({mask(one.note)})" if one.phone and one.note else ""
        yield f"  number: column {one.column!r} says {mask(repr(one.cell))}, {read}{how}"
    if why.consent is not None:
        yield f"  consent: column {why.consent[0]!r} says {mask(repr(why.consent[1]))}"
    if not history.moves:
        yield f"  {record.created_at}  loaded as {history.state.shown}{_because(history.reason, mask)}"
    else:
        yield f"  {record.created_at}  loaded as pending"
    yield from (f"  {line}" for _, line in sorted(_timed(why, mask), key=lambda one: one[0]))
    yield from (f"  {line}" for line in _last_facts(why, mask))


def _last_facts(why: RowExplanation, mask: Mask) -> Iterator[str]:
    history = why.history
    if history.clock is not None:
        yield f"clock: {clock_words(history.clock)}"
    if why.suppressed is not None:
        yield f"now: {mask(str(why.suppressed))}"
    if why.rings_at is not None:
        word = "will ring" if history.call_id else "may ring"
        yield f"{word} at {local_time(why.rings_at)} ({to_text(why.rings_at)}); {CANCEL}"
    if why.cancelled is not None:
        yield f"its run was cancelled: nobody of it is called, or called back, any more ({mask(why.cancelled)})"
    for call in history.others:
        yield f"also called: {call.at} by run {call.run}, row {call.row}"
    if history.call_id:
        yield f"id: {history.call_id}"


def story_dict(why: RowExplanation, *, mask: Mask) -> Mapping[str, Any]:
    """The history as JSON values."""
    history = why.history
    return {
        "run": why.record.name,
        "row": history.number,
        "status": history.state.shown,
        "meaning": _meant(history, MEANT),
        "reason": history.reason and mask(history.reason),
        "skip_reason": history.skip_reason,
        "id": history.call_id,
        "clock": None
        if history.clock is None
        else {
            "at": history.clock.at,
            "aicaller_ahead_seconds": history.clock.ahead_seconds,
            "trusted": history.clock.trusted,
        },
        "rings_at": None if why.rings_at is None else to_text(why.rings_at),
        "phone": history.phone and mask(history.phone),
        "forgotten": why.forgotten,
        "told": None if history.contact is None else {key: mask(value) for key, value in history.contact.variables},
        "numbers": [_number(one, mask) for one in why.numbers],
        "consent": None if why.consent is None else {"column": why.consent[0], "says": mask(why.consent[1])},
        "attempts": [_attempt(one, mask) for one in history.sendings],
        "outcomes": [
            {
                "attempt": one.attempt,
                "looked_at": one.looked_at,
                "call_status": one.outcome.status,
                "status_code": one.outcome.status_code,
                "outcome": one.outcome.shown,
                "duration": one.outcome.duration,
            }
            for one in history.outcomes
        ],
        "mended": [
            {"at": one.at, "after_attempt": one.attempt, "columns": list(one.columns), "phone_before": mask(one.phone)}
            for one in history.mendings
        ],
        "moves": [
            {"at": m.at, "from": m.before.value, "to": m.after.value, "why": m.why and mask(m.why)}
            for m in history.moves
        ],
        "suppressed": None if why.suppressed is None else mask(str(why.suppressed)),
        "cancelled": why.cancelled and mask(why.cancelled),
        "also_called": [{"at": one.at, "run": one.run, "row": one.row} for one in history.others],
    }


def _meant(history: History, meant: Mapping[RowState, str]) -> str:
    last = history.sendings[-1].evidence if history.sendings else {}
    if history.state is RowState.REJECTED and last.get("proved") is False:
        return _UNPROVED if meant is MEANT else "the call was refused, not in AICaller's own words"
    return meant[history.state]


def clock_words(reading: ClockReading) -> str:
    """How this machine's clock and AICaller's stood to each other."""
    ahead = reading.ahead_seconds
    if ahead is None:
        return f"AICaller's was not known at {reading.at}"
    if abs(ahead) <= MOST_APART_SECONDS:
        return f"right, by AICaller's at {reading.at}"
    word = "ahead of" if ahead > 0 else "behind"
    trusted = ", which was trusted all the same (--trust-clock)" if reading.trusted else ""
    return f"AICaller's was {lasting(abs(ahead))} {word} this machine's at {reading.at}{trusted}"


def _number(one: ReadNumber, mask: Mask) -> Mapping[str, Any]:
    phone = None if one.phone is None else mask(one.phone)
    return {"column": one.column, "cell": mask(one.cell), "phone": phone, "note": mask(one.note)}


def _timed(why: RowExplanation, mask: Mask) -> Iterator[tuple[tuple[str, int], str]]:
    """(time, order within one instant; line)."""
    for place, one in enumerate(why.history.mendings):
        columns = ", ".join(repr(name) for name in one.columns)
        yield (one.at, place), f"{one.at}  corrected: {columns}; until then {mask(one.phone)} was to be called"
    for place, seen in enumerate(why.history.outcomes, _AFTER):
        yield (seen.looked_at, place), f"{seen.looked_at}  attempt {seen.attempt}: {_became(seen)}"
    sendings = {one.number: one for one in why.history.sendings}
    for place, move in enumerate(why.history.moves, len(why.history.mendings)):
        yield (move.at, place), f"{move.at}  {_moved(move, sendings.get(move.attempt), mask)}"


def _moved(move: Move, sending: Sending | None, mask: Mask) -> str:
    because = _because(move.why, mask)
    match move.after:
        case RowState.SENDING:
            to = f" to {mask(sending.phone)}" if sending and not sending.phone.startswith("#") else ""
            return f"attempt {move.attempt}: claimed, then sent{to}"
        case RowState.PENDING | RowState.RETRY_WAIT if move.before is not RowState.SENDING:
            return f"requeued{because}"
        case RowState.SKIPPED:
            return f"left out{because}"
        case _:
            word = _unsent(sending) if move.after in (RowState.PENDING, RowState.RETRY_WAIT) else move.after.value
            return f"attempt {move.attempt}: {word}{because}{_seen(sending, mask)}"


def _unsent(sending: Sending | None) -> str:
    """How an attempt ended that left its row waiting; that nothing was sent is said only where it is proved."""
    evidence = {} if sending is None else sending.evidence
    if evidence.get("proved") is False:
        return "refused on the way, as a rule before the request is passed on; looked up before it is sent again"
    return "nothing was sent" if evidence.get("cause") in NEVER_LEFT else "refused, no call was made"


def _seen(sending: Sending | None, mask: Mask) -> str:
    if sending is None:
        return ""
    parts = [f"status {sending.status}"] if sending.status is not None else []
    parts += [f"id {sending.call_id}"] if sending.call_id else []
    parts += [f"{key} {mask(str(value))}" for key, value in sending.evidence.items() if key not in ("status", "proved")]
    return f" [{', '.join(parts)}]" if parts else ""


def _attempt(one: Sending, mask: Mask) -> Mapping[str, Any]:
    return {
        "number": one.number,
        "phone": mask(one.phone),
        "claimed_at": one.claimed_at,
        "ended_at": one.ended_at,
        "outcome": one.outcome,
        "http_status": one.status,
        "delayed_until": one.delayed_until,
        "id": one.call_id,
        "evidence": {key: mask(str(value)) for key, value in one.evidence.items()},
    }


def _became(one: AttemptOutcome) -> str:
    outcome = one.outcome
    code = f" {outcome.status_code}" if outcome.status_code else ""
    lasted = f", {outcome.duration:g} s" if outcome.duration is not None else ""
    ended = f", ended {outcome.ended_at}" if outcome.ended_at else ""
    word = "still under way" if outcome.end is None else f"the call ended: {outcome.shown or 'answered'}"
    return f"{word} [{outcome.status}{code}{lasted}{ended}]"


def _because(reason: str | None, mask: Mask) -> str:
    return f": {mask(reason)}" if reason else ""
