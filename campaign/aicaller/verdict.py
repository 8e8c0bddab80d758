"""Verdict: what each ending of a POST proves. The only place that decides whether a row may be sent again.

    no connection was made ............................... NotSent      (a whitelist; see client.py)
    429; 503 in AICaller's own words, with Retry-After ... NotSent      they say that nothing was taken
    401, 402, 403; a 404 of the template ................. NotSent      the account's trouble: the run stops
    another 4xx that refuses this request ................ Rejected
    a 2xx that carries a sound id and the same number .... Created
    all else ............................................. Unknown      never sent again automatically

`endings.py` has the whole table, and says of each row who could have sent it. The question behind every row is: could
a box between us (proxy, cache, CDN, firewall, captive portal) have said this after the call was made?
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pydantic_core
from pydantic import ValidationError

from campaign.aicaller.retry_after import read_retry_after
from campaign.domain.api_schema import CallReply
from campaign.domain.model import Cause, Created, NotSent, Outcome, Rejected, Unknown
from campaign.domain.phone_line import line_of

ACCOUNT_REFUSALS = frozenset({401, 402, 403})
REFUSALS = ACCOUNT_REFUSALS | {400, 404, 405, 410, 411, 413, 414, 415, 422, 431, 451}
# A 404 that speaks of one of these repeats for every row.
_OF_ACCOUNT = re.compile(r"\b(?:call)?_?(?:template|team)(?:_?id)?s?\b", re.IGNORECASE)
_SHOWN = 300
_SECRET_FIELD = re.compile(r'("secret"\s*:\s*")(?:[^"\\]|\\.)*')


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response, as raw bytes.

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
    """An ending without a complete response, after bytes may have left.

    Attributes:
        what: the exception's class, or "deadline".
        detail: what more is known.
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


def judge(ending: Ending, *, phone: str, now: datetime, secrets: Collection[str]) -> Outcome:
    """The outcome that an ending proves.

    Args:
        ending: how the POST ended.
        phone: E.164, as it was sent; an echo of another number is not this call's.
        now: the wall clock, aware, for a Retry-After that is a date.
        secrets: what must not stand in any outcome, though an answer may repeat it.
    """
    match ending:
        case Unreached():
            return NotSent(cause=ending.cause, reason=shown(ending.detail, secrets))
        case Lost():
            evidence = {"ended": ending.what, "detail": shown(ending.detail, secrets)}
            seen = f" after status {ending.status}" if ending.status else ""
            reason = f"the answer was lost{seen} ({ending.what})"
            return Unknown(reason=reason, evidence=evidence, status=ending.status)
        case Answer():
            return _judge_answer(ending, phone=phone, now=now, secrets=secrets)


def _judge_answer(answer: Answer, *, phone: str, now: datetime, secrets: Collection[str]) -> Outcome:
    status = answer.status
    if 200 <= status <= 299:  # noqa: PLR2004 - the range has a name: success
        return _judge_success(answer, phone=phone, secrets=secrets)
    detail = _message(answer.body, secrets)
    if status in REFUSALS:
        return _judge_refusal(answer, detail, phone=phone)
    wait = read_retry_after(answer.headers.get("retry-after"), now=now)
    if status == 429:  # noqa: PLR2004 - a status code is its own name
        # In any dress: limiters, those of edges included, answer before they pass a request on.
        return NotSent(Cause.LIMITED, reason="429: AICaller asks to go slower", retry_after=wait, status=status)
    if status == 503 and wait is not None and is_own_error(answer):  # noqa: PLR2004 - likewise
        return NotSent(Cause.UNAVAILABLE, reason="503: AICaller asks to wait", retry_after=wait, status=status)
    reason = f"status {status} does not say whether the call was made" + (f": {detail}" if detail else "")
    return Unknown(reason=reason, evidence=_seen(answer, secrets), status=status)


