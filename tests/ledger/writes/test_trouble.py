"""A disk that fails: nothing is sent without a promise, no ending is lost, and nobody waits for ever."""

import asyncio
import re
import threading
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from sqlalchemy import Connection

from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, Created
from campaign.ledger.writes.claims import Settlement
from campaign.ledger.writes.run_session import JournaledRun
from tests.ledger.backend import (
    ADA,
    BOB,
    NOT_SENT,
    UNKNOWN,
    Backend,
    Clock,
    SqliteBackend,
    dialling,
    draft,
    everything,
    hold,
    intruder,
    load,
    named,
    people,
    states,
    waiting,
)
from tests.ledger.gate import break_disk, gate_before_commit
from tests.loading import begun, published

pytestmark = pytest.mark.anyio

FULL = r"disk is full; free some space( there)?, then go on"


@pytest.mark.every_database
async def test_a_claim_that_cannot_be_written_fails(backend: Backend) -> None:
    """And so nothing is sent."""
    with dialling(backend, ADA, BOB) as (held, [ada, _]):
        before = everything(backend)
        break_disk(held)
        with pytest.raises(LedgerError, match=FULL):
            await held.claim(ada)
        assert everything(backend) == before


async def test_after_one_failure_everything_fails_at_once(backend: Backend) -> None:
    """What a disk holds after a failed sync is not known, so nothing more is entrusted to it, also when it recovers."""
    with dialling(backend, ADA, BOB) as (held, [ada, bob]):
        await held.claim(ada)
        with gate_before_commit(held) as gate:
            gate.leads_nowhere = True
            with pytest.raises(LedgerError, match=FULL):
                await held.claim(bob)
        with gate_before_commit(held) as gate:
            for move in (held.claim(bob), held.settle(ada, Created("id-1")), held.settle(ada, NOT_SENT)):
                with pytest.raises(LedgerError, match=FULL):
                    await move
            with pytest.raises(LedgerError, match=FULL):
                await anyio.to_thread.run_sync(held._writer.do, lambda _connection: None)
            assert gate.commits == 0
        assert states(backend) == ["sending", "pending"]


@pytest.mark.every_database
async def test_a_failure_of_one_process_locks_no_other_one_out(backend: Backend) -> None:
    """A COMMIT that failed leaves its transaction open, and with it the lock, unless it is let go of."""
    with dialling(backend, ADA) as (held, [ada]), backend.open() as other:
        break_disk(held)
        with pytest.raises(LedgerError, match=FULL):
            await held.claim(ada)
        assert load(other, people(BOB), name="other").name == "other"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_real_full_disk_is_no_different(backend: Backend) -> None:
    """SQLite's own refusal of one more page, wherever in a move it strikes."""
    phones = [f"+1{200 + row // 100}55501{row % 100:02d}" for row in range(400)]
    with dialling(backend, *phones) as (held, attempts):
        await anyio.to_thread.run_sync(held._writer.do, no_page_more)
        promised = await claim_until_refused(held, attempts)
        assert 0 < len(promised) < len(attempts)
        assert states(backend).count("sending") == len(promised)
        with pytest.raises(LedgerError, match=FULL):
            await held.settle(promised[-1], Created("id-1"))
    with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
        assert held.recovered == len(promised) - 1
        assert backend.ask("SELECT call_id FROM sheet_row WHERE state = 'created'") == [("id-1",)]


def no_page_more(connection: Connection) -> None:
    # SQLite takes the present size for the least.
    connection.exec_driver_sql("PRAGMA max_page_count=1")


async def claim_until_refused(held: JournaledRun, attempts: list[Attempt]) -> list[Attempt]:
    promised = list[Attempt]()
    try:
        for attempt in attempts:
            await held.claim(attempt)
            promised.append(attempt)
    except LedgerError as error:
        assert re.search(FULL, str(error))  # noqa: PT017 - how far it came is what is asked for
    return promised


async def test_loading_onto_a_full_disk_leaves_no_run(backend: Backend) -> None:
    """Half a sheet must never be dialled."""
    with backend.open() as ledger:
        record = begun(ledger, draft())
        break_disk(ledger)
        with pytest.raises(LedgerError, match=FULL):
            ledger.drafts.add(record, people(ADA), wording=str)
        with pytest.raises(LedgerError, match=FULL):
            published(ledger, record)
    assert backend.ask("SELECT state FROM run") == [("loading",)]
    assert backend.ask("SELECT * FROM sheet_row") == []


