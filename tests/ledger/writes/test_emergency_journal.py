"""The emergency journal: room that was set aside while there was some."""

import errno
import os
import stat
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, Created, Outcome, Rejected, Unknown
from campaign.ledger.sqlite.database import SqliteDatabase
from campaign.ledger.sqlite.engine import LEDGER_FILE, open_engines
from campaign.ledger.sqlite.file_watch import FileWatch
from campaign.ledger.sqlite.open_files import OpenFile
from campaign.ledger.store import Ledger
from campaign.ledger.writes.claims import Settlement
from campaign.ledger.writes.workers.emergency_journal import RESERVED_BYTES, EmergencyJournal, read_journal
from tests.ledger.backend import ADA, REJECTED, UNKNOWN, Backend, dialling, hold, load, people

MARK = "2026-12-01T09:00:00.000Z 0f"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run-1.journal"


def ending(row_id: int, outcome: Outcome) -> Settlement:
    attempt = Attempt(row_id=row_id, row_number=row_id + 1, number=2, phone=ADA, body=b"{}")
    return Settlement(attempt=attempt, owner="me", at="2026-12-01T09:00:00.000Z", outcome=outcome)


def kept(path: Path) -> list[tuple[int, int, Outcome]]:
    return [(attempt.row_id, attempt.number, outcome) for attempt, outcome in read_journal(path, mark=MARK)]


def test_room_is_set_aside_before_the_first_call(path: Path) -> None:
    """A megabyte that is really written: a promise of room is none on a full disk."""
    with EmergencyJournal(path, mark=MARK):
        assert path.stat().st_size == RESERVED_BYTES == 1024 * 1024
        assert path.stat().st_blocks * 512 >= RESERVED_BYTES
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert kept(path) == []


def test_endings_come_back_as_they_were(path: Path) -> None:
    """Also texts that are hard to write."""
    odd = Rejected(status=422, reason='"quoted"\n\0 half: \ud83d, é')
    with EmergencyJournal(path, mark=MARK) as journal:
        journal.keep(ending(1, Created("id-1", status=201)))
        journal.keep(ending(2, odd))
        assert kept(path) == [(1, 2, Created("id-1", status=201)), (2, 2, odd)]


def test_an_unknown_ending_stays_unknown_and_says_where_it_was_kept(path: Path) -> None:
    with EmergencyJournal(path, mark=MARK) as journal:
        journal.keep(ending(1, UNKNOWN))
    [(_, _, outcome)] = kept(path)
    assert isinstance(outcome, Unknown)
    assert outcome.reason == "the answer was lost (the ledger could not be written at that moment)"


def test_it_is_removed_after_a_clean_end(path: Path) -> None:
    """An empty one is nothing to read, and a megabyte to keep."""
    with EmergencyJournal(path, mark=MARK):
        pass
    assert not path.exists()
    assert kept(path) == []


def test_it_is_kept_when_it_was_written_to(path: Path) -> None:
    """Whatever ended the run: it is the only place that knows."""
    with pytest.raises(ExceptionGroup), EmergencyJournal(path, mark=MARK) as journal:
        keep_and_fail(journal)
    assert len(kept(path)) == 1


def keep_and_fail(journal: EmergencyJournal) -> None:
    journal.keep(ending(1, REJECTED))
    raise ExceptionGroup("a bug", [KeyError("x")])


def test_a_new_one_begins_empty(path: Path) -> None:
    """The endings of the run before have been read by then, and are not this one's."""
    with EmergencyJournal(path, mark=MARK) as journal:
        for row_id in range(1, 20):
            journal.keep(ending(row_id, REJECTED))
    with EmergencyJournal(path, mark=MARK) as journal:
        assert kept(path) == []
        journal.keep(ending(99, REJECTED))
        assert [row_id for row_id, _, _ in kept(path)] == [99]


@pytest.mark.parametrize("lost", [1, 2, 20, 90])
def test_a_torn_last_line_is_passed_over(path: Path, lost: int) -> None:
    """The power failed while it was written: its attempt stays open, and becomes unknown."""
    with EmergencyJournal(path, mark=MARK) as journal:
        journal.keep(ending(1, Created("id-1")))
        whole = len(path.read_bytes().rstrip(b"\0"))
        journal.keep(ending(2, Created("id-2")))
        used = len(path.read_bytes().rstrip(b"\0"))
    assert used - lost > whole
    torn = bytearray(path.read_bytes())
    torn[used - lost :] = bytes(len(torn) - used + lost)
    path.write_bytes(torn)
    assert [row_id for row_id, _, _ in kept(path)] == ([1, 2] if lost == 1 else [1])


