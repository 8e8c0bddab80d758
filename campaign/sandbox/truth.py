"""Truth log: one JSON line for each phone that rang, on disk before a byte of the response leaves."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaign.domain.errors import UsageError


class TruthError(Exception):
    """The log cannot be written: a phone would ring without a record."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One phone that rang.

    Attributes:
        at: when, UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`.
        phone: E.164.
        id: the call's id, as the store has it, whatever the answer said.
        name: `nameOfHuman`.
        team: `teamId`.
        template: `callTemplateId`.
        variables: `promptVariableValues` as they came, key and value.
        fault: the fault that its answer met, or None.
        more: the request's other properties, webhook secrets left out.
    """

    at: str
    phone: str
    id: str
    name: str
    team: str
    template: str
    variables: tuple[tuple[str, str], ...]
    fault: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


class Truth:
    """The log, open for appending. `fsync` brings each line to the disk; None leaves that to the system."""

    def __init__(self, path: Path, *, fsync: Callable[[int], object] | None = os.fsync) -> None:
        self._path, self._fsync = path, fsync
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
            _drop_torn_end(path, self._handle)
        except OSError as error:
            raise UsageError(f"truth file {path}: {error.strerror}; name a file that can be written") from None
        except UsageError:
            os.close(self._handle)
            raise

    def write(self, ring: Ring) -> None:
        """Appends a ring; it survives a crash from when this returns.

        Raises:
            TruthError: it may not be.
        """
        line = json.dumps({name: getattr(ring, name) for name in _FIELDS}).encode() + b"\n"
        try:
            if os.write(self._handle, line) < len(line):
                raise TruthError(f"{self._path}: no room")
            if self._fsync is not None:
                self._fsync(self._handle)
        except OSError as error:
            raise TruthError(f"{self._path}: {error.strerror}") from error

    def close(self) -> None:
        """Closes the file."""
        os.close(self._handle)


def read_truth(path: Path) -> Iterator[Ring]:
    """The rings of a log, oldest first; an incomplete last line is ignored.

    Raises:
        UsageError: the file is no truth log.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                said = json.loads(line)
                variables = tuple((key, value) for key, value in said.pop("variables"))
                yield Ring(**said, variables=variables)
            except (ValueError, LookupError, TypeError, AttributeError):
                raise _foreign(path, number) from None


_FIELDS = tuple(Ring.__dataclass_fields__)
_START = b'{"at": "'


def _drop_torn_end(path: Path, handle: int) -> None:
    # A torn line was never answered, and the next one must not be glued to it; but no other program's file is cut.
    sound = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.startswith(_START[: len(line)]):
                raise _foreign(path, number)
            sound += len(line) if line.endswith(b"\n") else 0
    if sound < os.fstat(handle).st_size:
        os.ftruncate(handle, sound)


def _foreign(path: Path, number: int) -> UsageError:
    return UsageError(f"truth file {path}, line {number}: not a line of a truth log; name a new file, or a log")
