"""Recovery after a crash: writes the endings in the journal, and makes every other open attempt `unknown`."""

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, Created, Outcome, Unknown
from campaign.ledger.schema.tables import attempt as attempt_table
from campaign.ledger.writes.claims import Settlement, move_all, settle_taken_id
from campaign.ledger.writes.transition import MoveRefused


def settle_left_open(connection: Connection, run_id: int, *, kept: Iterable[tuple[Attempt, Outcome]], at: str) -> int:
    """Settles all open attempts of a run; returns how many become `unknown`.

    Args:
        connection: in a transaction.
        run_id: the run, held by the caller.
        kept: endings from the emergency journal.
        at: the instant to record.
    """
    for attempt, outcome in kept:
        _settle(connection, attempt, outcome, at=at)
    # Of all runs, the open attempts are few; of this run, the attempts may be millions.
    still_open = select(attempt_table.c.row_id, attempt_table.c.number, attempt_table.c.owner).with_hint(
        attempt_table, "INDEXED BY one_open_attempt", "sqlite"
    )
    open_attempts = connection.execute(
        still_open.where(attempt_table.c.run_id == run_id, attempt_table.c.outcome.is_(None))
    ).all()
    for row in open_attempts:
        doubt = Unknown(
            reason="the program stopped while this call was on its way; it may have been made",
            evidence={"owner": row.owner},
        )
        left = Attempt(row_id=row.row_id, row_number=0, number=row.number, phone="", body=b"")
        _settle(connection, left, doubt, at=at)
    return len(open_attempts)


def _settle(connection: Connection, attempt: Attempt, outcome: Outcome, *, at: str) -> None:
    owner = connection.execute(
        select(attempt_table.c.owner).where(
            attempt_table.c.row_id == attempt.row_id,
            attempt_table.c.number == attempt.number,
            attempt_table.c.outcome.is_(None),
        )
    ).scalar()
    if owner is None:
        return  # Settled before: a journal may be read twice, when the first reading was interrupted.
    settlement = Settlement(attempt=attempt, owner=owner, at=at, outcome=outcome)
    try:
        with connection.begin_nested():
            move_all(connection, settlements=[settlement])
    except IntegrityError:
        if not isinstance(outcome, Created):
            raise
        settle_taken_id(connection, settlement, outcome)
    except MoveRefused:
        raise LedgerError(f"attempt {attempt.number} of ledger row {attempt.row_id} does not fit its row") from None
