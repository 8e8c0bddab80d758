"""Parses a webhook request into hints: ids of calls to poll. Nothing else in it is trusted.

Payload, signature and retries of AICaller's webhooks are not documented, and any host may post here: an id that is not
one of ours is ignored by the poller, and the outcome of a call is read from AICaller alone.
"""

import hmac
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pydantic_core
from pydantic import TypeAdapter, ValidationError

from campaign.domain.api_schema import CallId

MOST_IDS = 20
_MOST_NODES = 2_000
_ID_KEYS = frozenset({"_id", "id", "callid", "phonecallid", "phonecall"})
_CALL_ID: TypeAdapter[str] = TypeAdapter(CallId)


@dataclass(frozen=True, slots=True)
class Hint:
    """The hint in a request that may be AICaller's.

    Attributes:
        ids: possible call ids; may be empty.
        is_genuine: False when it has a secret that is not ours.
    """

    ids: tuple[str, ...]
    is_genuine: bool


def read_hint(body: bytes, *, headers: Mapping[str, str], secret: str | None) -> Hint | None:
    """The hint in a request; None if its body is not JSON.

    Args:
        body: as it came; hostile.
        headers: names in small letters.
        secret: the webhook's, where it has one.
    """
    try:
        payload = pydantic_core.from_json(body)
    except ValueError:
        return None
    brought = [value for name, value in headers.items() if "secret" in name]
    ids = dict[str, None]()
    for key, value in _pairs(payload):
        if "secret" in key:
            brought.append(value)
        elif key in _ID_KEYS and len(ids) < MOST_IDS and _is_id(value):
            ids[value] = None
    # All of them are compared, each in constant time, so that timing does not reveal how much was right.
    fits = [hmac.compare_digest(value.encode("utf-8", "replace"), (secret or "").encode()) for value in brought]
    return Hint(tuple(ids), is_genuine=secret is None or all(fits))


def _pairs(payload: Any) -> Iterator[tuple[str, str]]:
    """The texts of a JSON value with their keys, outermost first, up to a maximum number of nodes."""
    waiting = deque([payload])
    seen = 0
    while waiting and seen < _MOST_NODES:
        node = waiting.popleft()
        seen += 1
        if isinstance(node, list):
            waiting.extend(node[:_MOST_NODES])
        elif isinstance(node, dict):
            for key, value in node.items():
                if isinstance(value, str):
                    yield "".join(char for char in key.casefold() if char.isalpha() or char == "_"), value
                elif isinstance(value, dict | list):
                    waiting.append(value)


def _is_id(text: str) -> bool:
    try:
        _CALL_ID.validate_python(text)
    except ValidationError:
        return False
    return True
