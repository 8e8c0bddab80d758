"""A worker that is taken for dead loses its sessions: a stopped process would keep its locks, and its hold of a run."""

from contextlib import closing
from datetime import timedelta

import pytest

from campaign.domain.errors import LedgerError
from campaign.domain.model import Created
from campaign.ledger.postgres.database import PostgresDatabase
from campaign.ledger.store import Ledger
from tests.ledger.backend import ADA, BOB, PostgresBackend, hold, load, named, people, states, waiting

pytestmark = pytest.mark.anyio
AT_ONCE = timedelta(0)


def take_for_dead(other: Ledger) -> int:
    with other.workers.duty(name="rack-2", takes="q"):
        return sum(one.unknown for one in other.workers.reap(patience=AT_ONCE))


async def test_a_worker_that_sleeps_in_a_transaction_keeps_nobody_waiting(backend: PostgresBackend) -> None:
    """Its locks of rows, and its hold of the run, end with its sessions."""
    with backend.open() as other, backend.open() as dead:
        record, database = load(other, people(ADA, BOB)), dead._database
        assert isinstance(database, PostgresDatabase)
        with hold(dead, record) as held, closing(database._connector.connect()) as stopped:
            await held.claim(waiting(dead, record)[0])
            stopped.execute("SELECT * FROM sheet_row, attempt, worker FOR UPDATE")
            assert take_for_dead(other) == 1
            with hold(other, named(other, "december")) as anew:
                assert states(backend) == ["unknown", "pending"]
                [bob] = waiting(other, record)
                assert await anew.claim(bob) is None
                await anew.settle(bob, Created("id-2"))
            with pytest.raises(LedgerError):
                await held.claim(bob)


async def test_the_answer_of_one_whose_session_was_ended_is_kept_in_its_journal_and_heals(
    backend: PostgresBackend,
) -> None:
    with backend.open() as other:
        record = load(other, people(ADA))
        with backend.open() as dead, hold(dead, record) as held:
            [ada] = waiting(dead, record)
            await held.claim(ada)
            assert take_for_dead(other) == 1
            with pytest.raises(LedgerError, match=r"ended the session|cannot be reached"):
                await held.settle(ada, Created("late-1"))
            assert held.lost == []
        assert states(backend) == ["unknown"]
        with hold(other, record):
            assert states(backend) == ["created"]


def test_who_is_taken_for_dead_takes_no_other_thread_of_its_process_along(backend: PostgresBackend) -> None:
    """Each thread's sessions have its own name, also those that it opens after another thread has begun."""
    with backend.open() as other, backend.open() as process, process.beside() as alive, process.beside() as dead:
        record = load(other, people(ADA))
        with hold(alive, record), dead.workers.duty(name="rack-1", takes="q"):
            names = dict[str, str]()
            for name, ledger in (("process", process), ("alive", alive), ("dead", dead)):
                with ledger._database.reading.connect() as connection:
                    names[name] = connection.exec_driver_sql("SHOW application_name").scalar_one()
            assert names == {
                "process": f"campaign {process.owner}",
                "alive": f"campaign {alive.owner}",
                "dead": f"campaign {dead.owner}",
            }


def test_sessions_of_others_go_on(backend: PostgresBackend) -> None:
    with backend.open() as other, backend.open() as third:
        record = load(third, people(ADA))
        with backend.open() as dead:
            load(dead, people(BOB), name="b")
            other._writer.do(lambda c: other._database.end_sessions(c, dead.owner))
            with pytest.raises(LedgerError):
                load(dead, people(BOB), name="c")
        assert not third.control.go(record, over_person=True)
