"""The suppression list and the schedules of a ledger. Whatever is given back was committed before."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaign.ledger.records.schedules import FiringRecord, Note, ScheduleDraft, ScheduleRecord
from campaign.ledger.records.suppression import Suppressed


class SuppressionReader(Protocol):
    """Who is not to be called, by any run at any service. Numbers are E.164, at most a thousand at a time."""

    def of(self, phones: Sequence[str]) -> Mapping[str, Suppressed]:
        """Of these numbers, those on the list.

        Raises:
            LedgerError: the list's key is not there.
        """

    def entries(self, *, most: int | None = None, removed: bool = False) -> list[Suppressed]:
        """The newest entries, oldest first; with `removed` also those that were taken off again."""

    def forgotten_forms(self, phones: Sequence[str]) -> Mapping[str, str]:
        """What stands in the ledger where one of these numbers was forgotten -> the number."""

    def words_hasher(self) -> Callable[[str], str] | None:
        """What a forgotten call's words are compared by; None when none was forgotten that could be known again."""


class SuppressionList(SuppressionReader, Protocol):
    """The list as it is kept."""

    def add(self, phones: Sequence[str], *, reason: str, source: str) -> list[bool]:
        """Puts numbers on the list; for each whether it is new there.

        Raises:
            LedgerError: it is not written, or the list's key is not there; none of them is on the list.
        """

    def remove(self, phone: str, *, reason: str) -> bool:
        """Takes a number off the list; whether it was on it.

        Raises:
            LedgerError: it is not written, or the list's key is not there.
        """


class ScheduleReader(Protocol):
    """What is to be fired when, and what became of each instant."""

    def all(self) -> list[ScheduleRecord]:
        """Those that are not removed, oldest first."""

    def last_firing(self, schedule_id: int, *, tried: bool = False) -> FiringRecord | None:
        """The firing of the latest instant; with `tried` the latest that was more than written down."""

    def open_firing(self, schedule_id: int) -> FiringRecord | None:
        """The firing that is under way, or was when its process died."""

    def firings(self, schedule_id: int) -> list[FiringRecord]:
        """All firings, by their instants."""


class FiringWriter(Protocol):
    """Writes down what becomes of instants."""

    def note(
        self, record: ScheduleRecord, *, after: datetime | None, notes: Sequence[Note], claim: datetime | None = None
    ) -> bool:
        """Writes down what instants came to, and claims one of them for this process; all of it or nothing.

        Args:
            record: the schedule, as it was looked at.
            after: its latest instant that was known.
            notes: instants that are over.
            claim: the instant to be fired.

        Returns:
            False if the schedule, or its instants, are not as they were: look again.
        """

    def take_over(self, left: FiringRecord) -> bool:
        """Makes this process the owner of a firing whose owner died; False if another one was faster."""

    def seen(self, firing_id: int) -> None:
        """Writes down that a firing of this process is alive: after a crash, what was just alive is gone on with."""

    def end(self, firing_id: int, *, state: str, exit_code: int | None = None, why: str | None = None) -> None:
        """Writes down how a firing of this process ended.

        Raises:
            LedgerError: it is another process's, or ended already.
        """


class Schedules(ScheduleReader, FiringWriter, Protocol):
    """Schedules and their firings; what is to be done about them is decided elsewhere."""

    def add(self, draft: ScheduleDraft) -> None:
        """Adds a schedule.

        Raises:
            UsageError: there is one of that name.
        """

    def pause(self, schedule_id: int, *, notes: Sequence[Note]) -> bool:
        """Pauses a schedule, and notes what is over; whether it was not paused."""

    def unpause(self, schedule_id: int, *, notes: Sequence[Note]) -> bool:
        """Lets a schedule fire again, and notes the instants of its pause; whether it was paused."""

    def remove(self, schedule_id: int) -> None:
        """Removes a schedule; its firings stay."""
