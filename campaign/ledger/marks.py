"""The mark of a request: what it carries that no other call to that number does, kept so that it can be known again."""

from typing import Any

import pydantic_core

from campaign.model import Attempt

_FIELD = "callDelayedUntil"


def mark_of(attempt: Attempt) -> dict[str, Any] | None:
    """The mark of an attempt as a row of its table; None when its request has none."""
    # Asked of every call that is made, so the body is read only where there can be one.
    if f'"{_FIELD}"'.encode() not in attempt.body:
        return None
    delayed_until = pydantic_core.from_json(attempt.body).get(_FIELD)
    if not isinstance(delayed_until, str):
        return None
    return {"row_id": attempt.row_id, "attempt": attempt.number, "delayed_until": delayed_until}
