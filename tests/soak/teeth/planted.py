"""Planted bugs, each by its name; `launched.py` runs the real program with one of them.

Each bug is one that a reasonable person could write, as a patch of a few lines on the program as it is.
"""

import asyncio
import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from sqlalchemy import Connection, event, pool as connection_pools, text

from campaign.aicaller.client import AICallerClient
from campaign.domain.model import Attempt, Cause, ClaimRefused, NotSent, Outcome, RowState, Screened, Unknown
from campaign.engine.pool import Pool
from campaign.intake.contacts.content_hash import ContentKeys
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.sqlite import database as sqlite_database
from campaign.ledger.store import Ledger
from campaign.ledger.writes.claims import Settlement, move_all
from campaign.ledger.writes.run_session import JournaledRun

_claim, _settle, _send, _key = JournaledRun.claim, JournaledRun.settle, AICallerClient.send, ContentKeys.key
_BATCH = 64


def claim_after_post() -> None:
    """The promise is written together with the ending: "one commit for each call is enough"."""

    async def claim(_held: JournaledRun, _attempt: Attempt) -> None:
        return None

    async def settle(held: JournaledRun, attempt: Attempt, outcome: Outcome, **how: Any) -> Outcome:
        await _claim(held, attempt)
        return await _settle(held, attempt, outcome, **how)

    _patch(JournaledRun, claim=claim, settle=settle)
    no_age_check()


def requeue_sending() -> None:
    """What a crash left on its way is put back: "it was interrupted, so do it again"."""

    def recover(ledger: Ledger, record: RunRecord, _journal: Path) -> int:
        def work(connection: Connection) -> int:
            query = text("SELECT row_id, number, owner FROM attempt WHERE run_id = :run AND outcome IS NULL")
            left = connection.execute(query, {"run": record.id}).all()
            for row in left:
                attempt = Attempt(row_id=row.row_id, row_number=0, number=row.number, phone="", body=b"")
                outcome = NotSent(cause=Cause.STOPPED, reason="interrupted")
                at = "2026-01-01T00:00:00.000Z"
                settlement = Settlement(
                    attempt=attempt, owner=row.owner, at=at, outcome=outcome, wait_as=RowState.PENDING
                )
                move_all(connection, settlements=[settlement])
            ledger._membership.done(ledger._membership.join(connection))
            return len(left)

        return ledger._writer.do(work)

    _patch(Ledger, _recover=recover)


def retry_read_error() -> None:
    """A connection that broke while the answer was awaited is tried again: "the request failed"."""
    _retry(lambda outcome: outcome.evidence.get("ended") == "ReadError")


def retry_500() -> None:
    """A 500 is tried again: "the server had a hiccup"."""
    _retry(lambda outcome: outcome.status == 500)


def retry_503() -> None:
    """A 503 is tried again in any dress: "it says itself when to come again"."""
    _retry(lambda outcome: outcome.status == 503)


def unguarded_claim() -> None:
    """Two processes may work on one run, and a claim asks nothing of the row's state: "I read it as pending"."""

    async def claim(held: JournaledRun, attempt: Attempt) -> None:
        def work(connection: Connection) -> None:
            _allow_all_moves(connection)
            row = {"row": attempt.row_id, "number": attempt.number, "run": held.record.id, "phone": attempt.phone}
            connection.execute(
                text("UPDATE sheet_row SET state = 'sending', attempts = :number, call_id = NULL WHERE id = :row"), row
            )
            connection.execute(
                text(
                    "INSERT OR REPLACE INTO attempt (row_id, number, run_id, service, phone, owner, body_sha256,"
                    " claimed_at) VALUES (:row, :number, :run, 'loopback', :phone, :owner, '', :at)"
                ),
                {**row, "owner": held._owner, "at": "2026-01-01T00:00:00.000Z"},
            )

        await anyio.to_thread.run_sync(held._writer.do, work)

    _patch(JournaledRun, claim=claim)
    _patch(Ledger, _recover=lambda *_: 0)
    no_lock()
    no_age_check()


def no_lock() -> None:
    """Nothing keeps a second process from a run."""

    @contextmanager
    def hold_run(*_: Any, **__: Any) -> Iterator[None]:
        yield

    _patch(sqlite_database, hold_run=hold_run)


def no_age_check() -> None:
    """What is claimed is sent: "the claim is on the disk, so it is ours"."""
    _patch(JournaledRun, why_too_late=lambda *_: None)


def claim_in_batches() -> None:
    """Rows are claimed 64 at a time: "a commit for each is slow"."""

    async def work(dialing: Pool, waiting: Iterator[Attempt], events: Any) -> None:
        while batch := list(islice(waiting, _BATCH)):
            for attempt in batch:
                await _claim(_held(dialing), attempt._replace(**_promised(dialing, attempt)))
            for attempt in batch:
                await dialing._send_until_settled(attempt, events)

    async def claim(_held: JournaledRun, _attempt: Attempt) -> ClaimRefused | None:
        return None

    _patch(Pool, _work=work)
    _patch(JournaledRun, claim=claim)
    no_age_check()


