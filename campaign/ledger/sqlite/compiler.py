"""SQLite's dialect of the ledger's statements: SQLAlchemy's own, and with the hints at tables that it leaves out."""

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

DIALECT = "campaign"
"""The dialect's name in an engine's address."""
_MOST_STATEMENTS = 500


class HintingCompiler(SQLiteCompiler):
    """Writes a hint, `INDEXED BY name`, behind its table. A statement whose index is not there fails."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        """What stands behind the table."""
        del table
        return text


class LedgerDialect(SQLiteDialect_pysqlite):
    """Dialect of the ledger's engines. All of a process are equal: what one has compiled, the others need not."""

    statement_compiler = HintingCompiler
    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


STATEMENTS: LRUCache[Any, Any] = LRUCache(_MOST_STATEMENTS)
"""The compiled statements of this process: a program may open its ledgers again and again, with each question."""
registry.register(DIALECT, __name__, LedgerDialect.__name__)
