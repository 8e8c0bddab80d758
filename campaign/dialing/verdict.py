"""What each ending of a POST proves: the one place that decides whether a row may ever be sent again.

    no connection was made ............................... NotSent      (a whitelist; see client.py)
    429; 503 with a valid Retry-After .................... NotSent      the server says that it took nothing
    a 4xx that refuses this request ...................... Rejected
    a 2xx that carries a sound id and the same number .... Created
    all else ............................................. Unknown      never sent again by itself

An answer after the first byte proves something only when the status line says so: a proxy may answer 502, 503 or 504
after the call was made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pydantic_core
from pydantic import ValidationError

from campaign.aicaller import CallReply
from campaign.dialing.retry_after import read_retry_after
from campaign.model import Cause, Created, NotSent, Outcome, Rejected, Unknown

REFUSALS = frozenset({400, 401, 402, 403, 404, 405, 410, 411, 413, 414, 415, 422, 431, 451})
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, as raw bytes.

    Attributes:
        status: of the status line.
        headers: lower-case names, text values.
        body: the bytes that arrived, undecoded.
        too_long: the body was longer than is read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """An ending without a whole answer, after bytes may have left.

    Attributes:
        what: the exception's class, or "deadline".
        detail: one line, without secrets.
        status: the status line, if one was seen before it ended.
    """

    what: str
    detail: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Unreached:
    """An ending before the first byte of the request left: proof that nothing was sent."""

    cause: Cause
    detail: str


Ending = Answer | Lost | Unreached


def judge(ending: Ending, *, phone: str, now: datetime) -> Outcome:
    """The outcome that an ending proves.

    Args:
        ending: how the POST ended.
        phone: E.164, as it was sent; an echo of another number is not this call's.
        now: the wall clock, aware, for a Retry-After that is a date.
    """
    match ending:
        case Unreached():
            return NotSent(cause=ending.cause, reason=ending.detail)
        case Lost():
            evidence = {"ended": ending.what, "detail": ending.detail}
            seen = f" after status {ending.status}" if ending.status else ""
            reason = f"the answer was lost{seen} ({ending.what})"
            return Unknown(reason=reason, evidence=evidence, status=ending.status)
        case Answer():
            return _judge_answer(ending, phone=phone, now=now)


def _judge_answer(answer: Answer, *, phone: str, now: datetime) -> Outcome:
    status = answer.status
    if 200 <= status <= 299:  # noqa: PLR2004 - the range has a name: success
        return _judge_success(answer, phone=phone)
    if status in REFUSALS:
        return Rejected(status=status, reason=f"{status}: {_message(answer.body) or 'refused without a reason'}")
    wait = read_retry_after(answer.headers.get("retry-after"), now=now)
    if status == 429:  # noqa: PLR2004 - a status code is its own name
        return NotSent(cause=Cause.LIMITED, reason="429: AICaller asks to go slower", retry_after=wait)
    if status == 503 and wait is not None:  # noqa: PLR2004 - likewise
        return NotSent(cause=Cause.UNAVAILABLE, reason="503: AICaller asks to wait", retry_after=wait)
    detail = _message(answer.body)
    reason = f"status {status} does not say whether the call was made" + (f": {detail}" if detail else "")
    return Unknown(reason=reason, evidence=_seen(answer), status=status)


def _judge_success(answer: Answer, *, phone: str) -> Outcome:
    def doubt(why: str) -> Unknown:
        return Unknown(reason=f"status {answer.status}, but {why}", evidence=_seen(answer), status=answer.status)

    if answer.too_long:
        return doubt("the answer is too long to be one")
    if answer.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return doubt("the answer is compressed, though none was asked for")
    try:
        reply = CallReply.model_validate_json(answer.body)
    except ValidationError as error:
        return doubt(f"the answer holds no sound call id ({error.errors(include_input=False)[0]['type']})")
    # A second answer on one connection, or a mixed-up server: this id is somebody else's.
    if reply.data.to_phone_number is not None and reply.data.to_phone_number != phone:
        return doubt("the answer names another phone number")
    return Created(call_id=reply.data.id, status=answer.status)


def _seen(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status, "body": printable(answer.body.decode("utf-8", "replace"))}


def _message(body: bytes) -> str:
    """What an error's body says, from the documented envelope or from what else is common; cut, and printable."""
    try:
        value: Any = pydantic_core.from_json(body)
    except ValueError:
        return ""
    for key in ("error", "message"):
        if isinstance(value, dict) and key in value:
            value = value[key]
    if isinstance(value, list):
        value = "; ".join(part for part in value if isinstance(part, str))
    return printable(value) if isinstance(value, str) else ""


def printable(text: str) -> str:
    """Cut to a length that fits a line, with every character escaped that could act on a terminal."""
    cut = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
