"""What a ledger's tests need of a database, and the people and sheets that they put into it.

A backend is a place where ledgers can be opened, and where another program can look and tamper. SQLite in a folder is
one; a second database passes the same tests by being one more `Backend`.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, create_engine, event, text

from campaign.domain.errors import LedgerError
from campaign.domain.model import (
    Attempt,
    Cause,
    Contact,
    Invalid,
    NotSent,
    Problem,
    Rejected,
    Row,
    RowState,
    Screened,
    Skip,
    Unknown,
)
from campaign.domain.skip_reason import Skipped
from campaign.ledger.records.drafts import DraftRerun
from campaign.ledger.records.earlier_calls import said_in
from campaign.ledger.records.runs import Draft, RunRecord, WaitingRow
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.store import Ledger, open_ledger
from campaign.ledger.writes.claims import Settlement
from campaign.ledger.writes.run_session import Journal, JournaledRun
from campaign.ledger.writes.workers.boot_clock import boot_seconds
from tests.loading import NEW, loaded_run
from tests.postgres_server import OwnSchema

SERVICE = "https://aicaller.test"
WINDOW = timedelta(hours=24)
ADA, BOB, CY, DEE = (f"+120255501{number:02d}" for number in range(1, 5))

REJECTED = Rejected(status=400, reason="400: toPhoneNumber is not valid")
NOT_SENT = NotSent(cause=Cause.CONNECT, reason="connection refused")
UNKNOWN = Unknown(reason="the answer was lost", evidence={"ended": "ReadError"})


class Clock:
    """A wall clock that stands still until it is told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def passes(self, time: timedelta) -> None:
        self.at += time


class Backend(Protocol):
    """A database with room for one folder's ledger."""

    clock: Clock

    def open(self, *, boot: Callable[[], float] = boot_seconds) -> AbstractContextManager[Ledger]:
        """A ledger as one process has it; several at a time are several processes.

        `boot` is the clock that goes on while the process is stopped.
        """

    def ask(self, question: str, **values: Any) -> list[Any]:
        """What another program sees: only what is committed."""

    def tamper(self, statement: str, **values: Any) -> None:
        """What another program writes, past the ledger's own code but not past the database's rules."""

    def unguard(self, trigger: str, *, of: str) -> None:
        """Takes one of the database's own rules away from a table."""

    def close(self) -> None:
        """Lets go of the other program's connection."""


