"""Port for the suppression list and the schedules of a ledger. Every write returns after its commit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaign.ledger.records.schedules import FiringRecord, PassedInstant, ScheduleDraft, ScheduleRecord
from campaign.ledger.records.suppression import ListPage, Suppressed


class SuppressionReader(Protocol):
    """Reads the suppression list. Numbers are E.164, at most 1000 at a time.

    It binds all runs at all services, but for what was said in calls that rang nobody: that binds the runs of the same
    stand-in alone.
    """

    def of(self, phones: Sequence[str], *, service: str) -> Mapping[str, Suppressed]:
        """Those of these numbers that are on the list at that service; with an empty one, what holds everywhere.

        Raises:
            LedgerError: the list's key is missing.
        """

    def entries(self, *, most: int | None = None, removed: bool = False) -> list[Suppressed]:
        """The newest entries, oldest first; `removed` also includes entries that were removed since."""

    def page(self, *, limit: int, before: int | None = None, removed: bool = False) -> ListPage:
        """The newest entries, or the newest ones before that place of an earlier page; newest first."""

    def count_rehearsed(self) -> int:
        """Counts the entries that hold everywhere, though only calls to a stand-in asked for them."""

    def forgotten_forms(self, phones: Sequence[str]) -> Mapping[str, str]:
        """Maps the stored form of each erased number to the number itself."""

    def words_hasher(self) -> Callable[[str], str] | None:
        """The hash by which an erased call's content is compared; None when no erased call can be recognised."""


class SuppressionList(SuppressionReader, Protocol):
    """Adds to and removes from the suppression list."""

    def trust_key(self) -> None:
        """Sees to it that this machine has the list's key; makes it where there is none yet.

        Raises:
            LedgerError: it has not, or has another one: nobody on the list would be known again.
        """

    def add(self, phones: Sequence[str], *, reason: str, source: str) -> list[bool]:
        """Adds numbers to the list; returns for each whether it is new there.

        Raises:
            LedgerError: it is not written, or the list's key is missing; none of them is on the list.
        """

    def remove(self, phone: str, *, reason: str) -> bool:
        """Removes a number from the list; returns whether it was on it.

        Raises:
            LedgerError: it is not written, or the list's key is missing.
        """

    def remove_masked(self, last_digits: str, *, reason: str) -> int:
        """Removes the one entry with these last digits; returns how many there are: only a single one is removed."""

    def remove_rehearsed(self, *, reason: str) -> int:
        """Removes the entries that `count_rehearsed` counts; returns how many.

        Raises:
            LedgerError: it is not written, or the list's key is missing.
        """


class ScheduleReader(Protocol):
    """Reads schedules and their firings."""

    def all(self) -> list[ScheduleRecord]:
        """The schedules that are not removed, oldest first."""

    def last_firing(self, schedule_id: int, *, tried: bool = False) -> FiringRecord | None:
        """The firing of the latest instant; with `tried`, of the latest instant that was actually tried."""

    def open_firing(self, schedule_id: int) -> FiringRecord | None:
        """The open firing: under way, or left open by a process that died."""

    def firings(self, schedule_id: int) -> list[FiringRecord]:
        """All firings, ordered by instant."""


class FiringWriter(Protocol):
    """Records firings of schedules."""

    def note(
        self,
        record: ScheduleRecord,
        *,
        after: datetime | None,
        notes: Sequence[PassedInstant],
        claim: datetime | None = None,
    ) -> bool:
        """Records instants that are over and claims one for this process; all or nothing.

        Args:
            record: the schedule, as the caller last read it.
            after: the schedule's latest instant known to the caller.
            notes: instants that are over.
            claim: the instant to be fired.

        Returns:
            False if the schedule or its instants have changed since they were read: read them again.
        """

    def take_over(self, left: FiringRecord) -> bool:
        """Makes this process the owner of a firing whose owner died; False if another process did so first."""

    def seen(self, firing_id: int) -> None:
        """Heartbeat of this process's firing: after a crash, a firing with a recent heartbeat is continued."""

    def end(self, firing_id: int, *, state: str, exit_code: int | None = None, why: str | None = None) -> None:
        """Records how a firing of this process ended.

        Raises:
            LedgerError: it belongs to another process, or has already ended.
        """


class Schedules(ScheduleReader, FiringWriter, Protocol):
    """Adds, pauses and removes schedules; the scheduler decides what to fire."""

    def add(self, draft: ScheduleDraft) -> None:
        """Adds a schedule.

        Raises:
            UsageError: a schedule of that name exists.
        """

    def edit(
        self, record: ScheduleRecord, draft: ScheduleDraft, *, after: datetime | None, notes: Sequence[PassedInstant]
    ) -> bool:
        """Gives a schedule other settings, under its name; whether it is paused stays.

        Its timetable counts from this moment on, so the old one's instants until now are recorded as `notes`.

        Args:
            record: the schedule, as the caller last read it.
            draft: the new settings; its name is not looked at.
            after: the schedule's latest instant known to the caller.
            notes: instants of the old timetable that are over.

        Returns:
            False if the schedule or its instants have changed since they were read: read them again.
        """

    def pause(self, schedule_id: int, *, notes: Sequence[PassedInstant]) -> bool:
        """Pauses a schedule and records the given past instants; returns whether it was not paused before."""

    def unpause(self, schedule_id: int, *, notes: Sequence[PassedInstant]) -> bool:
        """Unpauses a schedule and records the instants of its pause; returns whether it was paused."""

    def remove(self, schedule_id: int) -> None:
        """Removes a schedule; its firings stay."""
