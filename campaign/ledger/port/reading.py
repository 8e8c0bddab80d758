"""What can be asked of a ledger, by subject. Instants in text are UTC, as the ledger writes them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.domain.model import Contact, ResultRow, RowState
from campaign.ledger.port.lists import SuppressionReader
from campaign.ledger.records.drafts import DraftRecord
from campaign.ledger.records.earlier_calls import EarlierCall
from campaign.ledger.records.history import History
from campaign.ledger.records.lost_calls import OpenSending, RecordedCall, WaitingPerson
from campaign.ledger.records.outcomes import DueRow, MadeCall, OutcomeCounts
from campaign.ledger.records.reruns import FailedRow, RowPosition, Standing
from campaign.ledger.records.runs import RunRecord, SkippedRows, WaitingRow
from campaign.ledger.records.timetable import Entry, TimedRow
from campaign.timing.account_rate import AccountPace


class RunReader(Protocol):
    """Runs: which there are, and when they were at work."""

    def all(self) -> list[RunRecord]:
        """All runs, oldest first."""

    def find(self, name: str) -> RunRecord | None:
        """The run of that name."""

    def last_claim(self, run_id: int) -> datetime | None:
        """When the run last claimed a call."""

    def forgotten_at(self, run_id: int) -> str | None:
        """When the run's people were taken out; None when they were not."""


class DraftReader(Protocol):
    """Drafts: what was loaded, and is no run yet."""

    def all(self) -> list[DraftRecord]:
        """Those that are loading or ready, oldest first."""

    def find(self, token: str) -> DraftRecord | None:
        """The draft of that token, wherever it stands."""


class RowReader(Protocol):
    """A run's rows: where they stand, which wait, and how each came to be where it is."""

    def count_states(self, run_id: int) -> Mapping[RowState, int]:
        """How many of the run's rows stand where."""

    def count_reasons(self, run_id: int, state: RowState) -> list[tuple[str, int]]:
        """The reasons of the rows in that state, the most frequent first."""

    def count_skipped(self, run_id: int) -> list[SkippedRows]:
        """The skipped rows by their reasons' codes, the most frequent first."""

    def count_waiting(self, run_id: int, *, from_round: int) -> int:
        """How many rows may be sent, of those that are in this round of reruns or a later one."""

    def waiting(self, run_id: int, *, from_round: int) -> Iterator[WaitingRow]:
        """The rows that may be sent, in the sheet's order, read a page at a time as they are wanted."""

    def results(self, run_id: int, *, settled_only: bool = False) -> Iterator[ResultRow]:
        """The run's rows as the results show them, in the sheet's order, read a page at a time.

        Args:
            run_id: the run's number.
            settled_only: leave out the rows that still wait.
        """

    def history(self, run_id: int, number: int) -> History | None:
        """The history of the run's row with that number; None when it has none."""


