"""Whoever is on the suppression list is not called, by any run, from the moment at which that was promised."""

import contextlib
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from campaign.domain.errors import LedgerError
from campaign.domain.model import ClaimRefused, RowState
from campaign.domain.skip_reason import OnSuppressionList
from campaign.ledger.privacy.key import ready_key
from campaign.ledger.privacy.statements import add_to_list
from campaign.ledger.sqlite.engine import KEY_FILE, LEDGER_FILE
from campaign.ledger.store import Ledger, open_ledger
from campaign.ledger.writes.claims import _CLAIM_ROW
from tests.ledger.backend import (
    ADA,
    BOB,
    CY,
    NOT_SENT,
    REJECTED,
    UNKNOWN,
    Backend,
    Clock,
    dialling,
    hold,
    load,
    people,
    put_back_rejected,
    states,
    waiting,
)

pytestmark = pytest.mark.anyio
ON_LIST = OnSuppressionList("2026-12-01T09:00:00.000Z", "asked on the phone")
REASON = "on the suppression list since 2026-12-01 (asked on the phone)"


def suppress(backend: Backend, *phones: str, reason: str = "asked on the phone") -> list[bool]:
    """By another process."""
    with backend.open() as ledger:
        return ledger.suppression.add(phones, reason=reason, source="cli")


@pytest.mark.every_database
@pytest.mark.parametrize("moment", ["before the run", "while it goes on"])
async def test_c16_a_number_on_the_list_is_not_called(backend: Backend, moment: str) -> None:
    """Also when somebody else puts it there in the middle of a run; the row says since when, and why."""
    if moment == "before the run":
        suppress(backend, ADA)
    with dialling(backend, ADA, BOB) as (held, [ada, bob]):
        if moment == "while it goes on":
            suppress(backend, ADA)
        assert await held.claim(ada) == ClaimRefused(ON_LIST)
        assert await held.claim(bob) is None
        await held.settle(bob, REJECTED)
    assert states(backend) == ["skipped", "rejected"]
    assert backend.ask("SELECT reason, skip_reason, attempts FROM sheet_row WHERE state = 'skipped'") == [
        (REASON, "suppressed", 0)
    ]


async def test_a_number_is_not_tried_again_once_it_is_on_the_list(backend: Backend) -> None:
    """A row that waits between two tries has been promised nothing."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, NOT_SENT)
        suppress(backend, ADA)
        with backend.open() as ledger:
            [again] = waiting(ledger, held.record)
        assert again.waiting_as is RowState.RETRY_WAIT
        assert await held.claim(again) == ClaimRefused(ON_LIST)
    assert states(backend) == ["skipped"]


async def test_a_rerun_does_not_call_a_number_on_the_list(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        with hold(ledger, record) as held:
            [ada] = waiting(ledger, record)
            await held.claim(ada)
            await held.settle(ada, REJECTED)
        suppress(backend, ADA)
        with hold(ledger, record) as held:
            assert put_back_rejected(ledger, record) == 1
            [again] = waiting(ledger, record, from_round=1)
            assert isinstance(await held.claim(again), ClaimRefused)
    assert states(backend) == ["skipped"]


async def test_a_call_that_was_promised_before_keeps_its_ending(backend: Backend) -> None:
    """It may have rung: what is true of it is written down, list or not."""
    with dialling(backend, ADA) as (held, [ada]):
        assert await held.claim(ada) is None
        suppress(backend, ADA)
        assert await held.settle(ada, UNKNOWN) == UNKNOWN
    assert states(backend) == ["unknown"]


@pytest.mark.parametrize("service", ["sandbox", "https://elsewhere.test"])
async def test_the_list_holds_at_every_service(backend: Backend, service: str) -> None:
    """A wish not to be called is not a matter of who carries the call."""
    suppress(backend, ADA)
    with backend.open() as ledger:
        record = load(ledger, people(ADA), service=service)
        with hold(ledger, record, call_again_after=timedelta(0)) as held:
            [ada] = waiting(ledger, record)
            assert isinstance(await held.claim(ada), ClaimRefused)


async def test_a_number_that_was_taken_off_may_be_called_and_put_on_again(backend: Backend) -> None:
    """And all of it stays to be read."""
    suppress(backend, ADA)
    with backend.open() as ledger:
        assert ledger.suppression.remove(ADA, reason="asked for a call")
        assert not ledger.suppression.remove(ADA, reason="twice")
        assert ledger.suppression.of([ADA], service="") == {}
        assert suppress(backend, ADA, reason="again") == [True]
        assert [e.reason for e in ledger.suppression.entries(removed=True)] == ["asked on the phone", "again"]
        assert [e.reason for e in ledger.suppression.entries()] == ["again"]
        assert ledger.suppression.remove(ADA, reason="asked for a call")
    with dialling(backend, ADA) as (held, [ada]):
        assert await held.claim(ada) is None
        await held.settle(ada, REJECTED)


@pytest.mark.every_database
async def test_a_number_is_on_the_list_once(backend: Backend) -> None:
    """Within one addition, and between two; the first reason stands."""
    assert suppress(backend, ADA, BOB, ADA) == [True, True, False]
    assert suppress(backend, BOB, CY, reason="later") == [False, True]
    with backend.open() as ledger:
        assert [e.reason for e in ledger.suppression.entries()] == ["asked on the phone"] * 2 + ["later"]
        assert set(ledger.suppression.of([ADA, BOB, CY, "+12025550199"], service="")) == {ADA, BOB, CY}


@pytest.mark.parametrize("sound", [True, False])
async def test_an_outcome_can_put_a_number_on_the_list_in_its_own_transaction(backend: Backend, *, sound: bool) -> None:
    """What a call's ending asks for is written down with the ending, or neither is."""
    with backend.open() as ledger:

        def ending(connection: Connection) -> None:
            key = ready_key(connection, ledger.home)
            add_to_list(connection, [ADA], key=key, at="2026", reason="", source="DO_NOT_CALL", service="")
            if not sound:
                raise LedgerError("something else of it cannot be written")

        with contextlib.suppress(LedgerError):
            ledger._writer.do(ending)
        assert [entry.source for entry in ledger.suppression.entries()] == ["DO_NOT_CALL"] * sound


