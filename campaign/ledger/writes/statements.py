"""Prepared statements: SQL text that is compiled once, for the few statements that run for every call.

Compiling the text and matching the parameters for each group costs the writer a third of its time, and SQLAlchemy's
book-keeping of a statement about a fifth. The statements stay SQLAlchemy's own, so that each database gets its own
text, and its errors come as SQLAlchemy's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, insert
from sqlalchemy.engine.interfaces import DBAPICursor, Dialect
from sqlalchemy.exc import DBAPIError


class Prepared:
    """A statement that is run with one set of parameters for each row."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._texts: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {}

    def run(self, connection: Connection, parameters: Sequence[dict[str, Any]]) -> int:
        """Runs it once for each set, in the connection's transaction; returns how many rows moved in all."""
        # The driver begins no transaction by itself: each set would be committed alone.
        assert connection.in_transaction()  # noqa: S101 - the caller's fault, and found by its first test
        dialect = connection.dialect
        text, order, constants = self._texts.get(dialect.name) or self._prepared(dialect)
        whole = [{**constants, **given} for given in parameters] if constants else parameters
        # In C, for every row; of one name it would be no tuple.
        rows: Sequence[Any] = list(map(itemgetter(*order), whole)) if len(order) > 1 else _each(whole, order)
        with _cursor(connection, text) as cursor:
            cursor.executemany(text, rows)
            return cursor.rowcount

    def first(self, connection: Connection, parameters: dict[str, Any]) -> Any:
        """Runs it once; returns its first raw row, or None."""
        with self._asked(connection, parameters) as cursor:
            return cursor.fetchone()

    def all(self, connection: Connection, parameters: dict[str, Any]) -> Sequence[Any]:
        """Runs it once; returns its raw rows."""
        with self._asked(connection, parameters) as cursor:
            return cursor.fetchall()

    @contextmanager
    def _asked(self, connection: Connection, parameters: dict[str, Any]) -> Iterator[DBAPICursor]:
        dialect = connection.dialect
        text, order, constants = self._texts.get(dialect.name) or self._prepared(dialect)
        whole = {**constants, **parameters}
        with _cursor(connection, text) as cursor:
            cursor.execute(text, tuple(map(whole.__getitem__, order)) if order else whole)
            yield cursor

    def _prepared(self, dialect: Dialect) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # all that are executable have it
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        made = self._texts[dialect.name] = (str(compiled), tuple(compiled.positiontup or ()), constants)
        return made


def _each(parameters: Sequence[dict[str, Any]], order: Sequence[str]) -> Sequence[Any]:
    """Of a statement with one parameter, or with named ones."""
    return [(one[order[0]],) for one in parameters] if order else parameters


def prepared_insert(table: Table, *names: str) -> Prepared:
    """A prepared INSERT of these columns."""
    return Prepared(insert(table).values({name: bindparam(name) for name in names}))


@contextmanager
def _cursor(connection: Connection, text: str) -> Iterator[DBAPICursor]:
    """The driver's cursor, in the connection's transaction; the driver's errors are SQLAlchemy's."""
    cursor = connection.connection.cursor()
    base = connection.dialect.loaded_dbapi.Error
    try:
        yield cursor
    except base as error:
        # Without the parameters, which hold personal data.
        raise DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=connection.dialect) from error
    finally:
        cursor.close()
