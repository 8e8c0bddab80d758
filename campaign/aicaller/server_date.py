"""Date of an answer: what AICaller's clock said, beside our clock of seconds at the request's start and at the answer.

An answer that a cache kept is older than its request: its Age says by how much. Without an Age it cannot be told from
another, so nothing here takes a Date for more than a lower bound: AICaller's clock said at least that by then.
"""

import email.utils
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_LENGTH = len("Tue, 01 Dec 2026 09:00:00 GMT")
_AGE = re.compile(r"[0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """When an answer was made, by both clocks.

    Attributes:
        said: AICaller's clock, seconds since 1970, whole and rounded down; None where the answer does not say.
        asked: the event loop's clock of seconds when the request began.
        answered: the same clock when the head of the answer had come.
    """

    said: float | None
    asked: float
    answered: float


OnAnswer = Callable[[AnswerTime], None]
"""Receives the time of every answer. It must not raise."""


def ignore_time(_answer: AnswerTime) -> None:
    """Ignores the times of answers, for a caller that compares no clocks."""


def answer_time(date: str | None, age: str | None, *, asked: float, answered: float) -> AnswerTime:
    """The time of an answer, from its headers Date and Age, which are hostile input."""
    return AnswerTime(_said(date, age), asked, answered)


def _said(date: str | None, age: str | None) -> float | None:
    # HTTP's one current form has this length; an older one, or two headers in one, have others.
    if date is None or len(date) != _LENGTH or (age is not None and not _AGE.fullmatch(age.strip())):
        return None
    made = _made(date)
    return None if made is None else made + int(age or 0)


@lru_cache(maxsize=4)  # The calls of one second have one date, and reading it costs as much as reading their answer.
def _made(date: str) -> float | None:
    try:
        made = email.utils.parsedate_to_datetime(date)
        # Without a zone it is no HTTP date.
        return None if made.tzinfo is None else made.timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