class SqliteBackend:
    def __init__(self, home: Path, clock: Clock) -> None:
        self.home, self.clock = home, clock
        self._beside = self._engine()

    def open(self, *, boot: Callable[[], float] = boot_seconds) -> AbstractContextManager[Ledger]:
        return open_ledger(self.home, now=self.clock, boot=boot)

    def ask(self, question: str, **values: Any) -> list[Any]:
        with self._beside.connect() as connection:
            return list(connection.execute(text(question), values).all())

    def tamper(self, statement: str, **values: Any) -> None:
        with self._beside.begin() as connection:
            connection.execute(text(statement), values)

    def unguard(self, trigger: str, *, of: str) -> None:
        del of
        self.tamper(f"DROP TRIGGER {trigger}")

    def close(self) -> None:
        self._beside.dispose()

    def _engine(self) -> Engine:
        engine = create_engine(URL.create("sqlite", database=str(self.home / LEDGER_FILE)))

        @event.listens_for(engine, "connect")
        def _with_the_rules_on(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA foreign_keys=ON").close()

        return engine


class PostgresBackend:
    """A schema of a server. Its tables are made by the first who opens a ledger there."""

    def __init__(self, home: Path, clock: Clock, schema: OwnSchema) -> None:
        self.home, self.clock, self.schema = home, clock, schema

    def open(self, *, boot: Callable[[], float] = boot_seconds) -> AbstractContextManager[Ledger]:
        return open_ledger(self.home, now=self.clock, address=self.schema.address, boot=boot)

    def ask(self, question: str, **values: Any) -> list[Any]:
        with self.schema.engine.connect() as connection:
            return list(connection.execute(text(question), values).all())

    def tamper(self, statement: str, **values: Any) -> None:
        with self.schema.engine.begin() as connection:
            connection.execute(text(statement), values)

    def unguard(self, trigger: str, *, of: str) -> None:
        self.tamper(f"DROP TRIGGER {trigger} ON {of}")

    def close(self) -> None:
        """Nothing is open but the schema, which is its maker's."""


def person(number: int, phone: str | None, *, name: str = "Ada", skip: Skipped | None = None) -> Screened:
    """A row of a sheet; without a phone an invalid one."""
    row = Row(number=number, cells=(name, phone or ""))
    if phone is None:
        problem = Problem(row=number, column="Mobile", value="", reason="is empty", cure="write the number")
        return Screened(row, Invalid((problem,)))
    contact = Contact(row=number, name=name, phone=phone, variables=(("doctor", "Dr. Who"),))
    return Screened(row, Skip(contact, skip) if skip else contact)


def people(*phones: str | None) -> list[tuple[str, Screened]]:
    """Rows with their keys, numbered as in a sheet."""
    return [(f"key-{number}", person(number, phone)) for number, phone in enumerate(phones, 2)]


def draft(*, service: str = SERVICE, template: str = "template-1") -> Draft:
    return Draft(
        service=service, template_fingerprint=template, sheet="people.csv", header=("Name", "Mobile"), plan="{}"
    )


def load(
    ledger: Ledger,
    rows: Sequence[tuple[str, Screened]],
    *,
    name: str = "december",
    service: str = SERVICE,
    template: str = "template-1",
    again: bool = False,
) -> RunRecord:
    """A run that is ready to be dialled."""
    made = draft(service=service, template=template)
    return loaded_run(ledger, made, rows, content=name, name=name, again=again)


def named(ledger: Ledger, name: str) -> RunRecord:
    record = ledger.read.runs.find(name)
    assert record is not None
    return record


def waiting(ledger: Ledger, record: RunRecord, *, from_round: int = 0) -> list[Attempt]:
    """The next attempt of each row that waits."""
    return [next_attempt(row) for row in ledger.read.rows.waiting(record.id, from_round=from_round)]


def put_back_rejected(ledger: Ledger, record: RunRecord) -> int:
    """As a rerun of all that was refused does; how many."""
    failed = ledger.read.reruns.failed(record.id)
    rejected = {row.id: row.attempts for row in failed if row.state is RowState.REJECTED}
    chosen = ledger.drafts.choose(NEW, record, DraftRerun(rejected), view="{}")
    return ledger.drafts.publish_rerun(chosen, record).rows


def next_attempt(row: WaitingRow) -> Attempt:
    return Attempt(
        row_id=row.id,
        row_number=row.number,
        number=row.attempts + 1,
        phone=row.contact.phone,
        body=b"{}",
        waiting_as=row.state,
        said=said_in(row.contact),
    )


def hold(
    ledger: Ledger, record: RunRecord, *, call_again_after: timedelta = WINDOW
) -> AbstractContextManager[JournaledRun]:
    return ledger.hold(record, call_again_after=call_again_after)


class NoJournal:
    """Where a test has no need of one."""

    def keep(self, *settlements: Settlement) -> None:
        """Forgets them."""


def intruder(ledger: Ledger, held: JournaledRun, *, journal: Journal | None = None) -> JournaledRun:
    """A process that works on a run that another one holds, as it would where locks do not hold."""
    with suppress(LedgerError):  # where its disk has failed, its claims fail as well
        ledger._membership.done(ledger._writer.do(ledger._membership.join))
    return JournaledRun(
        held.record,
        writer=ledger._writer,
        journal=journal or NoJournal(),
        membership=ledger._membership,
        now=ledger.now,
        call_again_after=WINDOW,
        digest=held._digest,
        recovered=0,
    )


def everything(backend: Backend) -> list[list[Any]]:
    """All that the ledger says, to see that nothing was written."""
    return [backend.ask(f"SELECT * FROM {table}") for table in ("run", "sheet_row", "attempt", "event")]  # noqa: S608 - names from here


@contextmanager
def dialling(
    backend: Backend, *phones: str | None, name: str = "december"
) -> Iterator[tuple[JournaledRun, list[Attempt]]]:
    """One process that holds a new run of these numbers: (the run, the first attempts of its rows)."""
    with backend.open() as ledger:
        record = load(ledger, people(*phones), name=name)
        with hold(ledger, record) as held:
            yield held, waiting(ledger, record)


def states(backend: Backend, *, run: str = "december") -> list[str]:
    """Where the run's rows stand, in the sheet's order."""
    found = backend.ask(
        "SELECT r.state FROM sheet_row r JOIN run ON run.id = r.run_id WHERE run.name = :run ORDER BY r.id", run=run
    )
    return [state for (state,) in found]


def assert_counts_are_those_of_the_rows(backend: Backend) -> None:
    """What is kept beside the rows, so that nobody has to count or seek them, is what counting would find."""
    rows = (
        "SELECT r.run_id, r.state, coalesce(r.skip_reason, ''), count(*) "
        "FROM sheet_row r JOIN run ON run.id = r.run_id WHERE run.state = 'ready' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    kept = "SELECT run_id, state, skip_reason, rows FROM row_count WHERE rows > 0 ORDER BY 1, 2, 3"
    assert backend.ask(kept) == backend.ask(rows)
    parted = "SELECT 1 FROM attempt a LEFT JOIN call_outcome o ON o.call_id = a.call_id WHERE {} <> {}"
    assert not backend.ask(parted.format("(a.polled IS NOT NULL)", "(o.call_id IS NOT NULL)"))


def assert_history_explains_the_present(backend: Backend) -> None:
    """Every row's events lead without a gap from where it began to where it stands, its attempts with it."""
    assert_counts_are_those_of_the_rows(backend)
    moves, attempts = defaultdict[int, list[Any]](list), defaultdict[int, list[Any]](list)
    for row_id, *move in backend.ask("SELECT row_id, attempt, from_state, to_state FROM event ORDER BY id"):
        moves[row_id].append(move)
    for row_id, *attempt in backend.ask("SELECT row_id, number, outcome FROM attempt ORDER BY row_id, number"):
        attempts[row_id].append(attempt)
    for row_id, state, made in backend.ask("SELECT id, state, attempts FROM sheet_row"):
        stands = "pending" if moves[row_id] else state
        for _, before, after in moves[row_id]:
            assert before == stands, f"row {row_id} moved from {before} while it stood at {stands}"
            stands = after
        assert stands == state, f"row {row_id} stands at {state}, and its history ends at {stands}"
        claims = [number for number, _, after in moves[row_id] if after == "sending"]
        assert claims == [number for number, _ in attempts[row_id]] == list(range(1, made + 1))
        still_open = [number for number, outcome in attempts[row_id] if outcome is None]
        assert still_open == ([made] if state == "sending" else [])
