"""What can be told to a ledger, by subject. Whatever is given back was committed before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.skip_reason import Skipped
from campaign.ledger.port.drafts import DraftWriter
from campaign.ledger.port.lists import Schedules, SuppressionList
from campaign.ledger.port.session import AccountLedger, HeldRun
from campaign.ledger.records.lost_calls import CallFound, OpenSending, WaitingPerson
from campaign.ledger.records.outcomes import Looked, MadeCall, Rules
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.schedules import ScheduleRecord
from campaign.ledger.records.timetable import Entry


class Holder(Protocol):
    """One process to a run, and one to a schedule."""

    def hold(
        self, record: RunRecord, *, call_again_after: timedelta, most_per_day: int | None = None
    ) -> AbstractContextManager[HeldRun]:
        """Holds a run for this process: no other can dial it, and what the last holder left open is settled.

        Raises:
            BusyError: another process holds it.
            UsageError: its people were forgotten.
            LedgerError: the disk or the ledger is in trouble.
        """

    def lock_run(self, record: RunRecord) -> AbstractContextManager[None]:
        """Keeps every other process from holding a run while the block lasts; nothing of it is changed.

        Raises:
            BusyError: another process holds it.
        """

    def lock_schedule(self, record: ScheduleRecord) -> AbstractContextManager[None]:
        """Keeps every other process from seeing to a schedule while the block lasts.

        An open firing of a schedule that can be locked was left by a process that died.

        Raises:
            BusyError: another process, or another thread of this one, sees to it.
        """


class RunWriter(Protocol):
    """Changes to a run that was published."""

    def note_results(self, run_id: int, path: Path) -> None:
        """Remembers where the run's results file is."""

    def replan(self, run_id: int, change: Callable[[str], str]) -> str:
        """Writes down another plan for a run, made of the one that stands there; returns it."""

    def add_to_timetable(self, record: RunRecord, entries: Iterable[Entry]) -> None:
        """Writes the timetable's entries of rows that have none yet."""

    def plan_timetable(self, record: RunRecord, dues: Iterable[tuple[int, str]]) -> None:
        """Writes when the waiting rows are due, by their number in the sheet; the others that wait are due no more."""

    def leave_to_later_runs(self, record: RunRecord) -> int:
        """Skips the run's waiting rows that another run of its template has called since; how many. It must be held."""

    def forget(self, record: RunRecord, *, drop_waiting: bool) -> int:
        """Takes the people out of a run for good; of how many rows. The run must be held.

        With `drop_waiting`, rows that are still to be called are skipped before.

        Raises:
            LedgerError: rows are still to be called; or the ledger cannot be written, and all is as it was.
        """


class LookupWriter(Protocol):
    """Writes what a lookup found out about calls whose answers were lost; the run must be held.

    Each is False where the row does not stand any more as it was seen, and nothing is changed then.
    """

    def adopt(self, sending: OpenSending, found: CallFound) -> bool:
        """Makes an unknown row created; False also when the id is another's."""

    def say_uncalled(self, sending: OpenSending, *, who: str) -> bool:
        """Makes an unknown row pending, on a person's word."""

    def flag(self, sending: OpenSending, *, reason: str, seen: Mapping[str, Any]) -> bool:
        """Writes down what was seen of a row that stays unknown."""

    def adopt_waiting(self, row: WaitingPerson, found: CallFound, *, run_id: int, service: str) -> bool:
        """Makes a waiting row created, by a call that another ledger made."""

    def doubt_waiting(
        self, row: WaitingPerson, *, reason: str, seen: Mapping[str, Any], run_id: int, service: str
    ) -> bool:
        """Makes a waiting row unknown, since several calls could be its own."""

    def skip_waiting(self, row: WaitingPerson, skipped: Skipped) -> bool:
        """Skips a waiting row, since somebody else called the person."""


class OutcomeWriter(Protocol):
    """Writes what became of calls. No hold on their run is needed, but for `requeue`, which lets phones ring."""

    def note(self, call: MadeCall, outcome: CallOutcome, *, rules: Rules) -> Looked:
        """Writes down what a look at a call brought; an opt-out is on the suppression list with it.

        Raises:
            LedgerError: it is not written, or the list's key is not there.
        """

    def note_unread(self, call: MadeCall, *, look_at: datetime) -> None:
        """Writes down that a call could not be read, and when it is looked at again.

        Raises:
            LedgerError: it is not written.
        """

    def requeue(self, rows: Sequence[tuple[int, str]]) -> None:
        """Makes created rows pending again: (the ledger's number of the row, why). Their run must be held.

        Raises:
            LedgerError: one of them was moved by somebody else, or its call leaves no room for another; none is moved.
        """


class LedgerWriter(Holder, RunWriter, Protocol):
    """All that can be told to a ledger.

    Attributes:
        drafts: what is loaded, looked at, and published as a run or as a round of one.
        lookups: what was found out about calls whose answers were lost.
        outcomes: what became of calls.
        schedules: what is to be fired when, and what became of each instant.
        suppression: who is not to be called.
    """

    drafts: DraftWriter
    lookups: LookupWriter
    outcomes: OutcomeWriter
    schedules: Schedules
    suppression: SuppressionList

    def account(self, *, service: str, team: str) -> AbstractContextManager[AccountLedger]:
        """The pace that all runs of one account share, in all processes with this ledger, while the block lasts."""
