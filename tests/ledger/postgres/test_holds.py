"""One process to a run, on a server: a session holds it, and goes with its process."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import anyio.to_thread
import pytest

from campaign.domain.errors import BusyError, LedgerError
from tests.ledger.backend import ADA, BOB, PostgresBackend, dialling, hold, load, named, people, states
from tests.warm import Piped, warm

HELD = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
_LONGEST_SECONDS = 20.0


def started(backend: PostgresBackend, *words: str) -> AbstractContextManager[Piped]:
    told = [str(backend.home), "december", *words, backend.schema.url]
    return warm().piped("tests.ledger.holder:main", told, folder=backend.home)


@contextmanager
def holder(backend: PostgresBackend, *words: str) -> Iterator[Piped]:
    """A process that holds the run by now; it is ended with the block if it has not been before."""
    with started(backend, *words) as process:
        assert process.stdout.readline().startswith("holding")
        yield process


def test_a_second_process_is_sent_away_at_once_and_a_killed_one_lets_go(backend: PostgresBackend) -> None:
    """`kill -9` cleans nothing up: the server ends the session, and the ledger knows the promise."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB))
        with holder(backend, "claim") as process:
            assert ledger.read.runs.watch.held() == {record.id}
            with pytest.raises(BusyError, match="run 'december' is being worked on by another process"):
                hold(ledger, record).__enter__()
            assert states(backend) == ["sending", "pending"], "the first one's call on its way was taken for a crash's"
            process.send_signal(signal.SIGKILL)
            process.process.wait(timeout=60)
        assert comes_true(lambda: not backend.ask(HELD)), "the server has not noticed the end of the process"
        with hold(ledger, record) as held:
            assert held.recovered == 1
            assert states(backend) == ["unknown", "pending"]
        assert comes_true(lambda: ledger.read.runs.watch.held() == frozenset())


def comes_true(condition: Callable[[], bool]) -> bool:
    """Whether it does, within the time that a busy machine may take."""
    until = time.monotonic() + _LONGEST_SECONDS
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def test_a_run_is_held_once_in_one_process_and_runs_and_schedules_do_not_meet(backend: PostgresBackend) -> None:
    with backend.open() as ledger, backend.open() as other:
        first, second = load(ledger, people(ADA), name="first"), load(ledger, people(BOB), name="second")
        with hold(ledger, first), hold(other, second):
            for one in (ledger, other):
                with pytest.raises(BusyError), one.lock_run(first):
                    pass
        with hold(other, first):
            pass


@pytest.mark.anyio
async def test_a_process_whose_session_has_ended_claims_nothing_more(backend: PostgresBackend) -> None:
    """Another holds the run by then, and takes this one's calls on their way for those of a crash."""
    with dialling(backend, ADA) as (held, [ada]):
        [(pid,)] = backend.ask(HELD)
        backend.ask("SELECT pg_terminate_backend(:pid, 10000)", pid=pid)
        assert await anyio.to_thread.run_sync(comes_true, lambda: held.trouble() is not None)
        with pytest.raises(LedgerError, match="has ended the session that held what this process works on"):
            await held.claim(ada)
        with backend.open() as other, hold(other, named(other, "december")):
            assert states(backend) == ["pending"]
