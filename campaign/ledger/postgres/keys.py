"""Keys of the locks that transactions and sessions take by name: numbers that every process computes alike.

one bigint ....... a line, whichever ledger of the database claims or forbids a call to it
two integers ..... (what of which schema, which one of it): the ledger itself, a run, a schedule
"""

from collections.abc import Iterable
from enum import StrEnum
from hashlib import blake2b

from campaign.domain.phone_line import line_of

_BYTES_OF_LINE = 8
_POSITIVE = 2**31 - 1


class Locked(StrEnum):
    """What is locked beside lines."""

    LEDGER = "ledger"
    SCHEMA = "schema"
    RUN = "run"
    SCHEDULE = "schedule"


def keys_of_lines(numbers: Iterable[str]) -> list[int]:
    """The keys of the lines of these numbers (E.164), in the order in which all transactions take them."""
    return sorted({_key(line_of(number)) for number in numbers})


def class_of(what: Locked, schema: str) -> int:
    """The first of the two integers."""
    return _hash(f"campaign {what} {schema}") & _POSITIVE


def place_of(number: int) -> int:
    """The second, for one with this number in the ledger."""
    return number & _POSITIVE


def _key(line: str) -> int:
    return _hash(f"campaign line {line}")


def _hash(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=_BYTES_OF_LINE).digest(), signed=True)
