"""SQLite's dialect of the ledger's statements: SQLAlchemy's own, and with the hints at tables that it leaves out."""

from typing import Any

from sqlalchemy.dialects.sqlite.base import SQLiteCompiler


class HintingCompiler(SQLiteCompiler):
    """Writes a hint, `INDEXED BY name`, behind its table. A statement whose index is not there fails."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        """What stands behind the table."""
        del table
        return text