A_DIGEST = "0" * 64
BROKEN = r"only be removed|(?i:check constraint)|suppression\.digest|one_suppression_per_number"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM suppression",
        "UPDATE suppression SET reason = 'no reason'",
        "UPDATE suppression SET digest = replace(digest, 'a', 'b'), removed_at = '2026', removed_reason = ''",
        "UPDATE suppression SET removed_at = '2026'",
        "UPDATE suppression SET removed_at = NULL, removed_reason = NULL WHERE removed_at IS NOT NULL",
        "UPDATE suppression SET removed_at = '2027' WHERE removed_at IS NOT NULL",
        "INSERT INTO suppression SELECT 9, digest, '', '', '', '', '', NULL, NULL FROM suppression WHERE id = 1",
        f"INSERT INTO suppression VALUES (9, '{'0' * 64}', '+12025550101', '2026', '', '', '', NULL, NULL)",  # noqa: S608 - a digest from here
        "INSERT INTO suppression VALUES (9, '+12025550101', '0101', '2026', '', '', '', NULL, NULL)",
        "INSERT INTO suppression_key VALUES (2, 'x')",
    ],
)
async def test_nothing_on_the_list_is_forgotten_or_changed(backend: Backend, statement: str) -> None:
    """By whichever program: an entry can be removed, once, and that is written down beside it."""
    suppress(backend, ADA, BOB)
    with backend.open() as ledger:
        ledger.suppression.remove(BOB, reason="asked for a call")
    before = backend.ask("SELECT * FROM suppression")
    with pytest.raises(
        IntegrityError, match=r"only be removed|(?i:check constraint)|suppression\.digest|one_suppression_per_number"
    ):
        backend.tamper(statement)
    assert backend.ask("SELECT * FROM suppression") == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_claim_finds_a_number_on_the_list_by_its_index(backend: Backend) -> None:
    """A list of a million numbers must not be read through for every call."""
    with backend.open() as ledger, ledger._reading.connect() as connection:
        text, order, _ = _CLAIM_ROW._prepared(connection.dialect)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", tuple("" for _ in order)).all()
    assert any("SEARCH suppression USING" in step[3] and "one_suppression_per_number" in step[3] for step in plan)


# The key


def files_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.iterdir() if path.name != KEY_FILE)


def suppressed_ada(home: Path) -> Path:
    """A ledger that was closed, with one number on its list; the key's file."""
    with open_ledger(home, now=Clock()) as ledger:
        ledger.suppression.add([ADA], reason="", source="cli")
    return home / KEY_FILE


def test_a_number_on_the_list_is_in_no_file(home: Path) -> None:
    """A list of people who do not want to be called must not be a list to call them from."""
    with open_ledger(home, now=Clock()) as ledger:
        ledger.suppression.add([ADA], reason="", source="cli")
        kept, key = files_of(home), (home / KEY_FILE).read_bytes()
    assert b"0101" in kept
    for secret in (ADA[1:].encode(), key, key.hex().encode()):
        assert secret not in kept


