"""Two processes on one server: what SQLite's one lock for writing gives by itself is locked by name here."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import psycopg
import pytest

from campaign.domain.errors import LedgerError
from campaign.domain.model import ClaimRefused
from campaign.domain.skip_reason import CalledRecentlyBy, OnSuppressionList
from campaign.ledger.store import Ledger
from campaign.ledger.writes.run_session import JournaledRun
from tests.ledger.backend import ADA, BOB, NOT_SENT, PostgresBackend, dialling, load, people, states, waiting
from tests.ledger.gate import gate_before_commit

pytestmark = pytest.mark.anyio

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
_LONGEST_SECONDS = 20.0


class Later:
    """What becomes of a piece of work that is under way in another task."""

    def __init__(self) -> None:
        self.ending: Any = None
        self.is_done = False

    async def do(self, work: Callable[[], Awaitable[Any]]) -> None:
        self.ending = await work()
        self.is_done = True

    async def waits_or_is_done(self, backend: PostgresBackend) -> bool:
        """Whether it waits for a lock by name; returns once it does, or is done without."""
        with anyio.fail_after(_LONGEST_SECONDS):
            while not self.is_done:
                if await anyio.to_thread.run_sync(backend.ask, WAITING) != [(0,)]:
                    return True
                await anyio.lowlevel.checkpoint()
        return False


def in_a_thread(work: Callable[[], Any]) -> Callable[[], Awaitable[Any]]:
    return partial(anyio.to_thread.run_sync, work)


async def second_comes_while_the_first_commits(
    backend: PostgresBackend,
    first: Callable[[], Awaitable[Any]],
    second: Callable[[], Awaitable[Any]],
    *,
    at: Ledger | JournaledRun,
) -> tuple[Any, Any]:
    """(what became of the first, of the second), where the second had to wait for the first's COMMIT."""
    one, two = Later(), Later()
    with gate_before_commit(at) as gate:
        gate.shut()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(one.do, first)
            await gate.somebody_waits()
            tasks.start_soon(two.do, second)
            waited = await two.waits_or_is_done(backend)
            gate.open()
    assert waited, "the second did not see that the first was at it"
    return one.ending, two.ending


async def test_one_number_in_two_runs_of_two_processes_is_claimed_once(backend: PostgresBackend) -> None:
    """Neither sees what the other has not committed: both would call."""
    with dialling(backend, ADA, name="one") as (held, [ada]), backend.open() as other:
        record = load(other, people(ADA), name="two")
        with other.hold(record, call_again_after=held._call_again_after) as second:
            [same] = waiting(other, record)
            claimed, refused = await second_comes_while_the_first_commits(
                backend, partial(held.claim, ada), partial(second.claim, same), at=held
            )
            assert claimed is None
            assert isinstance(refused, ClaimRefused)
            assert isinstance(refused.why, CalledRecentlyBy)
            await held.settle(ada, NOT_SENT)
    assert states(backend, run="two") == ["skipped"]


async def test_an_opt_out_is_acknowledged_after_the_claims_that_did_not_see_it(backend: PostgresBackend) -> None:
    """Else who asked not to be called is told so, and called afterwards."""
    with dialling(backend, ADA) as (held, [ada]), backend.open() as other:
        add = partial(other.suppression.add, [ADA], reason="asked", source="cli")
        claimed, new = await second_comes_while_the_first_commits(
            backend, partial(held.claim, ada), in_a_thread(add), at=held
        )
        assert (claimed, new) == (None, [True])
        await held.settle(ada, NOT_SENT)


async def test_a_claim_waits_for_an_opt_out_that_is_being_written(backend: PostgresBackend) -> None:
    with dialling(backend, ADA) as (held, [ada]), backend.open() as other:
        add = partial(other.suppression.add, [ADA], reason="asked", source="cli")
        new, refused = await second_comes_while_the_first_commits(
            backend, in_a_thread(add), partial(held.claim, ada), at=other
        )
        assert new == [True]
        assert isinstance(refused, ClaimRefused)
        assert isinstance(refused.why, OnSuppressionList)


async def test_what_relies_on_what_it_reads_is_done_by_one_at_a_time(backend: PostgresBackend) -> None:
    """Each would take the first free name, or write a plan over the other's."""
    with backend.open() as one, backend.open() as other:
        record = load(one, people(ADA))
        first = partial(one.replan, record.id, lambda plan: plan + "+1")
        second = partial(other.replan, record.id, lambda plan: plan + "+2")
        done = await second_comes_while_the_first_commits(backend, in_a_thread(first), in_a_thread(second), at=one)
        assert done == ("{}+1", "{}+1+2")


async def test_numbers_of_different_lines_wait_for_nobody(backend: PostgresBackend) -> None:
    """Else two machines would be as fast as one."""
    with dialling(backend, ADA, name="one") as (held, [ada]):
        with dialling(backend, BOB, name="two") as (second, [bob]), gate_before_commit(held) as gate:
            gate.shut()
            async with anyio.create_task_group() as tasks:
                one = Later()
                tasks.start_soon(one.do, partial(held.claim, ada))
                await gate.somebody_waits()
                assert await second.claim(bob) is None
                gate.open()
            await second.settle(bob, NOT_SENT)
        await held.settle(ada, NOT_SENT)


async def test_a_group_that_the_server_undoes_for_anothers_sake_is_done_again(backend: PostgresBackend) -> None:
    """A deadlock is nobody's fault: of the two, the one that was undone has written nothing."""
    with dialling(backend, ADA) as (held, [ada]):
        fails = iter([True, True, False])
        dialect: Any = held._writer._engine.dialect
        commit = dialect.do_commit

        def sometimes(connection: Any) -> None:
            if next(fails):
                raise psycopg.errors.DeadlockDetected("deadlock detected")
            commit(connection)

        dialect.do_commit = sometimes
        try:
            assert await held.claim(ada) is None
        finally:
            dialect.do_commit = commit
        assert states(backend) == ["sending"]
        await held.settle(ada, NOT_SENT)


async def test_a_connection_that_is_lost_in_the_commit_acknowledges_nothing(backend: PostgresBackend) -> None:
    """Whether the server has it is not known, so nobody is called for it."""
    with dialling(backend, ADA) as (held, [ada]), gate_before_commit(held) as gate:
        gate.shut()
        one = Later()
        async with anyio.create_task_group() as tasks:

            async def claim() -> str:
                with pytest.raises(LedgerError) as caught:
                    await held.claim(ada)
                return str(caught.value)

            tasks.start_soon(one.do, claim)
            await gate.somebody_waits()
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            assert await anyio.to_thread.run_sync(backend.ask, ended) == [(True,)]
            gate.open()
        assert "see that the server runs and can be reached from here" in one.ending
        assert held.trouble() is not None
    assert states(backend) == ["pending"]
