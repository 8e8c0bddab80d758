"""The reading port: all queries of a ledger, by subject. Instants in text are UTC, as the ledger writes them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.domain.model import Contact, RowState
from campaign.domain.result_row import ResultRow
from campaign.domain.skip_reason import SkipReason
from campaign.ledger.port.lists import SuppressionReader
from campaign.ledger.port.watching import WatchReader
from campaign.ledger.port.workers import WorkerReader
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.ledger.records.drafts import DraftRecord, LoadedRow
from campaign.ledger.records.earlier_calls import EarlierCall
from campaign.ledger.records.history import History
from campaign.ledger.records.lost_calls import OpenSending, RecordedCall, WaitingPerson
from campaign.ledger.records.outcomes import DueRow, MadeCall, OutcomeCounts
from campaign.ledger.records.reruns import FailedRow, RowPosition, Standing
from campaign.ledger.records.runs import RunRecord, SkippedRows, WaitingRow
from campaign.ledger.records.timetable import TimedRow, TimetableEntry
from campaign.timing.account_rate import AccountPace


class RunReader(Protocol):
    """Reads runs: which exist, and when they last claimed a call.

    Attributes:
        watch: what pages of runs show again and again.
        workers: who dials them, and what is wanted of them.
    """

    watch: WatchReader
    workers: WorkerReader

    def all(self) -> list[RunRecord]:
        """All runs, oldest first."""

    def find(self, name: str) -> RunRecord | None:
        """The run with that name."""

    def last_claim(self, run_id: int) -> datetime | None:
        """When the run last claimed a call."""

    def forgotten_at(self, run_id: int) -> str | None:
        """When the run was erased; None when it was not."""


class DraftReader(Protocol):
    """Reads drafts: what was loaded, and is no run yet."""

    def all(self) -> list[DraftRecord]:
        """The drafts that are loading or ready, oldest first."""

    def find(self, token: str) -> DraftRecord | None:
        """The draft with that token, in any state."""

    def header(self, run_id: int) -> tuple[str, ...]:
        """The columns of a draft's sheet."""

    def row(self, run_id: int, number: int) -> LoadedRow | None:
        """The row of a draft's sheet with that number; None when it has none."""

    def rows(
        self,
        run_id: int,
        state: RowState,
        *,
        reason: SkipReason | None = None,
        containing: Sequence[str] = (),
        after: int = 0,
        most: int,
    ) -> list[LoadedRow]:
        """The rows of a draft's sheet in that state, in the sheet's order, at most so many.

        Args:
            run_id: the draft's.
            state: of the rows.
            reason: of skipped rows, only those with this code.
            containing: only those whose reason has all of these parts, in this order.
            after: the ledger's number of the last row of the page before.
            most: the size of a page.
        """


class RowReader(Protocol):
    """Reads a run's rows: their states, which wait, and the history of each."""

    def count_states(self, run_id: int) -> Mapping[RowState, int]:
        """Counts the run's rows by state."""

    def count_reasons(self, run_id: int, state: RowState) -> Iterator[tuple[str, int]]:
        """Counts the rows in that state by reason, the most frequent first."""

    def count_skipped(self, run_id: int) -> list[SkippedRows]:
        """Counts the skipped rows by reason code, the most frequent first."""

    def count_waiting(self, run_id: int, *, from_round: int) -> int:
        """Counts the rows that may be sent, in this round of reruns or a later one."""

    def waiting(self, run_id: int, *, from_round: int) -> Iterator[WaitingRow]:
        """The rows that may be sent, in the sheet's order, read lazily, a page at a time."""

    def callable(self, run_id: int) -> Iterator[WaitingRow]:
        """The rows that may be called, now or by a rerun or a retry, in the sheet's order, read a page at a time."""

    def results(self, run_id: int, *, settled_only: bool = False) -> Iterator[ResultRow]:
        """The run's rows as the results show them, in the sheet's order, read a page at a time.

        Args:
            run_id: the run's number.
            settled_only: leave out the rows that still wait.
        """

    def results_of(self, row_ids: Sequence[int]) -> dict[int, ResultRow]:
        """Rows of any runs as the results show them, by their ids in the ledger; a few hundred at most."""

    def history(self, run_id: int, number: int) -> History | None:
        """The history of the run's row with that number; None when it has none."""


