"""The writer of a ledger that is thrown away: one transaction between two readings, and no reading is late."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from campaign.domain.errors import LedgerError
from campaign.ledger.database.protocol import Database
from campaign.ledger.sqlite.database import opened_sqlite
from campaign.ledger.sqlite.passing.inline_writer import InlineWriter

pytestmark = pytest.mark.anyio


class Open:
    """An open file, its writer, and how many transactions were committed."""

    def __init__(self, database: Database) -> None:
        self.reading = database.reading
        self.commits = 0
        event.listen(database.writing, "commit", self._count)
        self.writer = InlineWriter(database)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    def notes(self) -> list[str]:
        with self.reading.connect() as connection:
            return [str(one) for one in connection.execute(text("SELECT word FROM note ORDER BY rowid")).scalars()]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    with opened_sqlite(tmp_path, outlives=False) as database:
        made = Open(database)
        made.writer.do(lambda c: c.execute(text("CREATE TABLE note (word TEXT UNIQUE)")))
        assert made.notes() == []
        made.commits = 0
        yield made
        made.writer.close()
        made.reading.dispose()


def writes(word: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute(text("INSERT INTO note VALUES (:word)"), {"word": word})
        return word

    return work


async def test_what_is_written_between_two_readings_is_one_transaction_and_is_read(opened: Open) -> None:
    """A commit for each step of each call was a sixth of a rehearsal."""
    for word in ("a", "b", "c"):
        assert await opened.writer.hand_over(writes(word)) == word
    assert opened.commits == 0
    assert opened.notes() == ["a", "b", "c"]
    assert opened.commits == 1


async def test_work_that_fails_takes_nothing_else_with_it(opened: Open) -> None:
    """One transaction, and still each group whole or not at all."""
    assert await opened.writer.hand_over(writes("a")) == "a"
    first, again = opened.writer.hand_over(writes("b")), opened.writer.hand_over(writes("a"))
    assert await first == "b"
    with pytest.raises(LedgerError):
        await again
    assert await opened.writer.hand_over(writes("c")) == "c"
    assert opened.notes() == ["a", "b", "c"]


async def test_work_of_a_thread_that_reads_as_it_writes_sees_what_was_written_before(opened: Open) -> None:
    assert await opened.writer.hand_over(writes("a")) == "a"
    assert opened.writer.do(lambda _: opened.notes()) == ["a"]
