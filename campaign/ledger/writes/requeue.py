"""Requeue for a rerun: rows that were refused move back to pending, in a new round.

    rejected ----------------------------------.
    pending, retry_wait of an interrupted rerun -+--> pending, round N: N is one more than any row of the run has

The dialling of a rerun takes the rows of its own round, and no others that wait.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, null, select, update

from campaign.domain.errors import UsageError
from campaign.domain.model import RowState
from campaign.domain.phone_line import spellings_of
from campaign.ledger.queries.failed_rows import HAS_NUMBER, may_be_requeued
from campaign.ledger.queries.in_order import OF_RERUN, RERUNS
from campaign.ledger.queries.runs import contact_of
from campaign.ledger.records.drafts import DraftRerun
from campaign.ledger.records.reruns import CorrectedRow, Requeued
from campaign.ledger.records.runs import WAITING
from campaign.ledger.schema.draft_tables import draft_row
from campaign.ledger.schema.tables import mending, sheet_row, timetable
from campaign.ledger.writes.load import contact_text
from campaign.ledger.writes.transition import move, move_statement, transition

_PAGE = 500
_REJECTED = RowState.REJECTED.value
_REQUEUE = move_statement(round=bindparam("b_round"), reason=null())


def requeue(
    connection: Connection, run_id: int, rows: Sequence[int], *, corrected: Sequence[CorrectedRow], owner: str, at: str
) -> Requeued:
    """Requeues failed rows, in a new round. The run must be held.

    Args:
        connection: in a transaction that writes.
        run_id: the run.
        rows: the ledger's numbers of all of them. A row whose state allows no requeue is passed over.
        corrected: those of them whose content is corrected.
        owner: the process that requeues.
        at: now, as the ledger writes instants.

    Raises:
        UsageError: a corrected row was called meanwhile, or another row has its new number by now; nothing is changed.
    """
    rounds = select(func.max(sheet_row.c.round)).where(sheet_row.c.run_id == run_id, OF_RERUN)
    latest = connection.execute(rounds.with_hint(sheet_row, RERUNS, "sqlite")).scalar()
    this_round, count = int(latest or 0) + 1, 0
    for one in corrected:
        _correct(connection, run_id, one, owner=owner, at=at)
    changed = {one.id: f"rerun, corrected: {', '.join(one.columns)}" for one in corrected}
    plain = [row_id for row_id in rows if row_id not in changed]
    for start in range(0, len(plain), _PAGE):
        count += _move(
            connection, run_id, plain[start : start + _PAGE], why="rerun", this_round=this_round, owner=owner, at=at
        )
    for row_id, why in changed.items():
        count += _move(connection, run_id, [row_id], why=why, this_round=this_round, owner=owner, at=at)
    return Requeued(this_round, rows=count)


def insert_chosen(connection: Connection, draft_id: int, chosen: DraftRerun) -> None:
    """Inserts the rows that a rerun's draft calls again, with their corrected content."""
    corrected = {one.id: one for one in chosen.corrected}
    rows = [
        _chosen(draft_id, row_id, attempts=attempts, corrected=corrected.get(row_id))
        for row_id, attempts in chosen.rows.items()
    ]
    if rows:
        connection.execute(insert(draft_row), rows)


def chosen_rows(connection: Connection, draft_id: int) -> DraftRerun:
    """The rows of a rerun's draft. A row tried since it was chosen is left out, unless it was corrected."""
    found = connection.execute(
        select(draft_row, sheet_row.c.number, sheet_row.c.attempts.label("tried"))
        .join(sheet_row, sheet_row.c.id == draft_row.c.row_id)
        .where(draft_row.c.draft_id == draft_id)
        .order_by(draft_row.c.row_id)
    ).mappings()
    rows, corrected = dict[int, int](), list[CorrectedRow]()
    for row in found:
        if row["phone"] is not None:
            corrected.append(
                CorrectedRow(
                    id=row["row_id"],
                    attempts=row["attempts"],
                    contact=contact_of(row),
                    cells=tuple(json.loads(row["cells"])),
                    columns=tuple(json.loads(row["columns"])),
                )
            )
        elif row["attempts"] != row["tried"]:
            continue
        rows[row["row_id"]] = row["attempts"]
    return DraftRerun(rows, tuple(corrected))


