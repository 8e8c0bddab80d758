"""PostgreSQL as the ledger's database: a server that several machines share."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import chain
from pathlib import Path

import psycopg
from sqlalchemy import ARRAY, BigInteger, Connection, Engine, bindparam, select, text
from sqlalchemy.exc import DBAPIError

from campaign.config.database import DatabaseAddress
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import CopiedHomeError, LedgerError
from campaign.ledger.database.protocol import Database
from campaign.ledger.postgres.clock import DatabaseClock
from campaign.ledger.postgres.connecting import Connector, session_name
from campaign.ledger.postgres.holds import HELD, SessionHolds
from campaign.ledger.postgres.keys import Locked, class_of, keys_of_lines
from campaign.ledger.postgres.refusals import refuse_unfit
from campaign.ledger.postgres.trouble import cannot_connect, trouble
from campaign.ledger.postgres.versions import ready_schema
from campaign.ledger.records.workers import EnginePlace
from campaign.ledger.schema.tables import suppression

_LOCK_NUMBERS = text("SELECT count(pg_advisory_xact_lock(key)) FROM unnest(:keys) AS key").bindparams(
    bindparam("keys", type_=ARRAY(BigInteger))
)
_END_SESSIONS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = :name AND datname = current_database() AND pid <> pg_backend_pid()"
)
# What a copy of the database does not share: another server, another branch of its history, or other tables.
_IDENTITY = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), "
    "'home'::regclass::oid::bigint, current_database(), current_schema()"
)


class PostgresDatabase(Database):
    """One opening of a ledger on a server. The attributes are those of the port."""

    def __init__(self, connector: Connector, *, schema: str) -> None:
        self._connector, self._schema = connector, schema
        self.writing, self.reading = connector.engine_to_write(), connector.engine_to_read()
        self.ends, self.place = ExitStack(), str(connector.address)
        self._alone = text(f"SELECT pg_advisory_xact_lock({class_of(Locked.LEDGER, schema)}, 0)")
        self._holds, self._clock = SessionHolds(connector, schema), DatabaseClock()
        self._held = HELD.format(class_of(Locked.RUN, schema))

    def check(self) -> None:
        """See the port."""
        self._holds.check()

    def explain(self, error: DBAPIError) -> str:
        """See the port."""
        return trouble(self.place, error)

    def lock(self, connection: Connection, *, alone: bool, numbers: Iterable[str]) -> None:
        """See the port."""
        if alone:
            connection.execute(self._alone)
        self.lock_numbers(connection, numbers)

    def lock_numbers(self, connection: Connection, numbers: Iterable[str]) -> None:
        """See the port."""
        if keys := keys_of_lines(numbers):
            connection.execute(_LOCK_NUMBERS, {"keys": keys})

    def name_sessions(self, owner: str) -> None:
        """See the port."""
        self._connector.name(owner)
        # What was opened to look at the schema has no owner; what comes next has.
        for engine in (self.writing, self.reading):
            engine.dispose()

    def engine_place(self) -> EnginePlace:
        """See the port."""
        return EnginePlace(self._connector.parameters(), schema=self._schema)

    def end_sessions(self, connection: Connection, owner: str) -> None:
        """See the port."""
        connection.execute(_END_SESSIONS, {"name": session_name(owner)})

    def hold_run(self, *, name: str, number: int) -> AbstractContextManager[None]:
        """See the port."""
        return self._holds.run(name=name, number=number)

    def hold_schedule(self, *, name: str, number: int) -> AbstractContextManager[None]:
        """See the port."""
        return self._holds.schedule(name=name, number=number)

    def held_runs(self) -> frozenset[int]:
        """See the port."""
        with self.reading.connect() as connection:
            return frozenset(connection.exec_driver_sql(self._held).scalars())

    def ahead(self, connection: Connection) -> float:
        """See the port."""
        return self._clock.ahead(connection)

    def identity(self, connection: Connection) -> tuple[str, str]:
        """See the port."""
        server, timeline, tables, database, schema = connection.execute(_IDENTITY).one()
        return f"server {server}, timeline {timeline}, tables {tables}", f"database {database}, schema {schema}"

    def copied(self, was: str) -> CopiedHomeError:
        """See the port."""
        return CopiedHomeError(
            f"{self.place} is not the database that it was ({was}): it looks as if it was put back from a backup, or "
            "as if a standby took over; what was written last may be missing, and calls may be going on with the other "
            "one, so nothing was sent",
            cure=Cure(CureCode.GO_ON_HERE),
        )

    def is_kept(self) -> None:
        """Nothing: what is committed is in the server's hands."""

    def read_back(self, numbers: Sequence[Sequence[str]]) -> None:
        """See the port."""
        active = select(suppression.c.digest).where(suppression.c.removed_at.is_(None))
        with self.reading.connect() as connection:
            there = set(connection.execute(active.where(suppression.c.digest.in_(list(chain(*numbers))))).scalars())
        if any(there.isdisjoint(spelt) for spelt in numbers):
            raise LedgerError(f"{self.place}: an opt-out was written, and is not there; add it again")

    @contextmanager
    def unguarded(self, connection: Connection) -> Iterator[None]:
        """See the port: the guard of the history asks for this setting."""
        connection.execute(text("SET LOCAL campaign.forgetting = 'on'"))
        yield
        connection.execute(text("SET LOCAL campaign.forgetting = 'off'"))

    @contextmanager
    def beside(self) -> Iterator[Database]:
        """See the port."""
        # With a connector of its own: who ends the sessions of one opening must not end another's.
        yield PostgresDatabase(Connector(self._connector.address), schema=self._schema)

    def close_reading(self, lost: LedgerError | None) -> None:
        """See the port."""
        del lost
        self.reading.dispose()


@contextmanager
def opened_postgres(home: Path, address: DatabaseAddress) -> Iterator[Database]:
    """Opens the ledger at this address, and creates it in an empty schema.

    Args:
        home: the folder of what is not in the database; made if absent.
        address: of the database.

    Raises:
        LedgerError: it cannot be reached, trusted or written; or the folder cannot be made.
    """
    _make(home)
    connector = Connector(address)
    try:
        database = PostgresDatabase(connector, schema=refuse_unfit(connector))
    except psycopg.Error as error:
        raise LedgerError(cannot_connect(address, error)) from None
    with ExitStack() as opened:
        for engine in (database.writing, database.reading):
            opened.callback(engine.dispose)
        _ready(database.writing, address, database)
        with database.ends:
            yield database


def _ready(writing: Engine, address: DatabaseAddress, database: PostgresDatabase) -> None:
    try:
        ready_schema(writing, address, schema=database._schema)  # noqa: SLF001 - of this module
    except DBAPIError as error:
        raise LedgerError(database.explain(error)) from None


def _make(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(
            f"the ledger's folder {home} cannot be made: {error.strerror}; point CAMPAIGN_HOME at another folder"
        ) from None
