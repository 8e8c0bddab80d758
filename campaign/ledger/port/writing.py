"""The writing port: all writes of a ledger, by subject. Every method returns after its commit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.model import Contact
from campaign.domain.skip_reason import Skipped
from campaign.ledger.port.drafts import DraftWriter
from campaign.ledger.port.lists import Schedules, SuppressionList
from campaign.ledger.port.serving import Serving
from campaign.ledger.port.session import AccountLedger, HeldRun
from campaign.ledger.port.workers import RunControl, Workers
from campaign.ledger.records.lost_calls import CallFound, OpenSending, WaitingPerson
from campaign.ledger.records.outcomes import Looked, MadeCall, Rules
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.schedules import ScheduleRecord
from campaign.ledger.records.timetable import TimetableEntry


class Holder(Protocol):
    """Locks: one process to a run, and one to a schedule."""

    def hold(
        self, record: RunRecord, *, call_again_after: timedelta, most_per_day: int | None = None
    ) -> AbstractContextManager[HeldRun]:
        """Holds a run for this process: no other can dial it, and attempts that the last holder left open are settled.

        Raises:
            BusyError: another process holds it.
            UsageError: it was erased.
            LedgerError: the disk or the ledger fails; or the run's counts are not those of its rows.
        """

    def lock_run(self, record: RunRecord) -> AbstractContextManager[None]:
        """Keeps every other process from holding a run while the block lasts; changes nothing in it.

        Raises:
            BusyError: another process holds it.
        """

    def lock_schedule(self, record: ScheduleRecord) -> AbstractContextManager[None]:
        """Locks a schedule against every other process while the block lasts.

        If a schedule that can be locked has an open firing, a process that died left it.

        Raises:
            BusyError: another process, or another thread of this one, holds it.
        """


class RunWriter(Protocol):
    """Changes to a run that was published."""

    def note_results(self, run_id: int, path: Path) -> None:
        """Stores the path of the run's results file."""

    def note_clock(self, run_id: int, *, ahead: float | None, trusted: bool) -> None:
        """Records by how many seconds AICaller's clock is ahead of ours now; None when nothing is known of it.

        `trusted` says that our clock is taken for right all the same.
        """

    def replan(self, run_id: int, change: Callable[[str], str]) -> str:
        """Replaces a run's plan by one computed from the stored plan; returns the new one."""

    def adopt_plan(
        self, record: RunRecord, plan: str, *, moved: Callable[[], Iterable[tuple[int, Contact]]] | None
    ) -> None:
        """Replaces a run's plan for its waiting rows, in one transaction. The run must be locked.

        Args:
            record: the run.
            plan: the new one, as text.
            moved: makes the rows whose contact is another by it, with the ledger's numbers; all waiting rows lose
                their timetable entries. None where times stay.
        """

    def add_to_timetable(self, record: RunRecord, entries: Iterable[TimetableEntry]) -> None:
        """Adds timetable entries for rows that have none yet."""

    def plan_timetable(self, record: RunRecord, dues: Iterable[tuple[int, str]]) -> None:
        """Sets when waiting rows are due, by their number in the sheet; other waiting rows lose their planned time."""

    def skip_superseded(self, record: RunRecord) -> int:
        """Skips the held run's waiting rows that another run of its template has called since; returns how many."""

    def cancel(self, record: RunRecord, *, reason: str) -> int:
        """Skips all waiting rows of a run for good; returns how many. The run must be held.

        Raises:
            LedgerError: the ledger cannot be written. Nothing is changed then.
        """

    def forget(self, record: RunRecord, *, drop_waiting: bool) -> int:
        """Erases the personal data of a run for good; returns how many rows. The run must be held.

        With `drop_waiting`, rows that are still to be called are skipped first.

        Raises:
            LedgerError: rows are still to be called; or the ledger cannot be written. Nothing is changed then.
        """


