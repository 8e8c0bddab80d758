"""Servers and databases that cannot keep what a ledger is told to keep: one line each, and nothing is written there."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast
from urllib.parse import quote

import pytest

from campaign.config.database import DatabaseAddress
from campaign.domain.errors import CopiedHomeError, LedgerError
from campaign.ledger.postgres.refusals import OLDEST, _is_lent, _unfit
from campaign.ledger.reading import open_for_reading
from campaign.ledger.store import open_ledger
from tests.ledger.backend import ADA, Clock, PostgresBackend, load, named, people
from tests.postgres_server import own_schema

FIT = {
    "version": OLDEST,
    "encoding": "UTF8",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "in_recovery": False,
    "read_only": "off",
    "schema": "public",
}
ADDRESS = DatabaseAddress("postgresql://ada:secret@db.example/calls")


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"version": OLDEST - 1}, "a ledger needs 14 or newer"),
        ({"in_recovery": True}, "is a standby, or still recovering"),
        ({"read_only": "on"}, "is read-only for this role"),
        ({"encoding": "SQL_ASCII"}, "stores text as SQL_ASCII"),
        ({"schema": None}, "has no schema for this role"),
        ({"synchronous_commit": "off"}, "not on the disk"),
        ({"fsync": "off"}, "a power cut would call people twice"),
        ({"full_page_writes": "off"}, "a power cut would call people twice"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_server_that_is_not_fit_is_refused(setting: dict[str, Any], says: str) -> None:
    """Each would lose what it was told to keep, or cannot be told anything."""
    assert says in (_unfit(SimpleNamespace(**FIT | setting), ADDRESS) or "")
    assert _unfit(SimpleNamespace(**FIT), ADDRESS) is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("-csynchronous_commit=off", "synchronous_commit=off"),
        ("-cdefault_transaction_read_only=on", "is read-only for this role"),
        ("-csearch_path=nowhere", "has no schema for this role"),
    ],
)
def test_what_a_real_server_says_of_itself_is_heard(backend: PostgresBackend, options: str, says: str) -> None:
    """The names of the settings are the server's."""
    address = replace(backend.schema.address, url=f"{backend.schema.url}%20{quote(options)}")
    with pytest.raises(LedgerError, match=says), open_ledger(backend.home, now=backend.clock, address=address):
        pass
    with backend.open():
        pass  # the same place is fit without it


def test_a_server_that_does_not_wait_for_its_disk_is_refused(backend: PostgresBackend, home: Path) -> None:
    """As the one of these tests is: only they may say that it is accepted."""
    address = DatabaseAddress(backend.schema.url)
    with pytest.raises(LedgerError, match="fsync"), open_ledger(home, now=backend.clock, address=address):
        pass
    with backend.open():
        pass


def test_a_database_of_another_program_is_refused_and_left_as_it_is(postgres: Path, home: Path, clock: Clock) -> None:
    """Its tables are somebody's, and ours beside them would be taken for theirs."""
    with own_schema(postgres) as schema:
        with schema.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE invoice (id int)")
        for _ in range(2):
            with (
                pytest.raises(LedgerError, match="belongs to another program"),
                open_ledger(home, now=clock, address=schema.address),
            ):
                pass
        with schema.engine.begin() as connection:
            assert connection.exec_driver_sql("SELECT to_regclass('run')").scalar() is None


def test_a_ledger_of_a_newer_version_is_refused(backend: PostgresBackend) -> None:
    with backend.open():
        pass
    backend.tamper("UPDATE campaign_ledger SET version = version + 1")
    with pytest.raises(LedgerError, match="was written by a newer version of campaign"), backend.open():
        pass


def test_several_that_begin_at_once_make_one_ledger(backend: PostgresBackend) -> None:
    """Two machines that are switched on in the morning."""
    failed = list[BaseException]()

    def opens() -> None:
        try:
            with backend.open():
                pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is a failure of this test
            failed.append(error)

    threads = [threading.Thread(target=opens) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert backend.ask("SELECT count(*) FROM home") == [(1,)]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://ada:s3cret@127.0.0.1:1/calls", r"postgresql://ada@127\.0\.0\.1:1/calls cannot be reached"),
        ("postgresql:///calls?host=/nowhere&password=s3cret", r"postgresql:///calls\?host=/nowhere cannot be reached"),
        ("postgresql://ada:s3cret@localhost/calls?s3cret=1", "is no address that PostgreSQL knows"),
    ],
)
def test_what_cannot_be_reached_is_named_without_its_password(home: Path, url: str, says: str) -> None:
    with (
        pytest.raises(LedgerError, match=says) as caught,
        open_for_reading(home, now=Clock(), address=DatabaseAddress(url, password="s3cret2")),
    ):
        pass
    assert "s3cret" not in str(caught.value)


def test_a_database_that_is_not_there_says_so(postgres: Path, home: Path, clock: Clock) -> None:
    address = DatabaseAddress(f"postgresql://tester@/nothing?host={postgres}")
    with pytest.raises(LedgerError, match="create it, or name another"), open_ledger(home, now=clock, address=address):
        pass


def test_a_ledger_that_was_put_back_from_a_copy_asks_before_it_goes_on(backend: PostgresBackend, home: Path) -> None:
    """What was written last may be missing, and who waits there was called meanwhile."""
    with backend.open() as ledger:
        load(ledger, people(ADA))
    backend.tamper("UPDATE home SET file = 'another server'")
    with pytest.raises(CopiedHomeError, match="put back from a backup, or as if a standby took over"), backend.open():
        pass
    address = backend.schema.address
    with open_ledger(home, now=backend.clock, address=address, go_on_here=True) as ledger:
        named(ledger, "december")
    with backend.open() as ledger:
        named(ledger, "december")


class Client:
    """A client of a pooler: each question goes to a session that the pooler lends."""

    def __init__(self, lend: Callable[[], int]) -> None:
        self._lend = lend

    def execute(self, _question: str) -> "Client":
        self.pid = self._lend()
        return self

    def fetchone(self) -> tuple[int]:
        return (self.pid,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("first", "second", "lent"),
    [([7, 7], [8], False), ([7, 8], [7], True), ([7, 9], [8], True)],
    ids=["keeps sessions", "lends the last one", "lends them in turn"],
)
def test_a_pooler_that_lends_a_session_for_a_transaction_is_told_from_one_that_keeps_them(
    first: list[int], second: list[int], *, lent: bool
) -> None:
    """A run would be held by whoever comes to its session next."""
    connector = SimpleNamespace(connect=lambda: Client(iter(second).__next__))
    assert _is_lent(cast("Any", connector), cast("Any", Client(iter(first).__next__))) is lent
