"""Work of a group commit: all of it in one go, or each alone to find which of it cannot be done."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from campaign.domain.errors import CampaignError, LedgerError, LedgerFilesError
from campaign.domain.model import Created
from campaign.domain.phone_line import line_of
from campaign.domain.system_errors.foreign_errors import told
from campaign.ledger.writes.claims import Claim, Settlement, move_all, settle_taken_id, why_not_claimed
from campaign.ledger.writes.transition import MoveRefused
from campaign.ledger.writes.workers.late_answer import settle_late

Work = Claim | Settlement | Callable[[Connection], Any]
_ROLLED_BACK = "40"
"""Of a SQLSTATE: the class for transactions that were undone, and may be done again as they are."""


class Alone:
    """Work that reads what it then writes, and that no other process must do at the same time."""

    __slots__ = ("_work",)

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self._work = work

    def __call__(self, connection: Connection) -> Any:
        """Does the work."""
        return self._work(connection)


def run_as_one(connection: Connection, works: Sequence[Work]) -> list[Any]:
    """Runs a whole group; returns the results in its order.

    Raises:
        Exception: one of them cannot be done, or the database is in trouble; the transaction must be rolled back.
    """
    claims = [work for work in works if isinstance(work, Claim)]
    if len({(claim.service, line_of(claim.attempt.phone)) for claim in claims}) < len(claims):
        # Two rows of two runs with one line: written together, neither would see the other's attempt.
        raise MoveRefused
    settlements = [work for work in works if isinstance(work, Settlement)]
    move_all(connection, settlements=settlements, claims=claims)
    return [_group_result(connection, work) for work in works]


def run_alone(connection: Connection, work: Work) -> Any:
    """Runs one work of a group that cannot be done as one; returns its result, or the error that concerns it alone.

    Raises:
        Exception: the disk or the database is in trouble.
    """
    try:
        with connection.begin_nested():
            return _do(connection, work)
    except MoveRefused:
        return _refused(connection, work)
    except IntegrityError as error:
        if isinstance(work, Settlement) and isinstance(work.outcome, Created):
            return settle_taken_id(connection, work, work.outcome)
        return LedgerError(f"the ledger refused a change of {_row(work)}: {_rule(error)}")
    except CampaignError as error:
        return error
    except Exception as error:
        if is_storage_error(error):
            raise
        # A value that the driver cannot write concerns no other job.
        return LedgerError(f"the ledger cannot take a change of {_row(work)}: {told(error)}")


def is_storage_error(error: Exception) -> bool:
    """Whether the error concerns the whole database, and not one work."""
    return isinstance(error, LedgerFilesError) or (
        isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError)
    )


def was_undone(error: DBAPIError) -> bool:
    """Whether the database has undone the transaction for another's sake: a deadlock, or an order that cannot be."""
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(state, str) and state.startswith(_ROLLED_BACK)


def _group_result(connection: Connection, work: Work) -> Any:
    if isinstance(work, Claim):
        return None
    return work.outcome if isinstance(work, Settlement) else work(connection)


def _do(connection: Connection, work: Work) -> Any:
    if isinstance(work, Claim):
        move_all(connection, claims=[work])
        return None
    if isinstance(work, Settlement):
        move_all(connection, settlements=[work])
        return work.outcome
    return work(connection)


def _refused(connection: Connection, work: Work) -> Any:
    if isinstance(work, Claim):
        try:
            return why_not_claimed(connection, work)
        except LedgerError as error:
            return error
    if isinstance(work, Settlement):
        # Who made it unknown did not know the answer; its own sender does.
        with contextlib.suppress(MoveRefused), connection.begin_nested():
            return settle_late(connection, work)
    return LedgerError(f"{_row(work)} was settled by somebody else; see that only one process works on the run")


def _rule(error: IntegrityError) -> str:
    # The rule's own words; what PostgreSQL says of values follows on a line of its own.
    return str(error.orig).partition("\n")[0]


def _row(work: Work) -> str:
    return f"row {work.attempt.row_number}" if isinstance(work, Claim | Settlement) else "the run"