def synchronous_normal() -> None:
    """The usual advice for a WAL, which a power cut punishes: the promise is in the file, and not on the disk."""

    def relax(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL").close()

    event.listen(connection_pools.Pool, "checkout", relax)


def settle_late() -> None:
    """An ending is handed over when there is time for it: "the next claim need not come after it"."""

    async def settle(held: JournaledRun, attempt: Attempt, outcome: Outcome, **how: Any) -> Outcome:
        await anyio.sleep(0.1)
        return await _settle(held, attempt, outcome, **how)

    _patch(JournaledRun, settle=settle)


def settle_unawaited() -> None:
    """An ending is told before it is committed: "the writer will get to it"."""
    under_way: list[asyncio.Task[Outcome]] = []

    async def later(held: JournaledRun, attempt: Attempt, outcome: Outcome, **how: Any) -> Outcome:
        # A busy disk.
        await anyio.sleep(0.03)
        return await _settle(held, attempt, outcome, **how)

    async def settle(held: JournaledRun, attempt: Attempt, outcome: Outcome, **how: Any) -> Outcome:
        under_way.append(asyncio.create_task(later(held, attempt, outcome, **how)))
        return outcome

    run = Pool.run

    async def run_and_wait(dialing: Pool, waiting: Iterator[Attempt], **how: Any) -> None:
        await run(dialing, waiting, **how)
        await asyncio.gather(*under_way)

    _patch(JournaledRun, settle=settle)
    _patch(Pool, run=run_and_wait)


def results_as_truth() -> None:
    """A row without a line in the results file was not called: "the file says what is done"."""
    recover = Ledger._recover

    def recover_from_file(ledger: Ledger, record: RunRecord, journal: Path) -> int:
        recovered = recover(ledger, record, journal)
        path = Path(record.results_path or "none")
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True) if path.exists() else []
        told = [int(line["_row"]) for line in csv.DictReader(lines)]

        def work(connection: Connection) -> None:
            _allow_all_moves(connection)
            rows = text("SELECT id, number FROM sheet_row WHERE run_id = :run AND phone IS NOT NULL")
            for row in connection.execute(rows, {"run": record.id}).all():
                if row.number not in told:
                    connection.execute(
                        text(
                            "UPDATE sheet_row SET state = 'pending', call_id = NULL"
                            " WHERE id = :row AND state IN ('created', 'unknown')"
                        ),
                        {"row": row.id},
                    )

        ledger._writer.do(work)
        return recovered

    _patch(Ledger, _recover=recover_from_file)


def row_number_keys() -> None:
    """A row is known by where it stands: "row 17 is row 17"."""

    def key(keys: ContentKeys, screened: Screened) -> str:
        row = screened.row
        placed = row._replace(cells=(f"{row.number}: {row.cells[0]}", *row.cells[1:]))
        return _key(keys, screened._replace(row=placed))

    _patch(ContentKeys, key=key)


PLANTED: dict[str, Callable[[], None]] = {
    plant.__name__: plant
    for plant in (
        claim_after_post,
        requeue_sending,
        retry_read_error,
        retry_500,
        retry_503,
        unguarded_claim,
        no_lock,
        no_age_check,
        claim_in_batches,
        synchronous_normal,
        settle_late,
        settle_unawaited,
        results_as_truth,
        row_number_keys,
    )
}


def _retry(wanted: Callable[[Unknown], bool]) -> None:
    async def send(client: AICallerClient, attempt: Attempt) -> Outcome:
        outcome = await _send(client, attempt)
        if isinstance(outcome, Unknown) and wanted(outcome):
            return NotSent(cause=Cause.CONNECT, reason=outcome.reason, retry_after=0.01)
        return outcome

    _patch(AICallerClient, send=send)


def _allow_all_moves(connection: Connection) -> None:
    # The ledger would refuse what these bugs do: its own guard has to be planted over as well.
    moves = "SELECT a.to_state, b.to_state FROM transition AS a, transition AS b"
    connection.execute(text(f"INSERT OR IGNORE INTO transition (from_state, to_state) {moves}"))
    connection.execute(text("DROP TRIGGER IF EXISTS created_row_leaves_by_its_outcome"))


def _held(dialing: Pool) -> JournaledRun:
    held = dialing._ledger
    assert isinstance(held, JournaledRun)
    return held


def _promised(dialing: Pool, attempt: Attempt) -> dict[str, Any]:
    return {"claimed_at": dialing._now()} if attempt.claimed_at is None else {}


def _patch(owner: object, **planted: object) -> None:
    for name, value in planted.items():
        assert hasattr(owner, name), f"{owner!r} has no {name}: the bug would not be planted"
        setattr(owner, name, value)