class RerunReader(Protocol):
    """Reads for a rerun: rows that failed, and which run and rows a results file belongs to."""

    def failed(self, run_id: int) -> Iterator[FailedRow]:
        """The run's rows that may be called again, in the sheet's order, read a page at a time."""

    def numbers_taken(self, run_id: int, phones: Sequence[str]) -> dict[str, int]:
        """Those of these numbers that a row of the run has, or had before a correction: number -> the sheet's row."""

    def standings(self, run_id: int, numbers: Collection[int]) -> dict[int, Standing]:
        """The standing of these rows of the run, by row number; at most 1000 per query."""

    def cells(self, run_id: int, numbers: Sequence[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
        """(status, cells) of these rows of the run, by row number; at most 1000 per query."""

    def positions_of_ids(self, ids: Collection[str]) -> dict[str, RowPosition]:
        """The run and row of each of these call ids; at most 1000 per query."""

    def sent_at(self, run_id: int, instants: Collection[str]) -> set[tuple[int, str]]:
        """(row number, instant) of the run's attempts claimed at one of these instants; at most 1000 per query."""


class EarlierCallReader(Protocol):
    """Reads earlier calls: recent ones, all under the same template, and those ahead.

    A call is ahead when it was submitted with a time to ring at that has not come. The stand-in's ring nowhere.
    """

    def any_called_since(self, *, service: str, since: str) -> bool:
        """Whether any number was called, or is being called, since the given instant."""

    def called_since(self, phones: Sequence[str], *, service: str, since: str) -> dict[str, tuple[str, str]]:
        """Those of these numbers called, or being called, since the given instant: number -> (when, by which run)."""

    def any_calls_under(self, *, service: str, template_fingerprint: str) -> bool:
        """Whether any run of this service and template has made a call."""

    def calls_under(self, phones: Sequence[str], *, service: str, template_fingerprint: str) -> list[EarlierCall]:
        """The calls to these numbers by any run of this service and template, oldest first."""

    def count_called(self, run_id: int) -> int:
        """Counts the rows of a run that were called, or may have been."""

    def unfollowed_runs(self, *, service: str, before: str) -> Mapping[int, str]:
        """The service's runs with open calls that were last looked at, or made, before then: run's number -> name."""

    def unfollowed(
        self, phones: Sequence[str], *, service: str, before: str, of_runs: Mapping[int, str]
    ) -> Mapping[str, str]:
        """Those of these numbers (at most 1000) that such a call of these runs was made to: number -> run."""

    def ahead_to(self, phones: Sequence[str], *, at: datetime) -> list[CallAhead]:
        """The calls ahead to these numbers, of any run, erased ones included; the next to ring first."""

    def ahead_of_run(self, run_id: int, *, at: datetime, most: int) -> tuple[int, list[CallAhead]]:
        """(how many calls of the run are ahead, the next of them to ring)."""


class TryReader(Protocol):
    """Reads attempts for the comparison with AICaller's list: whatever their ending says, the list may know better."""

    def of_lines(self, run_id: int, phones: Collection[str], *, service: str) -> list[OpenSending]:
        """All attempts of the run's rows to these numbers' lines, each row's in their order, however they ended."""

    def created_as(self, run_id: int, call_ids: Collection[str]) -> list[OpenSending]:
        """The attempts of the run's created rows that have one of these ids."""

    def last_unproved(self, run_id: int) -> str | None:
        """When the latest refusal ended that a box on the way may have said, of the run's waiting rows."""


class LostCallReader(Protocol):
    """Reads the evidence on calls whose answers were lost: sendings, call ids, neighbouring calls.

    Attributes:
        tries: all attempts of rows, whatever their ending says.
    """

    tries: TryReader

    def unknown(self, run_id: int) -> list[OpenSending]:
        """The run's rows whose answers were lost, in the sheet's order."""

    def open_sendings(self, phones: Collection[str], *, service: str) -> list[OpenSending]:
        """All sendings to these numbers, of any run at this service, whose ending is not known."""

    def phones_of_run(self, run_id: int, phones: Collection[str]) -> set[str]:
        """Those of these numbers that rows of the run have."""

    def known_ids(self, call_ids: Collection[str]) -> set[str]:
        """Those of these ids that the ledger has."""

    def waiting_people(self, run_id: int, phones: Collection[str]) -> list[WaitingPerson]:
        """The run's waiting rows that have one of these numbers."""

    def recorded(self, run_id: int, call_ids: Collection[str]) -> list[RecordedCall]:
        """The run's calls among these ids."""

    def last_recorded(self, run_id: int, *, before: str, most: int) -> list[RecordedCall]:
        """The run's latest calls that this ledger sent before the given instant, newest first, without adopted ones."""

    def neighbours(self, run_id: int, claimed_at: str) -> tuple[str | None, str | None]:
        """The ids of the run's calls, sent by this ledger, claimed last before and first after the given instant."""


class OutcomeReader(Protocol):
    """Reads call outcomes: which calls are to be polled, which rows may be called again, how calls ended."""

    def due(
        self, run_id: int, *, at: datetime, first_after: timedelta, most: int, only: Sequence[str] | None = None
    ) -> list[MadeCall]:
        """The run's calls that are due to be polled, the longest overdue first.

        Args:
            run_id: the run's number.
            at: now.
            first_after: how long after its claim a call is first polled.
            most: the maximum number of calls returned.
            only: the ids of the calls that matter; None for all.
        """

    def next_due(self, run_id: int, *, first_after: timedelta, only: Sequence[str] | None = None) -> datetime | None:
        """When a call of the run is next due to be polled; None when none is."""

    def find(self, call_ids: Sequence[str], *, service: str) -> list[MadeCall]:
        """Those of these ids (a few hundred at most) whose calls were made at this service and may still be polled."""

    def to_call_again(self, run_id: int, *, at: datetime, ends: Sequence[CallEnd] | None = None) -> list[DueRow]:
        """The run's created rows whose latest call allows another, in the sheet's order.

        Args:
            run_id: the run's number.
            at: now: the end of the 24-hour window that is counted.
            ends: only calls that ended in one of these ways, whatever the rules say; None for those due by the rules.
        """

    def next_call_again(self, run_id: int, *, after: datetime) -> datetime | None:
        """The next instant after the given one at which the rules make a row of the run due for another call."""

    def all(self, run_id: int) -> Iterator[tuple[int, int, CallOutcome]]:
        """The outcome of each polled call of the run: (the sheet's row, its attempt, the outcome), in order."""

    def count(self, run_id: int, *, only: Sequence[str] | None = None) -> OutcomeCounts:
        """Counts the run's calls by outcome, including those of earlier attempts."""

    def was_followed(self, run_id: int) -> bool:
        """Whether any call of the run was ever polled."""

    def value_names(self, run_id: int) -> tuple[str, ...]:
        """The names of all values collected in the run's calls, in order of first appearance."""


class TimetableReader(Protocol):
    """Reads a run's timetable: when rows are due, and which calling hours apply to them."""

    def contacts_waiting(self, run_id: int) -> Iterator[Contact]:
        """The contacts of all waiting rows of a run, which may still be loading, in the sheet's order."""

    def contacts_without_entry(self, run_id: int) -> Iterator[tuple[int, Contact]]:
        """(row id, contact) of the waiting rows without a timetable entry, in the sheet's order."""

    def entries_waiting(self, run_id: int, *, from_round: int = 0) -> Iterator[TimetableEntry]:
        """The timetable entries of the waiting rows, in the sheet's order."""

    def count_entries(self, run_id: int) -> int:
        """Counts the rows of the run that request no time of their own: those that a stagger spreads."""

    def last_asked(self, run_id: int) -> str | None:
        """The latest time that a waiting row requests; None if none does."""

    def count_places(self, run_id: int, *, from_round: int) -> list[tuple[str, bool, int]]:
        """Counts waiting rows by zone: (zone key, whether its rows have a requested or planned time, how many wait)."""

    def rows_of_place(self, run_id: int, place: str, *, dated: bool, from_round: int) -> Iterator[TimedRow]:
        """A zone's waiting rows, read a page at a time: those with a time, ordered by it, or those without one."""

    def taken_times(self, run_id: int) -> set[str]:
        """All times at which rows of the run are due, or with which its calls were sent."""


class AccountReader(Protocol):
    """Reads the state that all runs of one account share."""

    def pace(self, *, service: str, team: str) -> AccountPace:
        """The pace as last committed."""


class LedgerReader(Protocol):
    """All queries of a ledger. A result reflects what is committed when the query runs."""

    runs: RunReader
    drafts: DraftReader
    rows: RowReader
    reruns: RerunReader
    earlier: EarlierCallReader
    lost: LostCallReader
    outcomes: OutcomeReader
    timetable: TimetableReader
    accounts: AccountReader
    suppression: SuppressionReader
