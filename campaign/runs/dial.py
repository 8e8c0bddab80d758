"""Dialling a run that is in the ledger: ledger, client, pool and results file joined, the news coming out as a stream.

async with dial(...) as dialing:
    async for settled in dialing.news: ...
dialing.end
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream

from campaign.dialing.breaker import Breaker, Stop
from campaign.dialing.client import AICallerClient, reuse_for
from campaign.dialing.pool import Pool
from campaign.errors import CampaignError
from campaign.ledger.instants import to_text
from campaign.ledger.reading import (
    RunRecord,
    WaitingRow,
    count_states,
    count_waiting,
    last_claim,
    result_rows,
    waiting_rows,
)
from campaign.ledger.store import HeldRun, Ledger
from campaign.model import (
    Attempt,
    CalledLately,
    Created,
    NotSent,
    Problem,
    Rejected,
    ResultRow,
    RowState,
    Settled,
    Unknown,
)
from campaign.requests.compose import Composer
from campaign.results.csv import LiveResults
from campaign.runs.plan import RunPlan
from campaign.runs.reports import result_columns
from campaign.settings import Account
from campaign.timing.pace import Pacer

_STATUS: Mapping[type, RowState] = {
    Created: RowState.CREATED,
    Rejected: RowState.REJECTED,
    Unknown: RowState.UNKNOWN,
    CalledLately: RowState.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a dialling ended.

    Attributes:
        counts: how many of the run's rows stand where, now.
        stop: why the run stopped itself, if it did.
        results: the results file, or None if it could not be written.
        trouble: what ails the results file, if anything does.
        lost: endings that the ledger could not take and the emergency journal neither.
    """

    counts: Mapping[RowState, int]
    stop: Stop | None
    results: Path | None
    trouble: str | None
    lost: tuple[str, ...]


@dataclass(slots=True)
class Dialing:
    """A run that is being dialled.

    Attributes:
        to_call: how many rows this dialling will see to, at the most.
        recovered: rows that an earlier crash left on their way, `unknown` since.
        news: every ending, as it is written; iterate it to its end.
        end: how it ended, once it has.
    """

    to_call: int
    recovered: int
    news: AsyncIterator[Settled]
    end: RunEnd | None = field(default=None)


@asynccontextmanager
async def dial(  # noqa: PLR0913 - the parts that meet here
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    account: Account,
    secret: Callable[[str], str],
    now: Callable[[], datetime],
    stop: anyio.Event,
    results: Path,
    held: HeldRun,
    from_round: int = 0,
    limit: int | None = None,
) -> AsyncIterator[Dialing]:
    """Dials the run's waiting rows. Leaving the block waits for the calls that are on their way.

    Args:
        ledger: where the run is.
        record: the run.
        plan: its pace, and what its calls share.
        account: where its calls are made.
        secret: looks a webhook's secret up by its variable's name.
        now: the wall clock; aware instants.
        stop: set it to stop: no new call begins.
        results: the results file.
        held: the run, held for this process.
        from_round: 0 for all rows that wait, 1 for those that were put back by a rerun.
        limit: at most so many rows.
    """
    waiting = count_waiting(ledger.reading, record.id, from_round=from_round)
    live = LiveResults(
        results,
        header=record.header,
        rows=result_rows(ledger.reading, record.id, settled_only=True),
        columns=result_columns(ledger, record),
    )
    pool = Pool(
        ledger=held,
        door=(client := AICallerClient(account, now=now, reuse_within=reuse_for(plan.calls_per_second))),
        pacer=Pacer(plan.calls_per_second, not_before=_first_slot(ledger, record, plan=plan, now=now)),
        breaker=Breaker(created_before=bool(count_states(ledger.reading, record.id).get(RowState.CREATED))),
        max_in_flight=plan.max_in_flight,
        stop=stop,
        now=now,
    )
    rows = waiting_rows(ledger.reading, record.id, from_round=from_round)
    lines = _LiveLines(live)
    attempts = _attempts(islice(rows, limit), composer=Composer(plan.call, secret=secret), lines=lines)
    # Without a bound: a slow reader of the news must not hold up the recording of a call.
    send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=float("inf"))
    dialing = Dialing(
        to_call=min(waiting, waiting if limit is None else limit),
        recovered=held.recovered,
        news=_written_down(receive, lines=lines),
    )
    async with client, anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: pool.run(attempts, news=send))
        try:
            yield dialing
        finally:
            stop.set()
    dialing.end = _ended(ledger, record, pool=pool, live=live, held=held)


