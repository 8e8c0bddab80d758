"""Implements the reading port over one engine, with the functions of `queries`, `outcomes` and others."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.domain.model import RowState
from campaign.domain.result_row import ResultRow
from campaign.domain.skip_reason import SkipReason
from campaign.ledger.database.protocol import Holds
from campaign.ledger.outcomes.due_rows import next_again_at, rows_to_call_again
from campaign.ledger.outcomes.poll_queue import calls_to_look_at, find_calls, next_poll_at
from campaign.ledger.outcomes.queries import count_outcomes, outcomes_of_run, value_names, was_followed
from campaign.ledger.outcomes.unfollowed import unfollowed_calls, unfollowed_runs
from campaign.ledger.port.reading import (
    AccountReader,
    DraftReader,
    EarlierCallReader,
    LedgerReader,
    LostCallReader,
    OutcomeReader,
    RerunReader,
    RowReader,
    RunReader,
    TryReader,
)
from campaign.ledger.privacy.forgotten import forgotten_at
from campaign.ledger.privacy.suppression_reader import HashedSuppressionReader
from campaign.ledger.queries.account_pace import account_pace_now
from campaign.ledger.queries.calls_ahead import ahead_of_run, ahead_to
from campaign.ledger.queries.counts import count_reasons, count_skipped, count_states, count_waiting
from campaign.ledger.queries.drafts import find_draft, header_of, loaded_row, loaded_rows, open_drafts
from campaign.ledger.queries.earlier_calls import anybody_called, count_called, earlier_calls
from campaign.ledger.queries.failed_rows import failed_rows, numbers_in_run
from campaign.ledger.queries.recognise import cells_of, rows_of_ids, sent_in_run, states_of
from campaign.ledger.queries.row_history import history_of
from campaign.ledger.queries.runs import (
    anybody_called_recently,
    callable_rows,
    called_recently,
    find_run,
    last_claim,
    list_runs,
    result_rows,
    rows_by_id,
    waiting_rows,
)
from campaign.ledger.queries.timetable import EngineTimetableReader
from campaign.ledger.queries.unsettled import (
    created_as,
    known_ids,
    last_made,
    last_unproved,
    made_calls,
    neighbours,
    of_run,
    open_sendings,
    tried,
    unknown_rows,
    waiting_people,
)
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.ledger.records.drafts import DraftRecord, LoadedRow
from campaign.ledger.records.earlier_calls import EarlierCall
from campaign.ledger.records.history import History
from campaign.ledger.records.lost_calls import OpenSending, RecordedCall, WaitingPerson
from campaign.ledger.records.outcomes import DueRow, MadeCall, OutcomeCounts
from campaign.ledger.records.reruns import FailedRow, RowPosition, Standing
from campaign.ledger.records.runs import RunRecord, SkippedRows, WaitingRow
from campaign.ledger.serving.on_duty import EngineWorkerReader
from campaign.ledger.serving.watching import EngineWatchReader
from campaign.timing.account_rate import AccountPace


class EngineReader(LedgerReader):
    """All queries of the reading port, run on one engine."""

    def __init__(self, engine: Engine, *, home: Path, holds: Holds) -> None:
        self.runs = _RunReader(engine, holds=holds)
        self.drafts = _DraftReader(engine)
        self.rows = _RowReader(engine)
        self.reruns = _RerunReader(engine)
        self.lost = _LostCallReader(engine)
        self.outcomes = _OutcomeReader(engine)
        self.timetable = EngineTimetableReader(engine)
        self.accounts = _AccountReader(engine)
        self.suppression = HashedSuppressionReader(home, reading=engine)
        self.earlier = _EarlierCallReader(engine, self.suppression)


class _RunReader(RunReader):
    def __init__(self, engine: Engine, *, holds: Holds) -> None:
        self._engine, self.watch = engine, EngineWatchReader(engine, holds=holds)
        self.workers = EngineWorkerReader(engine)

    def all(self) -> list[RunRecord]:
        return list_runs(self._engine)

    def find(self, name: str) -> RunRecord | None:
        return find_run(self._engine, name)

    def last_claim(self, run_id: int) -> datetime | None:
        return last_claim(self._engine, run_id)

    def forgotten_at(self, run_id: int) -> str | None:
        return forgotten_at(self._engine, run_id)


class _DraftReader(DraftReader):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[DraftRecord]:
        return open_drafts(self._engine)

    def find(self, token: str) -> DraftRecord | None:
        return find_draft(self._engine, token)

    def header(self, run_id: int) -> tuple[str, ...]:
        return header_of(self._engine, run_id)

    def row(self, run_id: int, number: int) -> LoadedRow | None:
        return loaded_row(self._engine, run_id, number)

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
        return loaded_rows(self._engine, run_id, state, reason=reason, containing=containing, after=after, most=most)


class _RowReader(RowReader):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count_states(self, run_id: int) -> Mapping[RowState, int]:
        return count_states(self._engine, run_id)

    def count_reasons(self, run_id: int, state: RowState) -> Iterator[tuple[str, int]]:
        return count_reasons(self._engine, run_id, state)

    def count_skipped(self, run_id: int) -> list[SkippedRows]:
        return count_skipped(self._engine, run_id)

    def count_waiting(self, run_id: int, *, from_round: int) -> int:
        return count_waiting(self._engine, run_id, from_round=from_round)

    def waiting(self, run_id: int, *, from_round: int) -> Iterator[WaitingRow]:
        return waiting_rows(self._engine, run_id, from_round=from_round)

    def callable(self, run_id: int) -> Iterator[WaitingRow]:
        return callable_rows(self._engine, run_id)

    def results(self, run_id: int, *, settled_only: bool = False) -> Iterator[ResultRow]:
        return result_rows(self._engine, run_id, settled_only=settled_only)

    def results_of(self, row_ids: Sequence[int]) -> dict[int, ResultRow]:
        return rows_by_id(self._engine, row_ids)

    def history(self, run_id: int, number: int) -> History | None:
        return history_of(self._engine, run_id, number)


class _RerunReader(RerunReader):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def failed(self, run_id: int) -> Iterator[FailedRow]:
        return failed_rows(self._engine, run_id)

    def numbers_taken(self, run_id: int, phones: Sequence[str]) -> dict[str, int]:
        return numbers_in_run(self._engine, run_id, phones)

    def standings(self, run_id: int, numbers: Collection[int]) -> dict[int, Standing]:
        return states_of(self._engine, run_id, numbers)

    def cells(self, run_id: int, numbers: Sequence[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
        return cells_of(self._engine, run_id, numbers)

    def positions_of_ids(self, ids: Collection[str]) -> dict[str, RowPosition]:
        return rows_of_ids(self._engine, ids)

    def sent_at(self, run_id: int, instants: Collection[str]) -> set[tuple[int, str]]:
        return sent_in_run(self._engine, run_id, instants)


class _EarlierCallReader(EarlierCallReader):
    def __init__(self, engine: Engine, suppression: HashedSuppressionReader) -> None:
        self._engine, self._suppression = engine, suppression

    def any_called_since(self, *, service: str, since: str) -> bool:
        return anybody_called_recently(self._engine, service=service, since=since)

    def called_since(self, phones: Sequence[str], *, service: str, since: str) -> dict[str, tuple[str, str]]:
        return called_recently(self._engine, phones, service=service, since=since)

    def any_calls_under(self, *, service: str, template_fingerprint: str) -> bool:
        return anybody_called(self._engine, service=service, template_fingerprint=template_fingerprint)

    def calls_under(self, phones: Sequence[str], *, service: str, template_fingerprint: str) -> list[EarlierCall]:
        return earlier_calls(self._engine, phones, service=service, template_fingerprint=template_fingerprint)

    def count_called(self, run_id: int) -> int:
        return count_called(self._engine, run_id)

    def unfollowed_runs(self, *, service: str, before: str) -> Mapping[int, str]:
        return unfollowed_runs(self._engine, service=service, before=before)

    def unfollowed(
        self, phones: Sequence[str], *, service: str, before: str, of_runs: Mapping[int, str]
    ) -> Mapping[str, str]:
        return unfollowed_calls(self._engine, phones, service=service, before=before, of_runs=of_runs)

    def ahead_to(self, phones: Sequence[str], *, at: datetime) -> list[CallAhead]:
        return ahead_to(self._engine, phones, forms=self._suppression.forgotten_forms, at=at)

    def ahead_of_run(self, run_id: int, *, at: datetime, most: int) -> tuple[int, list[CallAhead]]:
        return ahead_of_run(self._engine, run_id, at=at, most=most)


class _LostCallReader(LostCallReader):
    def __init__(self, engine: Engine) -> None:
        self._engine, self.tries = engine, _TryReader(engine)

    def unknown(self, run_id: int) -> list[OpenSending]:
        return unknown_rows(self._engine, run_id)

    def open_sendings(self, phones: Collection[str], *, service: str) -> list[OpenSending]:
        return open_sendings(self._engine, phones, service=service)

    def phones_of_run(self, run_id: int, phones: Collection[str]) -> set[str]:
        return of_run(self._engine, run_id, phones)

    def known_ids(self, call_ids: Collection[str]) -> set[str]:
        return known_ids(self._engine, call_ids)

    def waiting_people(self, run_id: int, phones: Collection[str]) -> list[WaitingPerson]:
        return waiting_people(self._engine, run_id, phones)

    def recorded(self, run_id: int, call_ids: Collection[str]) -> list[RecordedCall]:
        return made_calls(self._engine, run_id, call_ids)

    def last_recorded(self, run_id: int, *, before: str, most: int) -> list[RecordedCall]:
        return last_made(self._engine, run_id, before=before, most=most)

    def neighbours(self, run_id: int, claimed_at: str) -> tuple[str | None, str | None]:
        return neighbours(self._engine, run_id, claimed_at)


class _TryReader(TryReader):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_lines(self, run_id: int, phones: Collection[str], *, service: str) -> list[OpenSending]:
        return tried(self._engine, run_id, phones, service=service)

    def created_as(self, run_id: int, call_ids: Collection[str]) -> list[OpenSending]:
        return created_as(self._engine, run_id, call_ids)

    def last_unproved(self, run_id: int) -> str | None:
        return last_unproved(self._engine, run_id)


class _OutcomeReader(OutcomeReader):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(
        self, run_id: int, *, at: datetime, first_after: timedelta, most: int, only: Sequence[str] | None = None
    ) -> list[MadeCall]:
        return calls_to_look_at(self._engine, run_id, at=at, first_after=first_after, most=most, only=only)

    def next_due(self, run_id: int, *, first_after: timedelta, only: Sequence[str] | None = None) -> datetime | None:
        return next_poll_at(self._engine, run_id, first_after=first_after, only=only)

    def find(self, call_ids: Sequence[str], *, service: str) -> list[MadeCall]:
        return find_calls(self._engine, call_ids, service=service)

    def to_call_again(self, run_id: int, *, at: datetime, ends: Sequence[CallEnd] | None = None) -> list[DueRow]:
        return rows_to_call_again(self._engine, run_id, at=at, ends=ends)

    def next_call_again(self, run_id: int, *, after: datetime) -> datetime | None:
        return next_again_at(self._engine, run_id, after=after)

    def all(self, run_id: int) -> Iterator[tuple[int, int, CallOutcome]]:
        return outcomes_of_run(self._engine, run_id)

    def count(self, run_id: int, *, only: Sequence[str] | None = None) -> OutcomeCounts:
        return count_outcomes(self._engine, run_id, only=only)

    def was_followed(self, run_id: int) -> bool:
        return was_followed(self._engine, run_id)

    def value_names(self, run_id: int) -> tuple[str, ...]:
        return value_names(self._engine, run_id)


class _AccountReader(AccountReader):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def pace(self, *, service: str, team: str) -> AccountPace:
        return account_pace_now(self._engine, service=service, team=team)
