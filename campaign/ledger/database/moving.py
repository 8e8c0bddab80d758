"""Moves a whole ledger into another database, and seals the one that it leaves.

    source locked, no run held --> copied --> compared --> target committed --> source sealed --> target recognised

Cut off before the seal, the source goes on, and the target is refused as the copy that it is. What is sealed refuses
every write, by whichever program: a claim of a process that has it open still fails at the database.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError

from campaign.config.database import LedgerPlace
from campaign.domain.cures.runs import wait_and_resume
from campaign.domain.errors import BusyError, LedgerError, UsageError
from campaign.ledger.database.copying import Copied, compare_tables, copy_tables, refuse_filled, tables
from campaign.ledger.database.identity import recognise
from campaign.ledger.database.opening import opened_database
from campaign.ledger.database.protocol import Database
from campaign.ledger.database.sealing import MOVED, refuse_moved
from campaign.ledger.schema.home_table import home
from campaign.ledger.schema.tables import run
from campaign.ledger.sqlite.engine import LEDGER_FILE

_OPERATIONS = ("INSERT", "UPDATE", "DELETE")


def move(source: LedgerPlace, target: LedgerPlace, *, at: str) -> Copied:
    """Moves the ledger; one of the two places is a file in the folder, or both are databases.

    Args:
        source: where it is.
        target: an empty database, or the folder of a file that is not there, or is sealed.
        at: now, as the ledger writes instants.

    Raises:
        UsageError: both are one place.
        BusyError: a run is held.
        LedgerError: the target has content, or one of them fails; then the source goes on as it was.
    """
    if source.address == target.address:
        raise UsageError("the ledger is there already")
    with ExitStack() as opened:
        leaving = opened.enter_context(opened_database(source.home, source.address))
        opened.callback(leaving.reading.dispose)
        opened.callback(leaving.writing.dispose)
        refuse_moved(leaving)
        _refuse_held(leaving)
        if target.address is None:
            opened.enter_context(_room_in(target.home, leaving))
        arriving = opened.enter_context(opened_database(target.home, target.address))
        opened.callback(arriving.reading.dispose)
        opened.callback(arriving.writing.dispose)
        try:
            return _moved(leaving, arriving, at=at)
        except DBAPIError as error:
            # The driver's words are of either; the place that is written is the likelier.
            raise LedgerError(arriving.explain(error)) from None


def _moved(leaving: Database, arriving: Database, *, at: str) -> Copied:
    with leaving.writing.begin() as locked:
        leaving.lock(locked, alone=True, numbers=())
        _lock_tables(locked)
        _refuse_held(leaving)
        with leaving.reading.connect() as reading, arriving.writing.begin() as writing:
            refuse_filled(writing, arriving.place)
            copied = copy_tables(writing, source=reading)
            compare_tables(writing, source=reading)
        _seal(locked, to=arriving.place)
    with arriving.writing.begin() as writing:
        recognise(writing, arriving, at=at, go_on_here=True)
    return copied


def _refuse_held(database: Database) -> None:
    held = database.held_runs()
    if not held:
        return
    with database.reading.connect() as connection:
        names = connection.execute(select(run.c.name).where(run.c.id.in_(held)).order_by(run.c.id)).scalars().all()
    name = names[0] if names else f"number {min(held)}"
    raise BusyError(f"run {name!r} is being worked on, and a ledger moves at rest", cure=wait_and_resume(name))


def _lock_tables(connection: Connection) -> None:
    """Keeps every other from writing; where one writes at a time, the transaction does so."""
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        connection.execute(text(f"LOCK TABLE {', '.join(quote(one.name) for one in tables())} IN EXCLUSIVE MODE"))


def _seal(connection: Connection, *, to: str) -> None:
    connection.execute(update(home).values(file=MOVED, path=to))
    quote = connection.dialect.identifier_preparer.quote
    said = f"the ledger was moved to {to}".replace("'", "''")
    for table in tables():
        if connection.dialect.name == "postgresql":
            operations = f"{' OR '.join(_OPERATIONS)} OR TRUNCATE"
            connection.exec_driver_sql(
                f"CREATE TRIGGER moved BEFORE {operations} ON {quote(table.name)} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION refuse('{said}')".replace("%", "%%")
            )
            continue
        for operation in _OPERATIONS:
            connection.exec_driver_sql(
                f"CREATE TRIGGER moved_{table.name}_{operation.lower()} BEFORE {operation} ON {quote(table.name)} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )


@contextmanager
def _room_in(folder: Path, leaving: Database) -> Iterator[None]:
    """Room for a file; where nothing came to fill it, the sealed one of an earlier move is in its place again.

    Else an empty ledger would stand there, and a run without CAMPAIGN_DB would call everybody anew.
    """
    aside = _make_room(folder)
    try:
        yield
    except BaseException:
        if not _is_sealed(leaving):
            path = folder / LEDGER_FILE
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            if aside is not None:
                aside.rename(path)
        raise


def _make_room(folder: Path) -> Path | None:
    """Puts a sealed file of an earlier move aside, and begins an empty one: the list's key stays where it is."""
    path, aside = folder / LEDGER_FILE, None
    if path.exists() and path.stat().st_size:
        with opened_database(folder, None) as database:
            database.ends.callback(database.reading.dispose)
            database.ends.callback(database.writing.dispose)
            if not _is_sealed(database):
                raise LedgerError(f"{path} is a ledger that is in use; move it away first")
        aside = next(one for number in count(1) if not (one := path.with_name(f"{path.name}.moved-{number}")).exists())
        path.rename(aside)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return aside


def _is_sealed(database: Database) -> bool:
    with database.reading.connect() as connection:
        return connection.execute(select(home.c.file)).scalar() == MOVED