class _LiveLines:
    """The results file's line for a row, made as its news comes in, without asking the ledger again."""

    def __init__(self, live: LiveResults) -> None:
        self._live = live
        self._cells: dict[int, tuple[str, ...]] = {}

    def expect(self, row: WaitingRow) -> None:
        """Keeps the cells of a row that is about to be dialled; only those on their way are kept."""
        self._cells[row.id] = row.cells

    def write(self, settled: Settled) -> None:
        """Writes the line, unless the row still waits."""
        attempt, outcome = settled.attempt, settled.outcome
        if isinstance(outcome, NotSent):
            return
        lately = isinstance(outcome, CalledLately)
        sent_at = None if lately or attempt.promised_at is None else to_text(attempt.promised_at)
        self._live.append(
            ResultRow(
                number=attempt.row_number,
                cells=self._cells.pop(attempt.row_id, ()),
                status=_STATUS[type(outcome)].value,
                call_id=outcome.call_id if isinstance(outcome, Created) else None,
                error=None if isinstance(outcome, Created) else outcome.reason,
                attempts=attempt.number - lately,
                phone=attempt.phone,
                submitted_at=sent_at,
            )
        )


async def _written_down(news: MemoryObjectReceiveStream[Settled], *, lines: _LiveLines) -> AsyncIterator[Settled]:
    async with news:
        async for settled in news:
            lines.write(settled)
            yield settled


def _attempts(rows: Iterator[WaitingRow], *, composer: Composer, lines: _LiveLines) -> Iterator[Attempt]:
    for row in rows:
        lines.expect(row)
        yield _to_attempt(row, composer=composer)


def _to_attempt(row: WaitingRow, *, composer: Composer) -> Attempt:
    body = composer.compose(row.contact)
    if isinstance(body, Problem):
        raise CampaignError(f"row {row.number} could be sent when it was loaded, and cannot now: {body}")
    return Attempt(
        row_id=row.id,
        row_number=row.number,
        number=row.attempts + 1,
        phone=row.contact.phone,
        body=body,
        waiting_as=row.state,
    )


def _first_slot(ledger: Ledger, record: RunRecord, *, plan: RunPlan, now: Callable[[], datetime]) -> float:
    """The pace holds over a restart: the first call keeps its distance to the last one before."""
    last = last_claim(ledger.reading, record.id)
    if last is None:
        return 0.0
    since = max(0.0, (now() - last).total_seconds())
    return anyio.current_time() + max(0.0, 1.01 / plan.calls_per_second - since)


def _ended(ledger: Ledger, record: RunRecord, *, pool: Pool, live: LiveResults, held: HeldRun) -> RunEnd:
    written = live.finish(result_rows(ledger.reading, record.id))
    return RunEnd(
        counts=count_states(ledger.reading, record.id),
        stop=pool.stopped,
        results=written,
        trouble=live.trouble,
        lost=tuple(held.lost),
    )


def progress_of(counts: Mapping[RowState, int]) -> Iterator[tuple[str, int]]:
    """The counts as people read them, in the order of the results' statuses; empty ones left out."""
    shown = ("created", "rejected", "unknown", "pending", "invalid", "skipped")
    for status in shown:
        total = sum(count for state, count in counts.items() if state.shown == status)
        if total:
            yield status, total
