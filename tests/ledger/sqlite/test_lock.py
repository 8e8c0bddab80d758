"""One process to a run, shown with real processes."""

import errno
import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from campaign.domain.cures.runs import wait_and_resume
from campaign.domain.errors import BusyError, LedgerError
from campaign.ledger.sqlite.lock import hold_run
from tests.ledger.backend import ADA, BOB, Backend, hold, load, named, people, states
from tests.warm import Piped, warm


def started(home: Path, *words: str) -> AbstractContextManager[Piped]:
    return warm().piped("tests.ledger.holder:main", [str(home), "december", *words], folder=home)


@contextmanager
def holder(home: Path, *words: str) -> Iterator[Piped]:
    """A process that holds the run by now; it is ended with the block if it has not been before."""
    with started(home, *words) as process:
        assert process.stdout.readline().startswith("holding")
        yield process


def test_a_second_process_is_sent_away_at_once(backend: Backend, home: Path) -> None:
    """With the exit code that a scheduler can tell from a failure, and without touching a row."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB))
        with holder(home, "claim"):
            with started(home) as second:
                _, said = second.ended()
            assert second.returncode == 75
            assert said.strip() == "run 'december' is being worked on by another process"
            with pytest.raises(BusyError) as caught:
                hold(ledger, record).__enter__()
            assert caught.value.cures == (wait_and_resume("december"),)
            assert states(backend) == ["sending", "pending"], "the first one's call on its way was taken for a crash's"
        with hold(ledger, record):
            assert states(backend) == ["unknown", "pending"]


def test_a_killed_holder_lets_go_and_leaves_what_it_promised(backend: Backend, home: Path) -> None:
    """`kill -9` cleans nothing up: the system drops the lock, and the ledger knows the promise."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB))
    with holder(home, "claim") as process:
        process.send_signal(signal.SIGKILL)
        process.process.wait(timeout=60)
    assert (home / f"run-{record.id}.journal").exists()
    with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
        assert held.recovered == 1
        assert states(backend) == ["unknown", "pending"]


def test_a_run_that_was_let_go_can_be_held_again(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        for _ in range(3):
            with hold(ledger, record), pytest.raises(BusyError):
                hold(ledger, record).__enter__()


def test_two_runs_can_be_held_at_once(backend: Backend) -> None:
    """The lock is a run's, not the ledger's."""
    with backend.open() as ledger, backend.open() as other:
        first, second = load(ledger, people(ADA), name="first"), load(ledger, people(BOB), name="second")
        with hold(ledger, first) as one, hold(other, second) as two:
            assert (one.recovered, two.recovered) == (0, 0)


def test_the_locks_file_stays(home: Path) -> None:
    """Removed, a third process could lock a new one while a second still waits for the old."""
    home.mkdir()
    with hold_run(home, name="december", number=7):
        pass
    assert [path.name for path in home.iterdir()] == ["run-7.lock"]


def test_a_disk_that_knows_no_locks_is_not_taken_for_another_process(home: Path) -> None:
    """Waiting would never help there."""

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    home.mkdir()
    with pytest.raises(LedgerError, match=r"cannot lock .*run-7\.lock: No locks available; point CAMPAIGN_HOME at"):
        hold_run(home, name="december", number=7, take=fail).__enter__()


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"cannot write .*run-7\.lock: No such file"):
        hold_run(tmp_path / "gone", name="december", number=7).__enter__()
