"""Foreign errors in one line: a database driver's own text may quote statements and values, and is never shown."""

_DRIVERS = frozenset({"sqlalchemy", "sqlite3", "_sqlite3", "psycopg", "psycopg2", "asyncpg", "pg8000"})


def is_of_database(error: BaseException) -> bool:
    """Whether a database's driver, or SQLAlchemy, raised it."""
    return any(kind.__module__.partition(".")[0] in _DRIVERS for kind in type(error).__mro__)


def told(error: BaseException) -> str:
    """What it is, and its text; of a database's error, the kind alone."""
    name = type(getattr(error, "orig", None) or error).__name__
    text = "" if is_of_database(error) else " ".join(str(error).split())
    return f"{name}: {text}" if text else name
