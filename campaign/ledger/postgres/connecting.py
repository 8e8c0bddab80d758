"""Connections to a ledger's PostgreSQL server: what they are opened with, and how a session of the ledger is set up.

libpq's own ..... URL, ~/.pgpass, PG* variables, several hosts
ours ............ TLS beyond this machine, an end to waiting, text that every database can hold
"""

import logging
import os
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

from campaign.config.database import DatabaseAddress
from campaign.domain.errors import LedgerError
from campaign.ledger.postgres.trouble import cannot_connect, trouble
from campaign.ledger.schema.text import storable

_SECONDS_TO_CONNECT = "10"
# A peer that vanished without a word is noticed within 15 seconds, here and by the server, which then ends its locks.
_ALIVE = {"keepalives_idle": "5", "keepalives_interval": "3", "keepalives_count": "3", "tcp_user_timeout": "15000"}
_SESSION = (
    "SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '3', false), "
    "set_config('tcp_keepalives_count', '3', false), set_config('lock_timeout', '20s', false), "
    "set_config('idle_in_transaction_session_timeout', '60s', false)"
)
_MOST_READERS = 8
_LOOPBACK = ("localhost", "127.", "::1")
_SYSTEM_ROOTS_SINCE = 160000
_MOST_OF_A_NAME = 54
# What ails a session is raised as well, and said in our own words.
logging.getLogger("psycopg").setLevel(logging.CRITICAL + 1)


class _Text(StrDumperUnknown):
    """Text as PostgreSQL takes it: what is no character, and NUL, is spelt out."""

    def dump(self, obj: str) -> Any:
        return super().dump(storable(obj) if not obj.isascii() or "\0" in obj else obj)


class Connector:
    """Opens connections to one address.

    Attributes:
        address: where to.
    """

    def __init__(self, address: DatabaseAddress) -> None:
        """Reads the address.

        Raises:
            LedgerError: it is none.
        """
        self.address = address
        try:
            said = conninfo_to_dict(address.url)
        except psycopg.ProgrammingError:
            # What libpq says of it quotes parts, and a secret may stand in any of them.
            raise LedgerError(
                f"{address} is no address that PostgreSQL knows; write postgresql://USER@HOST/DATABASE, and look at "
                "what stands behind its question mark"
            ) from None
        self._parameters = _parameters({name: str(value) for name, value in said.items()}, address)

    def name(self, owner: str) -> None:
        """Gives the sessions that are opened from now on the name of their owner."""
        self._parameters["application_name"] = session_name(owner)

    def parameters(self) -> Mapping[str, str]:
        """What a connection is opened with; it may hold a password."""
        return {name: str(value) for name, value in self._parameters.items()}

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """A new connection.

        Raises:
            psycopg.OperationalError: there is none to be had.
        """
        connection = psycopg.connect(**self._parameters, autocommit=True)
        connection.adapters.register_dumper(str, _Text)
        connection.execute(_SESSION)
        connection.autocommit = autocommit
        return connection

    def hold_open(self) -> psycopg.Connection[Any]:
        """A connection for a lock that its session holds.

        Raises:
            LedgerError: there is none to be had.
        """
        try:
            return self.connect(autocommit=True)
        except psycopg.Error as error:
            raise LedgerError(cannot_connect(self.address, error)) from None

    def engine_to_write(self) -> Engine:
        """An engine of one connection, each statement of which sees what was committed before it."""
        return _engine(self._writing, most=1)

    def engine_to_read(self) -> Engine:
        """An engine, each transaction of which sees one state and changes nothing; its errors are in our words."""
        engine, address = _engine(self._reading, most=_MOST_READERS), self.address

        @event.listens_for(engine, "handle_error")
        def _in_our_words(context: ExceptionContext) -> None:
            if isinstance(context.sqlalchemy_exception, DBAPIError):
                raise LedgerError(trouble(address, context.sqlalchemy_exception)) from None

        return engine

    def _writing(self) -> psycopg.Connection[Any]:
        connection = self.connect()
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return connection

    def _reading(self) -> psycopg.Connection[Any]:
        connection = self.connect()
        connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        return connection


def session_name(owner: str) -> str:
    """The name of an owner's sessions: its end, which tells it apart, as far as the server keeps one."""
    return f"campaign {owner[-_MOST_OF_A_NAME:]}"


def is_near(parameters: Mapping[str, str]) -> bool:
    """Whether a connection with these parameters leaves this machine nowhere: a socket, or loopback."""
    hosts = parameters.get("hostaddr") or parameters.get("host") or os.environ.get("PGHOST", "")
    return all(not host or host.startswith(("/", "@", *_LOOPBACK)) for host in hosts.split(","))


def _parameters(said: Mapping[str, str], address: DatabaseAddress) -> dict[str, Any]:
    found: dict[str, Any] = {"application_name": "campaign", "connect_timeout": _SECONDS_TO_CONNECT, **_ALIVE, **said}
    if address.password is not None:
        found["password"] = address.password
    if not is_near(said) and "sslmode" not in said and "PGSSLMODE" not in os.environ:
        # Else who listens on the way reads who was called, and who answers in the server's name is believed.
        found["sslmode"] = "verify-full"
        if "sslrootcert" not in said and psycopg.pq.version() >= _SYSTEM_ROOTS_SINCE and not _own_roots():
            found["sslrootcert"] = "system"
    return found


def _own_roots() -> bool:
    return "PGSSLROOTCERT" in os.environ or os.path.exists(os.path.expanduser("~/.postgresql/root.crt"))  # noqa: PTH110, PTH111 - as libpq does


def _engine(connect: Any, *, most: int) -> Engine:
    # A connection for each thread that works with it at one time, kept open: the writer, or an event loop and what it
    # has read aside.
    return create_engine(
        "postgresql+psycopg://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=most,
        max_overflow=0,
        hide_parameters=True,
        use_native_hstore=False,
    )