async def test_an_ending_that_can_be_kept_nowhere_is_told(backend: Backend) -> None:
    """The user gets the id on the screen: it is the last place that is left."""

    class Unwritable:
        def keep(self, *_settlements: Settlement) -> None:
            raise OSError(5, "Input/output error")

    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as holder:
        held = intruder(ledger, holder, journal=Unwritable())
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        break_disk(held, reason="disk I/O error")
        with pytest.raises(LedgerError, match=r"cannot be (written|reached) \(disk I/O error\); "):
            await held.settle(ada, Created("id-1"))
        [lost] = held.lost
        assert "row 2" in lost
        assert "id-1" in lost


async def test_a_disk_that_cannot_take_the_recovery_holds_the_run_back(backend: Backend) -> None:
    """Nothing is dialled on top of a past that is not settled."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
    with backend.open() as ledger:
        record = named(ledger, "december")
        break_disk(ledger)
        with pytest.raises(LedgerError, match=FULL):
            hold(ledger, record).__enter__()
    with backend.open() as ledger, hold(ledger, record) as held:
        assert held.recovered == 1


def test_a_ledger_that_cannot_be_reached_any_more_fails_the_first_who_asks(home: Path) -> None:
    """The writer opens its connection for the first piece of work: somebody must be told."""
    with SqliteBackend(home, Clock()).open() as ledger:
        ledger._writer._engine.dispose()
        home.rename(home.with_name("unplugged"))
        for _ in range(2):
            with pytest.raises(LedgerError, match="was removed or renamed"):
                begun(ledger, draft())


async def test_a_closed_ledger_refuses_work_at_once(backend: Backend) -> None:
    """A task that comes too late must not wait for a thread that has gone."""
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
    with pytest.raises(LedgerError, match="the ledger was closed"):
        await held.claim(ada)
    with pytest.raises(LedgerError, match="the ledger was closed"):
        begun(ledger, draft())


async def test_what_waits_is_written_before_a_ledger_closes(backend: Backend) -> None:
    """A run that ends in a hurry has its endings on the disk all the same."""
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA, BOB))) as held:
        ada, bob = waiting(ledger, held.record)
        await held.claim(ada)
        with gate_before_commit(ledger) as gate:
            gate.shut()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(held.settle, ada, Created("id-1"))
                await gate.somebody_waits()
                tasks.start_soon(held.claim, bob)
                await gate.queue_is(1)
                closing = threading.Thread(target=ledger.close)
                closing.start()
                await gate.queue_is(2)
                gate.open()
            await anyio.to_thread.run_sync(closing.join)
        assert states(backend) == ["created", "sending"]
    with backend.open() as ledger, hold(ledger, named(ledger, "december")):
        assert states(backend) == ["created", "unknown"]


def test_an_event_loop_that_has_gone_does_not_hold_the_writer(backend: Backend) -> None:
    """Left in the middle of a commit, by a bug say: the next work must still be done, and close must return."""
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        with gate_before_commit(ledger) as gate:
            gate.shut()
            with asyncio.Runner() as runner:

                async def leave() -> None:
                    claim = asyncio.ensure_future(held.claim(ada))
                    await gate.somebody_waits()
                    claim.cancel()

                runner.run(leave())
            gate.open()
            assert begun(ledger, draft()).run_id == 2
        assert states(backend) == ["sending"]
    with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
        assert held.recovered == 1


async def test_a_busy_event_loop_does_not_hold_up_the_commits(backend: Backend) -> None:
    """Work asked for on the loop's own thread, while an acknowledgement is on its way to the loop."""
    with dialling(backend, ADA, BOB) as (held, attempts):
        async with anyio.create_task_group() as tasks:
            for attempt in attempts:
                tasks.start_soon(held.claim, attempt)
            await anyio.lowlevel.checkpoint()
            assert counted(held._writer) == [2]
        for attempt in attempts:
            await held.settle(attempt, UNKNOWN)


def counted(writer: Any) -> list[int]:
    found: list[int] = writer.do(lambda c: c.exec_driver_sql("SELECT count(*) FROM attempt").scalars().all())
    return found
