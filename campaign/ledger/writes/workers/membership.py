"""Membership: the worker row of this opening of a ledger, its heartbeat, and when a claim is too old to be sent.

    hold a run --> the row is there, and beats with the writer's commits --> let the last run go --> close: the row ends

The heartbeat is the writer's own: a process that waits for a person, or for a long list, is alive all the same. How old
a heartbeat or a claim is, is measured from before it was written, by a clock that goes on while the process is stopped:
a process that was stopped in between must not take an old one for new.
"""

import contextlib
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from campaign.domain.errors import LedgerError, TakenForDeadError
from campaign.domain.instants import to_text
from campaign.ledger.records.owner import new_owner
from campaign.ledger.records.workers import BEAT_SECONDS, LONGEST_CLAIM_SECONDS, LONGEST_SILENCE_SECONDS
from campaign.ledger.writes.group_commit import Writer, WriterUpkeep
from campaign.ledger.writes.workers.rows import beat, end, register


class Heartbeat(NamedTuple):
    """A heartbeat that is being written: when it was begun, and whose it is."""

    at: float
    owner: str


class Membership(WriterUpkeep):
    """The worker row of one opening of a ledger; it is there once a run is held.

    Attributes:
        owner: names it in the attempts; another one after it was taken for dead.
        name: for people.
        takes: the queue that it takes runs from, if it does.
        ended: whether it was taken for dead; then nothing is claimed any more.
    """

    def __init__(
        self,
        *,
        owner: str,
        writer: Writer,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        beats: bool = True,
    ) -> None:
        """Of one opening.

        Args:
            owner: of the opening.
            writer: of the ledger.
            now: the wall clock, aware.
            clock: seconds that also pass while the process is stopped, as `boot_seconds`.
            beats: whether others may take it for dead; not in a ledger that nobody else knows.
        """
        self.owner, self.ended = owner, False
        self.name = platform.node() or "this machine"
        self.takes: str | None = None
        self._writer, self._now, self._clock, self._beats = writer, now, clock, beats
        self._joined = False
        self._seen = self._steady_since = float("-inf")

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Begin the block with `join`, in a transaction that writes; from then on heartbeats are given, until `leave`.

        They go on after the block: who is on duty, and follows what it has called, is no less alive than who calls.
        """
        self._writer.upkeep = self
        yield

    def join(self, connection: Connection) -> Heartbeat:
        """Registers this start, or gives a heartbeat; one that was taken for dead begins anew, under another name.

        Returns:
            What to pass to `done` once it is committed.
        """
        seen, at = self._clock(), to_text(self._now())
        if self._joined and not self.ended and beat(connection, self.owner, at=at):
            return Heartbeat(seen, self.owner)
        owner = new_owner() if self._joined else self.owner
        register(connection, name=self.name, owner=owner, version=_version(), takes=self.takes, at=at)
        return Heartbeat(seen, owner)

    def done(self, given: Heartbeat | None) -> None:
        """A heartbeat is committed; None where there was no row on duty to give it."""
        if given is None:
            self.ended = True
        else:
            if given.at - self._seen > LONGEST_SILENCE_SECONDS:
                self._steady_since = given.at
            self.owner, self._seen, self._joined, self.ended = given.owner, given.at, True, False

    def due(self) -> Callable[[Connection], Heartbeat | None] | None:
        """The next heartbeat, where one is due; asked by the writer's thread between two groups."""
        beats = self._beats and self._joined and not self.ended
        return self._beat if beats and self._clock() - self._seen >= BEAT_SECONDS else None

    def leave(self) -> None:
        """Ends the row, if there is one; a ledger that cannot be written leaves it to others."""
        if self._joined and not self.ended:
            self._joined = False
            at = to_text(self._now())
            with contextlib.suppress(LedgerError):
                self._writer.do(lambda c: end(c, self.owner, by=self.owner, at=at))

    def trouble(self) -> LedgerError | None:
        """Why nothing can be claimed any more, if so."""
        return TakenForDeadError() if self.ended else None

    def steady_seconds(self) -> float:
        """For how long heartbeats were given without a gap that others could take for its end."""
        now = self._clock()
        return now - self._steady_since if self._joined and now - self._seen <= LONGEST_SILENCE_SECONDS else 0.0

    def promised(self) -> float:
        """The moment of a claim, taken before it is written."""
        return self._clock()

    def why_too_late(self, promised: float | None) -> str | None:
        """Why an attempt may not be sent any more; None while it may.

        Args:
            promised: of its claim; None for an attempt that was not claimed here.
        """
        now = self._clock()
        if promised is None:
            return "it was not claimed by this process"
        if (age := now - promised) > LONGEST_CLAIM_SECONDS:
            return f"its claim was {age:.0f} s old: this process was held up in between"
        if self._beats and (age := now - self._seen) > LONGEST_SILENCE_SECONDS:
            return f"this process gave no heartbeat for {age:.0f} s"
        return None

    def _beat(self, connection: Connection) -> Heartbeat | None:
        seen = self._clock()
        return Heartbeat(seen, self.owner) if beat(connection, self.owner, at=to_text(self._now())) else None


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - start-up: only who dials says which it is

    return version("campaign")