class LookupWriter(Protocol):
    """Writes of the reconciliation of calls whose answers were lost; the run must be held.

    Each returns False, and changes nothing, where the row has moved since it was read.
    """

    def adopt(self, sending: OpenSending, found: CallFound) -> bool:
        """Makes an unknown row created; also False when another attempt has the call id."""

    def mark_not_called(self, sending: OpenSending, *, who: str) -> bool:
        """Makes an unknown row pending, since a person states that it was not called; not within two minutes."""

    def doubt(self, sending: OpenSending, *, reason: str, seen: Mapping[str, Any]) -> bool:
        """Makes a created or rejected row unknown, since the list shows that its ending was not what it seemed."""

    def flag(self, sending: OpenSending, *, reason: str, seen: Mapping[str, Any]) -> bool:
        """Records the evidence on a row that stays unknown."""

    def adopt_waiting(self, row: WaitingPerson, found: CallFound, *, run_id: int, service: str) -> bool:
        """Makes a waiting row created, by a call that another ledger made."""

    def doubt_waiting(
        self, row: WaitingPerson, *, reason: str, seen: Mapping[str, Any], run_id: int, service: str
    ) -> bool:
        """Makes a waiting row unknown, since several calls match it."""

    def skip_waiting(self, row: WaitingPerson, skipped: Skipped) -> bool:
        """Skips a waiting row, since the person was called from elsewhere."""


class OutcomeWriter(Protocol):
    """Writes call outcomes. Only `requeue`, which causes calls, requires the run to be held."""

    def note(
        self, call: MadeCall, outcome: CallOutcome, *, rules: Rules, is_named: bool = False, made_up: bool = False
    ) -> Looked:
        """Stores the result of polling a call; an opt-out goes onto the suppression list in the same transaction.

        Args:
            call: which.
            outcome: as it was read.
            rules: see there.
            is_named: the answer names the row's own number: a row that was in doubt for another's is created again.
            made_up: the answer says that it is a stand-in's. Without that, what is read on this machine may have come
                through a proxy of AICaller's, so an opt-out in it holds everywhere.

        Raises:
            LedgerError: it is not written, or the list's key is missing.
        """

    def note_unread(self, call: MadeCall, *, look_at: datetime) -> None:
        """Records that a call could not be read, and when it is polled next.

        Raises:
            LedgerError: it is not written.
        """

    def doubt(self, call: MadeCall, *, reason: str, look_at: datetime) -> bool:
        """Takes nothing from an answer that is another call's, and makes the created row unknown; when to poll next.

        A later answer that names this call makes the row created again.

        Returns:
            Whether the row is unknown by this; False where it has another call by now, or is in doubt already, or was,
            and a list has shown the call as this row's since.

        Raises:
            LedgerError: it is not written.
        """

    def requeue(self, rows: Sequence[tuple[int, str]]) -> None:
        """Requeues created rows, each given as (the ledger's number of the row, why). Their run must be held.

        Raises:
            LedgerError: another process moved one of them, or its call allows no other; none is moved.
        """


class LedgerWriter(Holder, RunWriter, Protocol):
    """All writes of a ledger.

    Attributes:
        control: what is wanted of runs.
        drafts: loaded, reviewed, and published as a run or as a round of one.
        lookups: the reconciliation of calls whose answers were lost.
        outcomes: the outcomes of calls.
        schedules: schedules and their firings.
        serving: what a page and an API keep; its parts read as well.
        suppression: the numbers that are not to be called.
        workers: the processes that dial.
    """

    control: RunControl
    drafts: DraftWriter
    lookups: LookupWriter
    outcomes: OutcomeWriter
    schedules: Schedules
    serving: Serving
    suppression: SuppressionList
    workers: Workers

    def account(self, *, service: str, team: str) -> AbstractContextManager[AccountLedger]:
        """Shares the pace of one account with all runs in all processes on this ledger, while the block lasts."""
