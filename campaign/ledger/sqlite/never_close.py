"""A ledger whose files are lost is never closed: closing it would make SQLite write over and remove others' files.

The last connection to close copies the -wal into ledger.db, by an index that may be out of date by then, and removes
the -wal by its name, also one that another process wrote. At the end of the process the system closes the descriptors,
and does no more.
"""

import ctypes

from sqlalchemy import Connection, Engine


def never_close(holder: Connection | Engine) -> None:
    """Keeps the driver's connection of a connection or engine from being closed, also by the interpreter's end."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(holder))