class RerunReader(Protocol):
    """What a rerun wants to know: rows that failed, and which run and rows a results file is of."""

    def failed(self, run_id: int) -> Iterator[FailedRow]:
        """The run's rows that may be called again, in the sheet's order, read a page at a time."""

    def numbers_taken(self, run_id: int, phones: Sequence[str]) -> dict[str, int]:
        """Of these numbers, those that a row of the run is, or was, to be called on: number -> the sheet's row."""

    def standings(self, run_id: int, numbers: Collection[int]) -> dict[int, Standing]:
        """Number -> where these rows of the run stand; at most a thousand are asked for."""

    def cells(self, run_id: int, numbers: Sequence[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
        """Number -> (status, cells) of these rows of the run; at most a thousand are asked for."""

    def positions_of_ids(self, ids: Collection[str]) -> dict[str, RowPosition]:
        """Call id -> where the call was made from; at most a thousand are asked for."""

    def sent_at(self, run_id: int, instants: Collection[str]) -> set[tuple[int, str]]:
        """(row's number, instant) of the run's attempts claimed at one of these instants; at most a thousand."""


class EarlierCallReader(Protocol):
    """Who was called before: recently, or at any time under the same template."""

    def any_called_since(self, *, service: str, since: str) -> bool:
        """Whether any number was called, or is being called, since."""

    def called_since(self, phones: Sequence[str], *, service: str, since: str) -> dict[str, tuple[str, str]]:
        """Of these numbers, those called, or being called, since: number -> (when, by which run)."""

    def any_calls_under(self, *, service: str, template_fingerprint: str) -> bool:
        """Whether any run of this service and template has called anybody."""

    def calls_under(self, phones: Sequence[str], *, service: str, template_fingerprint: str) -> list[EarlierCall]:
        """The calls to these numbers by any run of this service and template, oldest first."""

    def count_called(self, run_id: int) -> int:
        """How many rows of a run were called, or may have been."""


class LostCallReader(Protocol):
    """What bears on calls whose answers were lost: sendings, ids, neighbours."""

    def unknown(self, run_id: int) -> list[OpenSending]:
        """The run's rows whose answers were lost, in the sheet's order."""

    def open_sendings(self, phones: Collection[str], *, service: str) -> list[OpenSending]:
        """All sendings to these numbers, of any run at this service, whose ending is not known."""

    def phones_of_run(self, run_id: int, phones: Collection[str]) -> set[str]:
        """Those of these numbers that the run calls."""

    def known_ids(self, call_ids: Collection[str]) -> set[str]:
        """Those of these ids that the ledger has."""

    def waiting_people(self, run_id: int, phones: Collection[str]) -> list[WaitingPerson]:
        """The run's rows that wait, of these numbers."""

    def recorded(self, run_id: int, call_ids: Collection[str]) -> list[RecordedCall]:
        """The run's calls among these ids."""

    def last_recorded(self, run_id: int, *, before: str, most: int) -> list[RecordedCall]:
        """The run's last calls that this ledger itself sent before then, newest first; adopted ones are left out."""

    def neighbours(self, run_id: int, claimed_at: str) -> tuple[str | None, str | None]:
        """The ids of the run's calls, sent by this ledger, that were claimed last before then and first after."""


class OutcomeReader(Protocol):
    """What became of calls: which are to be polled, which may be made again, how they ended."""

    def due(
        self, run_id: int, *, at: datetime, first_after: timedelta, most: int, only: Sequence[str] | None = None
    ) -> list[MadeCall]:
        """The run's calls whose time to be looked at has come, the longest overdue first.

        Args:
            run_id: the run's number.
            at: now.
            first_after: how long after its claim a call is first looked at.
            most: at most so many.
            only: the ids of the calls that matter; None for all.
        """

    def next_due(self, run_id: int, *, first_after: timedelta, only: Sequence[str] | None = None) -> datetime | None:
        """When a call of the run is to be looked at next; None when there is none."""

    def find(self, call_ids: Sequence[str], *, service: str) -> list[MadeCall]:
        """Of these ids (at most some hundred), those of calls made at this service that may still be looked at."""

    def to_call_again(self, run_id: int, *, at: datetime, ends: Sequence[CallEnd] | None = None) -> list[DueRow]:
        """The run's created rows whose latest call leaves room for another, in the sheet's order.

        Args:
            run_id: the run's number.
            at: now: the end of the 24 hours that are looked back on.
            ends: those that ended so, whatever the rules say; None for those whose time has come by the rules.
        """

    def next_call_again(self, run_id: int, *, after: datetime) -> datetime | None:
        """When, after that moment, the rules want the run's next call to be made again."""

    def all(self, run_id: int) -> Iterator[tuple[int, int, CallOutcome]]:
        """What became of the run's calls that were looked at: (the sheet's row, its attempt, the outcome), in order."""

    def count(self, run_id: int, *, only: Sequence[str] | None = None) -> OutcomeCounts:
        """How the calls of the run stand, those of earlier attempts too."""

    def was_followed(self, run_id: int) -> bool:
        """Whether any call of the run was ever looked at."""

    def value_names(self, run_id: int) -> tuple[str, ...]:
        """The names of all that was collected in the run's calls, in the order in which they first came."""


class TimetableReader(Protocol):
    """A run's timetable: which rows are due when, and whose hours hold for them."""

    def contacts_waiting(self, run_id: int) -> Iterator[Contact]:
        """All who wait to be called in a run that may still be loading, in the sheet's order."""

    def contacts_without_entry(self, run_id: int) -> Iterator[tuple[int, Contact]]:
        """(row id, contact) of the waiting rows that have no entry yet, in the sheet's order."""

    def entries_waiting(self, run_id: int, *, from_round: int = 0) -> Iterator[Entry]:
        """The entries of the rows that wait, in the sheet's order."""

    def count_entries(self, run_id: int) -> int:
        """How many rows of the run did not ask for a time of their own: all that a stagger spreads."""

    def last_asked(self, run_id: int) -> str | None:
        """The latest time that a waiting row asks for; None if none does."""

    def count_places(self, run_id: int, *, from_round: int) -> list[tuple[str, bool, int]]:
        """(place, whether its rows have a time of their own or a planned one, how many wait)."""

    def rows_of_place(self, run_id: int, place: str, *, dated: bool, from_round: int) -> Iterator[TimedRow]:
        """The place's rows that wait, read a page at a time: those with a time in its order, or those without one."""

    def taken_times(self, run_id: int) -> set[str]:
        """All times that rows of the run are due at, or that calls of it were sent with."""


class AccountReader(Protocol):
    """What all runs of one account share."""

    def pace(self, *, service: str, team: str) -> AccountPace:
        """The pace as it was written down last."""


class LedgerReader(Protocol):
    """All that can be asked of a ledger. An answer is as true as what is committed when the question is asked."""

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
