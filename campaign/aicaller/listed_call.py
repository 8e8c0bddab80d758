"""Parses an entry of a list of calls, which is hostile input, into the fields that identify a call.

Any field may be absent, null, of another type, or enormous. What cannot be trusted is None; nothing is repaired.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from campaign.domain.api_schema import CallId
from campaign.domain.phone_line import line_of

Words = tuple[tuple[str, str], ...]
_ID: TypeAdapter[str] = TypeAdapter(CallId)
_LONGEST_INSTANT = 40
_LONGEST_NUMBER = 64
_MOST_VARIABLES = 1_000


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call as a list shows it; a field is None where the list does not say.

    Attributes:
        call_id: AICaller's.
        phone: the called number, as it is written there.
        name: `nameOfHuman`, as `same_text` writes it.
        variables: `promptVariableValues`, as `same_words` writes them.
        team: `teamId`.
        template: `callTemplateId`.
        created_at: by AICaller's clock.
        delayed_until: `callDelayedUntil`.
    """

    call_id: str
    phone: str | None = None
    name: str | None = None
    variables: Words | None = None
    team: str | None = None
    template: str | None = None
    created_at: datetime | None = None
    delayed_until: datetime | None = None


def read_listed(entry: Mapping[str, Any]) -> ListedCall | None:
    """The call in an entry; None if it has no valid id."""
    try:
        call_id = _ID.validate_python(entry.get("_id"))
    except ValidationError:
        return None
    name = _text(entry.get("nameOfHuman"))
    return ListedCall(
        call_id=call_id,
        phone=_number(entry.get("toPhoneNumber")),
        name=None if name is None else same_text(name),
        variables=_variables(entry.get("promptVariableValues")),
        team=_text(entry.get("teamId")),
        template=_text(entry.get("callTemplateId")),
        created_at=read_instant(entry.get("createdAt")),
        delayed_until=read_instant(entry.get("callDelayedUntil")),
    )


def same_number(one: str, other: str) -> bool:
    """Whether two numbers ring the same line, however their digits are grouped."""
    return line_of(f"+{_digits(one)}") == line_of(f"+{_digits(other)}")


def same_text(text: str) -> str:
    """A text in normal form for comparison: a server may trim what it stores, or compose its accents."""
    return unicodedata.normalize("NFC", text).strip()


def same_words(variables: Iterable[tuple[str, str]]) -> Words:
    """Variables in normal form for comparison: their order does not matter."""
    return tuple(sorted((same_text(key), same_text(value)) for key, value in variables))


def without(variables: Words | None, key: str | None) -> Words | None:
    """The variables without the one of that key, which is not spoken."""
    return None if variables is None else tuple(pair for pair in variables if pair[0] != key)


def read_instant(value: Any) -> datetime | None:
    """An aware instant in milliseconds; None for a time without a zone, which is ambiguous."""
    if not isinstance(value, str) or len(value) > _LONGEST_INSTANT:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _digits(number: str) -> str:
    return "".join(char for char in number[:_LONGEST_NUMBER] if char in "0123456789")


def _number(value: Any) -> str | None:
    """What can be a number, and asked for in a database: half a character of two cannot, nor one that is none."""
    text = _text(value)
    return text if text is not None and len(text) <= _LONGEST_NUMBER and text.isprintable() else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _variables(found: Any) -> Words | None:
    if not isinstance(found, list) or len(found) > _MOST_VARIABLES:
        return None
    pairs = []
    for one in found:
        key, value = (one.get("key"), one.get("value")) if isinstance(one, Mapping) else (None, None)
        if not isinstance(key, str) or not isinstance(value, str):
            return None
        pairs.append((key, value))
    return same_words(pairs)
