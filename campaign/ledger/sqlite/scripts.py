"""Reads the SQL files: the whole schema of a new ledger, and the step from each version to the next."""

import sqlite3
from collections.abc import Mapping
from importlib.resources import files

_FOLDER = files("campaign.ledger.sqlite") / "sql"


def statements_of(name: str) -> tuple[str, ...]:
    """The complete statements of one of the files."""
    found, statement = list[str](), ""
    for line in (_FOLDER / name).read_text("utf-8").splitlines(keepends=True):
        statement += line
        # A trigger has semicolons of its own, and SQLite knows where it ends.
        if sqlite3.complete_statement(statement):
            found.append(statement.strip())
            statement = ""
    return tuple(found)


STEPS: Mapping[int, tuple[str, ...]] = {
    1: statements_of("0001_to_0002.sql"),
    2: statements_of("0002_to_0003.sql"),
    3: statements_of("0003_to_0004.sql"),
    4: statements_of("0004_to_0005.sql"),
    5: statements_of("0005_to_0006.sql"),
    6: statements_of("0006_to_0007.sql"),
}
"""Version -> what leads from it to the next one."""
