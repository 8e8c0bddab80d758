"""A whole ledger moves there and back: every table compared, the one that it leaves sealed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from campaign.config.database import LedgerPlace
from campaign.domain.errors import BusyError, CopiedHomeError, LedgerError, UsageError
from campaign.domain.model import Created
from campaign.ledger.database.copying import compare_tables, copy_tables, tables
from campaign.ledger.database.opening import opened_database
from campaign.ledger.database.protocol import Database
from campaign.ledger.home import move_ledger
from campaign.ledger.reading import open_for_reading
from campaign.ledger.records.serving import Role
from campaign.ledger.store import open_ledger
from tests.ledger.backend import ADA, BOB, CY, REJECTED, PostgresBackend, hold, load, named, people, waiting

pytestmark = pytest.mark.anyio
ODD = "half a character \ud83d, a tab\t, a \\\\N and a line\nmore"


@contextmanager
def lived(backend: PostgresBackend) -> Iterator[LedgerPlace]:
    """A ledger in a file, with something in most of its tables."""
    with open_ledger(backend.home, now=backend.clock) as ledger:
        load(ledger, people(ADA, BOB, CY, None), name="december")
        ledger.suppression.add([CY], reason=ODD, source="cli")
        ledger.serving.users.add("ada", role=Role.OPERATOR, password_hash="h")
        ledger.serving.acts.add(who="ada", what="launch", target="december", detail=ODD)
        ledger.serving.orders.order(named(ledger, "december"), "{}", "ada")
    yield LedgerPlace(backend.home)


async def dialled(backend: PostgresBackend) -> None:
    with open_ledger(backend.home, now=backend.clock) as ledger:
        record = named(ledger, "december")
        with hold(ledger, record) as held:
            ada, bob, *_ = waiting(ledger, record)
            await held.claim(ada)
            await held.claim(bob)
            await held.settle(ada, Created("id-1"))
            await held.settle(bob, REJECTED)


def there(backend: PostgresBackend) -> LedgerPlace:
    return LedgerPlace(backend.home, backend.schema.address)


def content(place: LedgerPlace, clock: Callable[[], Any]) -> dict[str, list[Any]]:
    """All that a ledger says, but which file or database it is."""
    del clock
    with opened_database(place.home, place.address) as database, database.reading.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables()
            if table.name != "home"
        }


async def test_a_ledger_is_the_same_there_and_back(backend: PostgresBackend) -> None:
    with lived(backend) as here:
        await dialled(backend)
        before = content(here, backend.clock)
        assert sum(map(bool, before.values())) >= 9
        rows = move_ledger(here, there(backend), now=backend.clock())
        assert rows == sum(map(len, before.values())) + 1
        assert content(there(backend), backend.clock) == before
        with backend.open() as ledger:
            backend.clock.passes(timedelta(hours=1))
            load(ledger, people(ADA), name="january")  # what numbers rows goes on after those that came
        after = content(there(backend), backend.clock)
        move_ledger(there(backend), here, now=backend.clock())
        assert content(here, backend.clock) == after
        with open_ledger(backend.home, now=backend.clock) as ledger:
            named(ledger, "january")
        assert (backend.home / "ledger.db.moved-1").exists()


async def test_what_was_left_refuses_everything_and_says_where_it_is(backend: PostgresBackend) -> None:
    """By whichever program, and also a process that has had it open all the time."""
    with lived(backend) as here, open_ledger(backend.home, now=backend.clock) as open_before:
        record = named(open_before, "december")
        move_ledger(here, there(backend), now=backend.clock())
        for opens in (open_ledger, open_for_reading):
            with pytest.raises(LedgerError, match="was moved to postgresql://"), opens(here.home, now=backend.clock):
                pass
        with (
            pytest.raises(LedgerError, match="was moved to"),
            open_ledger(here.home, now=backend.clock, go_on_here=True),
        ):
            pass
        with pytest.raises(LedgerError, match="was moved to postgresql://"):
            open_before.suppression.add([ADA], reason="", source="cli")
        [ada, *_] = waiting(open_before, record)
        with pytest.raises(LedgerError, match="was moved to postgresql://"), hold(open_before, record) as held:
            await held.claim(ada)


async def test_a_database_that_was_left_is_sealed_likewise(backend: PostgresBackend) -> None:
    with backend.open() as ledger:
        load(ledger, people(ADA))
    move_ledger(there(backend), LedgerPlace(backend.home), now=backend.clock())
    with pytest.raises(LedgerError, match=r"was moved to .*home"), backend.open():
        pass
    for statement in ("UPDATE run SET again = 1", "DELETE FROM draft", "TRUNCATE delay, timetable"):
        with pytest.raises(IntegrityError, match="was moved to"):
            backend.tamper(statement)


@pytest.mark.parametrize("when", ["before it begins", "while it is copied"])
async def test_a_move_back_that_is_refused_leaves_the_sealed_file_in_its_place(
    backend: PostgresBackend, *, when: str
) -> None:
    """An empty ledger in its place would be gone on with by whoever forgets CAMPAIGN_DB: all would be called anew."""
    with lived(backend) as here:
        move_ledger(here, there(backend), now=backend.clock())
    with ExitStack() as until_it_is_over:
        if when == "before it begins":
            ledger = until_it_is_over.enter_context(backend.open())
            until_it_is_over.enter_context(hold(ledger, named(ledger, "december")))
        else:
            backend.tamper("ALTER TABLE suppression RENAME COLUMN reason TO reasons")
        with pytest.raises((BusyError, LedgerError)):
            move_ledger(there(backend), here, now=backend.clock())
    with pytest.raises(LedgerError, match="was moved to postgresql://"), open_ledger(here.home, now=backend.clock):
        pass
    assert not (backend.home / "ledger.db.moved-1").exists()


async def test_a_run_that_is_held_keeps_its_ledger_where_it_is(backend: PostgresBackend) -> None:
    """Its calls are on their way, and their endings would be written nowhere."""
    with lived(backend) as here, open_ledger(backend.home, now=backend.clock) as ledger:
        with (
            hold(ledger, named(ledger, "december")),
            pytest.raises(BusyError, match="run 'december' is being worked on"),
        ):
            move_ledger(here, there(backend), now=backend.clock())
        move_ledger(here, there(backend), now=backend.clock())


async def test_a_place_with_content_is_left_as_it_is(backend: PostgresBackend) -> None:
    with lived(backend) as here:
        with backend.open() as ledger:
            load(ledger, people(BOB), name="other")
        before = content(there(backend), backend.clock)
        with pytest.raises(LedgerError, match="holds a ledger with content"):
            move_ledger(here, there(backend), now=backend.clock())
        assert content(there(backend), backend.clock) == before
        with pytest.raises(LedgerError, match="is a ledger that is in use"):
            move_ledger(there(backend), here, now=backend.clock())
        with pytest.raises(UsageError, match="there already"):
            move_ledger(here, here, now=backend.clock())
        with open_ledger(backend.home, now=backend.clock) as ledger:
            named(ledger, "december")


@contextmanager
def copied(backend: PostgresBackend) -> Iterator[tuple[Database, Connection, Connection]]:
    """A move that has copied everything, and was cut off there: (the target, its connection, the source's)."""
    with (
        lived(backend) as here,
        opened_database(here.home, None) as source,
        opened_database(here.home, backend.schema.address) as target,
        source.reading.connect() as reading,
        target.writing.begin() as writing,
    ):
        copy_tables(writing, source=reading)
        yield target, writing, reading


@pytest.mark.parametrize(
    "loss",
    [
        "UPDATE sheet_row SET cells = '[]' WHERE number = 2",
        "DELETE FROM dial_order",
        "INSERT INTO clock_reading (run_id, at, trusted) VALUES (1, '2026', 0)",
    ],
    ids=["changed", "lost", "added"],
)
async def test_a_copy_that_is_not_the_same_is_no_move(backend: PostgresBackend, loss: str) -> None:
    with copied(backend) as (_, writing, reading):
        compare_tables(writing, source=reading)
        writing.exec_driver_sql(loss)
        with pytest.raises(LedgerError, match="what was copied is not what stood there"):
            compare_tables(writing, source=reading)


async def test_a_move_that_is_cut_off_before_the_seal_leaves_one_ledger_that_goes_on(
    backend: PostgresBackend, home: Path
) -> None:
    """Two that go on from one state call everybody twice."""
    with copied(backend):
        pass
    with pytest.raises(CopiedHomeError), backend.open():
        pass
    with open_ledger(home, now=backend.clock) as ledger:
        named(ledger, "december")
