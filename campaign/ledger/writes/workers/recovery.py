"""Recovery after a crash: writes the endings in the journal, and makes every other open attempt `unknown`.

An attempt of the journal that the ledger does not have was made, and its claim lost with the ledger's files: it is
written anew, so that its row is not called again.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from campaign.domain.attempt_end import AttemptEnd
from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, Created, Outcome, RowState, Unknown
from campaign.ledger.records.runs import WAITING, RunRecord
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.tables import attempt as attempt_table, sheet_row
from campaign.ledger.writes.claims import Settlement, move_all, settle_taken_id
from campaign.ledger.writes.transition import MoveRefused, move, move_statement, transition
from campaign.ledger.writes.workers.late_answer import settle_late

_OWNER = "journal"
_CLAIM_AGAIN = move_statement(attempts=bindparam("b_attempt"), submitted_at=bindparam("b_at"))


def settle_left_open(
    connection: Connection, record: RunRecord, *, kept: Iterable[tuple[Attempt, Outcome]], at: str
) -> int:
    """Settles all open attempts of a run; returns how many become `unknown`.

    Args:
        connection: in a transaction.
        record: the run, held by the caller.
        kept: endings from the emergency journal.
        at: the instant to record.
    """
    run_id = record.id
    for attempt, outcome in kept:
        lost = isinstance(outcome, Created | Unknown) and _claim_again(connection, record, attempt, at=at)
        _settle(connection, lost or attempt, outcome, at=at)
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


def attempts_that_rang(connection: Connection, run_id: int) -> Iterator[tuple[Attempt, Outcome]]:
    """A run's attempts that made a call, or may have; those that are open as if the program had stopped now."""
    found = connection.execute(
        select(
            attempt_table.c.row_id,
            attempt_table.c.number,
            attempt_table.c.outcome,
            attempt_table.c.call_id,
            attempt_table.c.status,
        ).where(attempt_table.c.run_id == run_id, MAY_HAVE_RUNG)
    )
    for row in found:
        attempt = Attempt(row_id=row.row_id, row_number=0, number=row.number, phone="", body=b"")
        if row.outcome == AttemptEnd.CREATED and row.call_id is not None:
            yield attempt, Created(call_id=row.call_id, status=row.status or 0)
        else:
            yield attempt, Unknown(reason="this call was made, or may have been", status=row.status)


def _claim_again(connection: Connection, record: RunRecord, attempt: Attempt, *, at: str) -> Attempt | None:
    """Claims a waiting row anew for an attempt whose claim was lost; None if it was not lost."""
    row = connection.execute(
        select(sheet_row.c.state, sheet_row.c.phone, sheet_row.c.attempts).where(
            sheet_row.c.id == attempt.row_id,
            sheet_row.c.run_id == record.id,
            sheet_row.c.attempts < attempt.number,
            sheet_row.c.state.in_([state.value for state in WAITING]),
        )
    ).first()
    if row is None:
        return None
    # Tries before it that sent nothing may be lost as well: it takes the row's next number.
    number = row.attempts + 1
    again = move(
        attempt.row_id,
        attempt=number,
        before=RowState(row.state),
        after=RowState.SENDING,
        at=at,
        owner=_OWNER,
        why="its claim was lost with the ledger's files, and stood in the emergency journal",
    )
    transition(connection, [again], by=_CLAIM_AGAIN)
    connection.execute(
        insert(attempt_table).values(
            row_id=attempt.row_id,
            number=number,
            run_id=record.id,
            service=record.service,
            phone=row.phone,
            owner=_OWNER,
            body_sha256="",
            claimed_at=at,
        )
    )
    return attempt._replace(number=number)


def _settle(connection: Connection, attempt: Attempt, outcome: Outcome, *, at: str) -> None:
    ours = (attempt_table.c.row_id == attempt.row_id) & (attempt_table.c.number == attempt.number)
    found = connection.execute(select(attempt_table.c.owner, attempt_table.c.outcome).where(ours)).first()
    if found is None:
        return
    settlement = Settlement(attempt=attempt, owner=found.owner, at=at, outcome=outcome)
    if found.outcome is not None:
        # Settled before: a journal may be read twice, when the first reading was interrupted. Or its owner was taken
        # for dead before it was read: the journal is the owner's own word.
        with suppress(MoveRefused), connection.begin_nested():
            settle_late(connection, settlement)
        return
    try:
        with connection.begin_nested():
            move_all(connection, settlements=[settlement])
    except IntegrityError:
        if not isinstance(outcome, Created):
            raise
        settle_taken_id(connection, settlement, outcome)
    except MoveRefused:
        raise LedgerError(f"attempt {attempt.number} of ledger row {attempt.row_id} does not fit its row") from None
