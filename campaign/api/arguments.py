"""Validates arguments of the API: an invalid value must never count as consent to call people."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal, TypeVar

from campaign.domain.errors import UnansweredError, UsageError
from campaign.usecases.check_sheet import Choices

T = TypeVar("T")

AnyPath = str | PathLike[str]
_FASTEST = 10_000
_MOST_IN_FLIGHT = 1_000


@dataclass(frozen=True, slots=True)
class Reading:
    """Options for reading a sheet that is ambiguous. None, or False, leaves a choice to detection by proof.

    Attributes:
        sheet_name: the workbook's sheet, where it has several.
        header_row: the number of the row that holds the columns' names; 1 is the first.
        no_header: the first row is a person; the columns are called `#1`, `#2`, ...
        encoding: of a text file that is not UTF-8, by Python's name for it.
        delimiter: between the columns of a text file; one character.
        hidden: whether a workbook's hidden and filtered rows are read.
        extra_field: where a text file's rows have a field more than its header: "end", or the number of the column that
            has a delimiter in it.
    """

    sheet_name: str | None = None
    header_row: int | None = None
    no_header: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    hidden: Literal["include", "skip"] | None = None
    extra_field: str | None = None

    def choices(self, *, max_rows: int | None) -> Choices:
        """Converts the options for the use cases.

        Raises:
            UsageError: an option has an invalid value.
        """
        return Choices(
            sheet=self.sheet_name,
            header_row=count("reading.header_row", self.header_row),
            no_header=flag("reading.no_header", self.no_header),
            encoding=self.encoding,
            delimiter=self.delimiter,
            hidden=one_of("reading.hidden", self.hidden, ("include", "skip")),
            extra_field=self.extra_field,
            max_rows=count("max_rows", max_rows),
        )


def consented(*, call_people: bool, sandbox: bool) -> None:
    """Requires exactly one to be True: people are called, or the stand-in is.

    Raises:
        UnansweredError: neither is True, or both are; nothing was sent.
    """
    if flag("call_people", call_people) == flag("sandbox", sandbox):
        which = "both are" if call_people else "neither is"
        raise UnansweredError(
            f"this rings people's phones with call_people=True, or nobody's with sandbox=True, and {which} said; "
            "nothing was sent",
            argument="call_people",
        )


def flag(name: str, value: object) -> bool:
    """Requires True or False, and refuses values that are merely truthy, such as "no".

    Raises:
        UsageError: it is neither.
    """
    if isinstance(value, bool):
        return value
    raise UsageError(f"{name}={value!r}: neither True nor False")


def count(name: str, value: Any) -> int | None:
    """Requires a whole number of 1 or more, or None.

    Raises:
        UsageError: it is none.
    """
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise UsageError(f"{name}={value!r}: not a whole number of 1 or more")


def in_flight_of(value: Any) -> int | None:
    """Requires a number of concurrent requests, or None.

    Raises:
        UsageError: it is none.
    """
    most = count("max_in_flight", value)
    if most is not None and most > _MOST_IN_FLIGHT:
        raise UsageError(f"max_in_flight={most}: more than {_MOST_IN_FLIGHT}, the most that a template may say")
    return most


def rate_of(name: str, value: Any) -> float | None:
    """Requires a rate per second, or None.

    Raises:
        UsageError: it is none.
    """
    if value is None:
        return None
    if isinstance(value, int | float) and math.isfinite(value) and 0 < value <= _FASTEST:
        return float(value)
    raise UsageError(f"{name}={value!r}: not a number of calls a second, above 0 and up to {_FASTEST}")


def one_of(name: str, value: T | None, answers: Sequence[T]) -> T | None:
    """Requires one of the answers, or None.

    Raises:
        UsageError: it is none of them.
    """
    if value is None or value in answers:
        return value
    raise UsageError(f"{name}={value!r}: write {' or '.join(map(repr, answers))}")


def texts(name: str, value: Sequence[Any]) -> tuple[str, ...]:
    """Requires a list of texts.

    Raises:
        UsageError: it is none; one text alone would be read as a list of its letters.
    """
    if isinstance(value, str) or not all(isinstance(one, str) and one for one in value):
        raise UsageError(f"{name}={value!r}: not a list of words")
    return tuple(value)


def text_of(name: str, value: Any) -> str | None:
    """Requires a text, or None.

    Raises:
        UsageError: it is none.
    """
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    raise UsageError(f"{name}={value!r}: not a text")


def seconds_of(name: str, value: Any) -> float:
    """Requires seconds, 0 or more.

    Raises:
        UsageError: it is no such number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0:
        return float(value)
    raise UsageError(f"{name}={value!r}: not a number of seconds")


def path_of(path: AnyPath | None) -> Path | None:
    """Converts the argument to a path."""
    return None if path is None else Path(fspath(path))
