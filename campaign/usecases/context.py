"""What every use case has from outside: the clock, the environment and the words, handed in by the front."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from campaign.config.home import home_from
from campaign.domain.cures import Wording
from campaign.ledger.port.ledger import Ledger, ReadableLedger
from campaign.ledger.reading import open_for_reading

__all__ = ["Context", "Ledger", "ReadableLedger", "ledger_to_read", "opened_ledger"]


class Context(Protocol):
    """A front's own object may be one."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The wall clock; aware instants."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Of the process, or as the caller gives it."""

    @property
    def wording(self) -> Wording:
        """Words a message where it is kept, or written to a file, for those who come by this front."""


def opened_ledger(context: Context) -> AbstractContextManager[Ledger]:
    """The ledger that the environment names, for as long as the block lasts.

    Raises:
        UsageError: the environment names no folder that there can be.
        LedgerError: it cannot be opened, or trusted.
    """
    from campaign.ledger.store import open_ledger  # noqa: PLC0415 - start-up: only some verbs write

    return open_ledger(home_from(context.environment), now=context.now)


def ledger_to_read(context: Context) -> AbstractContextManager[ReadableLedger]:
    """The same, to be asked only, which starts faster.

    Raises:
        UsageError: the environment names no folder that there can be.
        LedgerError: it cannot be opened, or trusted.
    """
    return open_for_reading(home_from(context.environment), now=context.now)