def count_in_round(connection: Connection, run_id: int, this_round: int) -> int:
    """Counts the run's waiting rows in a round, or a later one."""
    waiting = sheet_row.c.state.in_([state.value for state in WAITING]) & (sheet_row.c.round >= this_round)
    rows = select(func.count()).where(sheet_row.c.run_id == run_id, OF_RERUN, waiting)
    return int(connection.execute(rows.with_hint(sheet_row, RERUNS, "sqlite")).scalar_one())


def _chosen(draft_id: int, row_id: int, *, attempts: int, corrected: CorrectedRow | None) -> dict[str, Any]:
    said = dict.fromkeys(("phone", "contact", "cells", "columns"))
    if corrected is not None:
        said = {
            "phone": corrected.contact.phone,
            "contact": contact_text(corrected.contact),
            "cells": json.dumps(corrected.cells),
            "columns": json.dumps(corrected.columns),
        }
    return {"draft_id": draft_id, "row_id": row_id, "attempts": attempts, **said}


def _correct(connection: Connection, run_id: int, row: CorrectedRow, *, owner: str, at: str) -> None:
    here = (sheet_row.c.id == row.id) & (sheet_row.c.run_id == run_id) & (sheet_row.c.attempts == row.attempts)
    before = connection.execute(select(sheet_row).where(here, may_be_requeued())).first()
    if before is None:
        raise UsageError(
            f"row {row.contact.row} was called by another process meanwhile; nothing was sent; start again"
        )
    _refuse_taken(connection, run_id, row)
    # A new number may lie in another zone, with other calling hours: the dialling makes its entry anew.
    connection.execute(delete(timetable).where(timetable.c.row_id == row.id))
    connection.execute(
        insert(mending).values(
            row_id=row.id,
            attempt=before.attempts,
            at=at,
            owner=owner,
            columns=json.dumps(row.columns),
            phone=before.phone,
            contact=before.contact,
            cells=before.cells,
        )
    )
    connection.execute(
        update(sheet_row)
        .where(here)
        .values(phone=row.contact.phone, contact=contact_text(row.contact), cells=json.dumps(row.cells))
    )


def _refuse_taken(connection: Connection, run_id: int, row: CorrectedRow) -> None:
    statement = select(sheet_row.c.number).where(
        sheet_row.c.run_id == run_id,
        sheet_row.c.phone.in_(spellings_of(row.contact.phone)),
        sheet_row.c.id != row.id,
        HAS_NUMBER,
    )
    if (taken := connection.execute(statement).scalar()) is not None:
        raise UsageError(
            f"row {row.contact.row} has the number of row {taken} now; nothing was sent; correct one of them"
        )


def _move(
    connection: Connection, run_id: int, rows: Sequence[int], *, why: str, this_round: int, owner: str, at: str
) -> int:
    here = (sheet_row.c.run_id == run_id) & sheet_row.c.id.in_(rows)
    rejected = connection.execute(
        select(sheet_row.c.id, sheet_row.c.attempts).where(here, sheet_row.c.state == _REJECTED)
    ).all()
    moves = [
        move(
            row.id,
            attempt=row.attempts,
            before=RowState.REJECTED,
            after=RowState.PENDING,
            at=at,
            owner=owner,
            why=why,
            b_round=this_round,
        )
        for row in rejected
    ]
    transition(connection, moves, by=_REQUEUE)
    # Requeued by an earlier, interrupted rerun: their state is right, and they belong to this rerun now.
    waiting = connection.execute(
        update(sheet_row).where(here, may_be_requeued(), sheet_row.c.round < this_round).values(round=this_round)
    ).rowcount
    return len(moves) + waiting
