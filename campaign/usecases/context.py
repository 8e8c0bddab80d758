"""Context of a use case: the clock, the environment and the wording, handed in by the caller."""

import getpass
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from campaign.config.database import database_from
from campaign.config.home import home_from
from campaign.domain.cures import Wording
from campaign.ledger.port.ledger import Ledger, ReadableLedger
from campaign.ledger.reading import open_for_reading

__all__ = ["Context", "Ledger", "ReadableLedger", "ledger_to_read", "opened_ledger", "this_person"]


class Context(Protocol):
    """Context that the caller hands to a use case; any object with these attributes will do."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The wall clock; aware instants."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables: of the process, or as the caller gives them."""

    @property
    def wording(self) -> Wording:
        """Words messages that are stored in the ledger or written to a file, for the users of this front end."""


def opened_ledger(context: Context) -> AbstractContextManager[Ledger]:
    """Opens the ledger that the environment names, for as long as the block lasts.

    Raises:
        UsageError: the environment names no folder or database that there can be.
        LedgerError: it cannot be opened, or trusted.
    """
    from campaign.ledger.store import open_ledger  # noqa: PLC0415 - start-up: only some verbs write

    environment = context.environment
    return open_ledger(home_from(environment), now=context.now, address=database_from(environment))


def ledger_to_read(context: Context) -> AbstractContextManager[ReadableLedger]:
    """Opens the ledger read-only, which starts faster.

    Raises:
        UsageError: the environment names no folder or database that there can be.
        LedgerError: it cannot be opened, or trusted.
    """
    environment = context.environment
    return open_for_reading(home_from(environment), now=context.now, address=database_from(environment))


def this_person() -> str:
    """Who this process runs for, as the system calls them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"
