"""Parses a call as AICaller's API shows it, which is hostile input, into the outcome that is stored.

Any field may be absent, null, of another type, or enormous. What cannot be trusted is left out; nothing is repaired.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from campaign.aicaller.listed_call import read_instant, same_number
from campaign.domain.call_outcome import CallOutcome

LONGEST_STATUS = 64
LONGEST_VALUE = 5_000
MOST_VALUES = 100
_LONGEST_NAME = 100
_LONGEST_URL = 2_000
_LONGEST_DURATION = 7 * 24 * 3_600.0


def read_outcome(call: Mapping[str, Any], *, call_id: str) -> CallOutcome | None:
    """The outcome in a response; None if it is another call, or shows no status at all.

    Args:
        call: the `data` of the reply.
        call_id: the id that was asked for.
    """
    status = _word(call.get("status"))
    if call.get("_id") != call_id or status is None:
        return None
    extra = call.get("statusExtraInfo")
    more: Mapping[str, Any] = extra if isinstance(extra, Mapping) else {}
    return CallOutcome(
        call_id=call_id,
        status=status,
        status_code=_word(more.get("statusCode")),
        later_at=_instant(more.get("dateTime")),
        duration=_seconds(call.get("callDuration")),
        recording_url=_url(call.get("recordingUrl")),
        values=tuple(_values(call.get("resultValues"))),
        triggered_at=_instant(call.get("callTriggeredAt")),
        started_at=_instant(call.get("callStartedAt")),
        ended_at=_instant(call.get("callEndedAt")),
    )


def whose_else(call: Mapping[str, Any], *, call_id: str, phone: str, template: str) -> str | None:
    """What shows that an answer is another call's: the field that names another; None when no field does.

    Args:
        call: the `data` of the reply.
        call_id: the id that was asked for.
        phone: E.164, as it was called; a number that is erased here is not compared.
        template: the call template of the request.
    """
    if isinstance(other := call.get("_id"), str) and other != call_id:
        return "_id"
    said = call.get("toPhoneNumber")
    if said is not None and phone.startswith("+") and not names_number(call, phone=phone):
        return "toPhoneNumber"
    other = call.get("callTemplateId")
    return "callTemplateId" if isinstance(other, str) and other and other != template else None


def names_number(call: Mapping[str, Any], *, phone: str) -> bool:
    """Whether the call names this number, however it groups its digits."""
    said = call.get("toPhoneNumber")
    return isinstance(said, str) and same_number(said, phone)


def _word(value: Any) -> str | None:
    """A status or a code, cut to a length since it is shown, otherwise unchanged."""
    if not isinstance(value, str) or not value.strip():
        return None
    return value.strip()[:LONGEST_STATUS]


def _instant(value: Any) -> str | None:
    """UTC text in the ledger's format."""
    moment = read_instant(value)
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Compared before it becomes a float, which not every number can; NaN compares with nothing.
    return float(value) if 0 <= value <= _LONGEST_DURATION else None


def _url(value: Any) -> str | None:
    fits = isinstance(value, str) and len(value) <= _LONGEST_URL and value.startswith(("https://", "http://"))
    return value if fits and value.isascii() and value.isprintable() and " " not in value else None


def _values(found: Any) -> Iterator[tuple[str, str]]:
    """Collected values by column name; of two with one name the later counts."""
    if not isinstance(found, list):
        return
    named = dict[str, str]()
    for one in found[:MOST_VALUES]:
        if isinstance(one, Mapping) and isinstance(name := one.get("columnName"), str) and name.strip():
            named[_one_line(name)[:_LONGEST_NAME]] = _text(one.get("value"))
    yield from named.items()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:LONGEST_VALUE]
    try:
        return json.dumps(value, ensure_ascii=False)[:LONGEST_VALUE]
    except (ValueError, TypeError, RecursionError):
        return ""


def _one_line(name: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())
