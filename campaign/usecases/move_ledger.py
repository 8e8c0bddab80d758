"""Use case move the ledger: from its file into a PostgreSQL database, out of it again, or from one to another."""

from collections.abc import Mapping

from campaign.config.database import VARIABLE, LedgerPlace, ledger_from
from campaign.ledger.home import move_ledger
from campaign.usecases.context import Context

FILE = "file"
"""As the place to move to: the file in the ledger's folder."""


def move(to: str, *, context: Context) -> tuple[LedgerPlace, int]:
    """Moves the ledger that the environment names.

    Args:
        to: the address of an empty database, or `FILE`.
        context: clock and environment.

    Returns:
        Where it is now, and how many rows it has in all tables.

    Raises:
        UsageError: the address is none, or the ledger is there already.
        BusyError: a run is held.
        LedgerError: there is a ledger already, or one of the two fails; then the ledger is where it was.
    """
    source, target = ledger_from(context.environment), ledger_from(_at(to, context.environment))
    return target, move_ledger(source, target, now=context.now())


def _at(to: str, environment: Mapping[str, str]) -> Mapping[str, str]:
    return {**environment, VARIABLE: "" if to == FILE else to}