def test_a_line_that_tore_does_not_take_the_next_one_along(path: Path) -> None:
    """A disk that fails once, in the middle of a line, and then takes the next."""
    disk = Disk(is_full=False)
    with EmergencyJournal(path, mark=MARK, write=disk.write) as journal:
        disk.is_full = True
        with pytest.raises(OSError, match="No space"):
            journal.keep(ending(1, Created("id-1")))
        disk.is_full = False
        journal.keep(ending(2, Created("id-2")))
    assert kept(path) == [(2, 2, Created("id-2"))]


class Disk:
    """One that takes half of a write when it is full, and then says so."""

    def __init__(self, *, is_full: bool) -> None:
        self.is_full = is_full

    def write(self, descriptor: int, data: memoryview) -> int:
        if not self.is_full:
            return os.write(descriptor, data)
        os.write(descriptor, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("line", [b"\xff\xfe", b"null", b"[]", b"{}", b'{"row_id": 1, "number": 1, "kind": "Created"}'])
def test_a_line_that_is_no_ending_is_passed_over(path: Path, line: bytes) -> None:
    """Garbage must not keep the run from being gone on with, nor be taken for a call."""
    with EmergencyJournal(path, mark=MARK) as journal:
        journal.keep(ending(1, Created("id-1")))
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert kept(path) == [(1, 2, Created("id-1"))]


def test_without_room_no_run_begins(path: Path) -> None:
    """The disk is full before the first call: the best moment to say so. Nothing is left lying about."""
    with pytest.raises(LedgerError, match=r"no room to work in .*: No space left on device; free at least 10 MB"):
        EmergencyJournal(path, mark=MARK, write=Disk(is_full=True).write)
    assert not path.exists()


def test_without_room_a_run_cannot_be_held_and_the_lock_falls(backend: Backend, home: Path) -> None:
    """So there is nobody who could claim a row."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
    file = OpenFile(*open_engines(home), FileWatch(home / LEDGER_FILE))
    journal = partial(EmergencyJournal, write=Disk(is_full=True).write)
    full = Ledger(home, SqliteDatabase(home, file), now=backend.clock, journal=journal)
    with closing(file.watch), closing(full), pytest.raises(LedgerError, match="no room to work in"):
        hold(full, record).__enter__()
    with backend.open() as ledger, hold(ledger, record) as held:
        assert held.recovered == 0


def test_a_journal_that_cannot_be_read_holds_the_run_back(path: Path) -> None:
    """It may say who was called."""
    path.mkdir()
    with pytest.raises(LedgerError, match=r"run-1\.journal cannot be read .* it may say who was called"):
        kept(path)


@pytest.mark.anyio
async def test_a_held_run_has_its_journal_beside_the_ledger(backend: Backend, home: Path) -> None:
    """From before the first claim to after the last ending."""
    with dialling(backend, ADA) as (held, _):
        assert (home / f"run-{held.record.id}.journal").stat().st_size == RESERVED_BYTES
    assert not (home / f"run-{held.record.id}.journal").exists()


def test_of_one_attempt_the_last_ending_holds(path: Path) -> None:
    """What was saved in a hurry as open may end afterwards."""
    with EmergencyJournal(path, mark=MARK) as journal:
        journal.keep(ending(1, UNKNOWN), ending(2, UNKNOWN))
        journal.keep(ending(1, Created("id-1")))
        assert [outcome for row, _, outcome in kept(path) if row == 1] == [Created("id-1")]


def test_a_journal_of_another_run_is_kept_aside_and_never_believed(path: Path) -> None:
    """A ledger that was begun anew at this path numbers its runs and rows from one again."""
    with EmergencyJournal(path, mark="another run") as journal:
        journal.keep(ending(1, Created("id-1")))
    assert kept(path) == []
    assert not path.exists()
    assert b"id-1" in path.with_name(f"{path.name}.other-1").read_bytes()


def test_a_journal_whose_file_was_removed_says_so(path: Path) -> None:
    """What is written to it then is as lost as what was not written."""
    with EmergencyJournal(path, mark=MARK) as journal:
        path.unlink()
        with pytest.raises(OSError, match="No such file"):
            journal.keep(ending(1, Created("id-1")))