def is_own_error(answer: Answer) -> bool:
    """Whether an error is in AICaller's documented envelope, whole: no stock page of a box between us looks like it."""
    encoding = answer.headers.get("content-encoding", "identity").lower()
    if answer.too_long or encoding not in ("", "identity"):
        return False
    try:
        said: Any = pydantic_core.from_json(answer.body)
    except ValueError:
        return False
    error = said.get("error") if isinstance(said, dict) and "payload" in said else None
    if not isinstance(error, dict) or not isinstance(error.get("error"), str):
        return False
    status, message = error.get("statusCode"), error.get("message")
    texts = message if isinstance(message, list) else [message]
    return status == answer.status and all(isinstance(text, str) for text in texts)


def _judge_refusal(answer: Answer, detail: str, *, phone: str) -> Outcome:
    status, own = answer.status, is_own_error(answer)
    said = f"{status}: {detail or 'refused without a reason'}"
    if not own:
        said += " (not in AICaller's own words: a proxy or a filter on the way may have said it)"
    of_account = status in ACCOUNT_REFUSALS and not (own and _names_the_number(detail, phone))
    if of_account or (status == 404 and own and _OF_ACCOUNT.search(detail)):  # noqa: PLR2004 - its own name
        return NotSent(Cause.ACCOUNT, reason=said, status=status, proved=own)
    return Rejected(status=status, reason=said, proved=own)


def _names_the_number(detail: str, phone: str) -> bool:
    """Whether a refusal speaks of this row's number: then it is the row's own, and no other row meets it."""
    digits = "".join(char for char in detail if char in "0123456789")
    return "toPhoneNumber" in detail or phone.removeprefix("+") in digits


def _judge_success(answer: Answer, *, phone: str, secrets: Collection[str]) -> Outcome:
    def doubt(why: str) -> Unknown:
        evidence = _seen(answer, secrets)
        return Unknown(reason=f"status {answer.status}, but {why}", evidence=evidence, status=answer.status)

    if answer.too_long:
        return doubt("the answer is too long to be one")
    if answer.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return doubt("the answer is compressed, though none was asked for")
    try:
        reply = CallReply.model_validate_json(answer.body)
    except ValidationError as error:
        return doubt(f"the answer holds no sound call id ({error.errors(include_input=False)[0]['type']})")
    # A second answer on one connection, or a mixed-up server: this id belongs to another call.
    if reply.data.to_phone_number is not None and line_of(reply.data.to_phone_number) != line_of(phone):
        return doubt("the answer names another phone number")
    return Created(call_id=reply.data.id, status=answer.status)


def _seen(answer: Answer, secrets: Collection[str]) -> dict[str, Any]:
    return {"status": answer.status, "body": shown(answer.body.decode("utf-8", "replace"), secrets)}


def _message(body: bytes, secrets: Collection[str]) -> str:
    """The error message in a response body, from the documented envelope or a common one; cut, and printable."""
    try:
        value: Any = pydantic_core.from_json(body)
    except ValueError:
        return ""
    if isinstance(value, dict) and isinstance(value.get("error"), dict):
        value = value["error"]
    # Without the envelope, `error` is only the status in words; `message` says what is wrong.
    if isinstance(value, dict):
        value = value.get("message") or value.get("error")
    if isinstance(value, list):
        value = "; ".join(part for part in value if isinstance(part, str))
    return shown(value, secrets) if isinstance(value, str) else ""


def shown(text: str, secrets: Collection[str]) -> str:
    """Foreign text made safe for one line: secrets removed, cut, terminal control characters escaped."""
    hushed = _SECRET_FIELD.sub(r"\1***", text)
    # A raw body holds a secret as JSON writes it.
    forms = {form for secret in secrets if secret for form in (secret, *_as_json(secret))}
    for form in sorted(forms, key=len, reverse=True):
        hushed = hushed.replace(form, "***")
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in hushed[:_SHOWN])
    is_cut = len(hushed) > _SHOWN or len(safe) > _SHOWN
    return safe[:_SHOWN] + "…" if is_cut else safe


def _as_json(text: str) -> tuple[str, str]:
    return json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]
