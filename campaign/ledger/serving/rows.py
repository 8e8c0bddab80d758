"""Records of rows of the serving tables, and the connections that read them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select

from campaign.domain.instants import from_text, to_text
from campaign.ledger.writes.group_commit import Writer


@dataclass(frozen=True, slots=True)
class ServingTables:
    """What each part of serving works with.

    Attributes:
        writer: of the ledger.
        reading: an engine that sees what is committed.
        now: the wall clock, aware.
        owner: names this process.
    """

    writer: Writer
    reading: Engine
    now: Callable[[], datetime]
    owner: str

    @property
    def at(self) -> str:
        """Now, as the ledger writes instants."""
        return to_text(self.now())

    def first(self, statement: Select[Any]) -> Any:
        """The first row that the statement finds; None if there is none."""
        with self.reading.connect() as connection:
            return connection.execute(statement).first()

    def rows(self, statement: Select[Any]) -> list[Any]:
        """All rows that the statement finds."""
        with self.reading.connect() as connection:
            return list(connection.execute(statement).all())


def values_of(row: Any, kind: type, *, instants: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a record of that kind, from a row whose columns have their names; instants are read."""
    names: tuple[str, ...] = getattr(kind, "__slots__")  # noqa: B009 - of a dataclass with slots
    values = {name: getattr(row, name) for name in names}
    return values | {name: values[name] and from_text(values[name]) for name in instants}