@pytest.mark.parametrize("mask", [0, 0o022])
def test_the_key_is_private_and_made_once(home: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        path = suppressed_ada(home)
    finally:
        os.umask(before)
    key = path.read_bytes()
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with open_ledger(home, now=Clock()) as ledger:
        assert ledger.suppression.add([ADA, BOB], reason="", source="cli") == [False, True]
    assert path.read_bytes() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def hold_a_run(ledger: Ledger) -> object:
    with hold(ledger, load(ledger, people(BOB))):
        return None


ASKED: dict[str, Callable[[Ledger], object]] = {
    "a run": hold_a_run,
    "a look": lambda ledger: ledger.suppression.of([ADA], service=""),
    "an addition": lambda ledger: ledger.suppression.add([BOB], reason="", source="cli"),
    "a removal": lambda ledger: ledger.suppression.remove(ADA, reason="x"),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.unlink(), "is missing: without it nobody on the suppression list can be known again"),
        (lambda path: path.write_bytes(bytes(32)), "is not the one of this ledger"),
        (lambda path: path.write_bytes(b"cut off"), "is damaged: 7 bytes, where a key has 32"),
    ],
    ids=["missing", "another", "damaged"],
)
def test_without_its_key_the_list_is_not_taken_for_empty(
    home: Path, *, asked: str, harm: Callable[[Path], object], words: str
) -> None:
    """Under a new key nobody on it would be known again: all of them would be called."""
    path = suppressed_ada(home)
    harm(path)
    left = path.read_bytes() if path.exists() else None
    with open_ledger(home, now=Clock()) as ledger:
        with pytest.raises(LedgerError, match=words) as raised:
            ASKED[asked](ledger)
        assert len(ledger.suppression.entries()) == 1
    assert "; put " in str(raised.value)
    assert str(raised.value).isprintable()
    assert (path.read_bytes() if path.exists() else None) == left


def test_a_list_that_lost_its_key_is_whole_again_with_it(home: Path) -> None:
    path = suppressed_ada(home)
    path.rename(home / "elsewhere")
    with open_ledger(home, now=Clock()) as ledger, pytest.raises(LedgerError):
        ledger.suppression.of([ADA], service="")
    (home / "elsewhere").rename(path)
    with open_ledger(home, now=Clock()) as ledger:
        assert list(ledger.suppression.of([ADA, BOB], service="")) == [ADA]


def test_a_key_of_an_empty_list_may_be_lost(home: Path) -> None:
    """A ledger that was moved without it would refuse to work for nothing."""
    with open_ledger(home, now=Clock()) as ledger:
        ledger.suppression.hasher()
    (home / KEY_FILE).unlink()
    with open_ledger(home, now=Clock()) as ledger:
        ledger.suppression.add([ADA], reason="", source="cli")
        assert list(ledger.suppression.of([ADA], service="")) == [ADA]


@pytest.mark.parametrize("left", [f"{KEY_FILE}.part", KEY_FILE])
def test_a_key_whose_making_was_cut_off_is_no_trouble(home: Path, left: str) -> None:
    """Half a file under another name, or the whole one without its fingerprint in the ledger."""
    with open_ledger(home, now=Clock()):
        pass
    (home / left).write_bytes(b"k" * (32 if left == KEY_FILE else 5))
    assert len(suppressed_ada(home).read_bytes()) == 32
    with open_ledger(home, now=Clock()) as ledger:
        assert list(ledger.suppression.of([ADA], service="")) == [ADA]
    assert not (home / f"{KEY_FILE}.part").exists()


def test_many_programs_that_need_the_key_at_once_get_one(home: Path) -> None:
    """Of two keys one would know nobody that the other put there."""
    ended = list[object]()

    def start(phone: str) -> None:
        with open_ledger(home, now=Clock()) as ledger:
            together.wait()
            try:
                ended.append(ledger.suppression.add([phone], reason="", source="cli"))
            except LedgerError as error:
                ended.append(error)

    phones = [ADA, BOB, CY, "+12025550199"]
    together = threading.Barrier(len(phones))
    threads = [threading.Thread(target=start, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == [[True]] * len(phones)
    with open_ledger(home, now=Clock()) as ledger:
        assert list(ledger.suppression.of(phones, service="")) == phones


def test_a_run_that_began_before_the_first_number_knows_it(home: Path) -> None:
    """Its key was made when the run was held: one made later would be unknown to it."""
    with open_ledger(home, now=Clock()) as ledger:
        digest = ledger.suppression.hasher()
        suppressed_ada(home)
        with closing(sqlite3.connect(home / LEDGER_FILE)) as connection:
            assert connection.execute("SELECT digest FROM suppression").fetchall() == [(digest(ADA),)]
