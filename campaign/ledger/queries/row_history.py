"""Reads one row's whole history: its state, moves, attempts and corrections."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from campaign.domain.model import RowState
from campaign.ledger.queries.runs import contact_of
from campaign.ledger.queries.skip_reasons import read_skip_reason
from campaign.ledger.records.history import AttemptOutcome, Correction, History, Move, OtherCall, Sending
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.outcome_tables import call_outcome, outcome_from
from campaign.ledger.schema.tables import attempt, event, mending, run, sheet_row


def history_of(engine: Engine, run_id: int, number: int) -> History | None:
    """The history of the run's row with that number; None when it has none."""
    with engine.connect() as connection:
        here = select(sheet_row).where(sheet_row.c.run_id == run_id, sheet_row.c.number == number)
        row = connection.execute(here).mappings().first()
        if row is None:
            return None
        moves = connection.execute(select(event).where(event.c.row_id == row["id"]).order_by(event.c.id)).all()
        sent = select(attempt).where(attempt.c.row_id == row["id"]).order_by(attempt.c.number)
        sendings = connection.execute(sent).all()
        looked = select(call_outcome).where(call_outcome.c.row_id == row["id"]).order_by(call_outcome.c.attempt)
        outcomes = connection.execute(looked).mappings().all()
        corrected = select(mending).where(mending.c.row_id == row["id"]).order_by(mending.c.id)
        mendings = connection.execute(corrected).all()
        others = _others(connection, row)
    return History(
        number=row["number"],
        state=RowState(row["state"]),
        reason=row["reason"],
        skip_reason=read_skip_reason(row["skip_reason"]),
        call_id=row["call_id"],
        phone=row["phone"],
        contact=contact_of(row) if row["contact"] else None,
        cells=tuple(json.loads(row["cells"])),
        moves=[Move(m.at, RowState(m.from_state), RowState(m.to_state), m.attempt, m.why) for m in moves],
        sendings=[_sending(one) for one in sendings],
        outcomes=[AttemptOutcome(one["attempt"], one["looked_at"], outcome_from(one)) for one in outcomes],
        mendings=[_correction(one) for one in mendings],
        others=[OtherCall(*one) for one in others],
    )


def _others(connection: Connection, row: RowMapping) -> list[Any]:
    service = connection.execute(select(run.c.service).where(run.c.id == row["run_id"])).scalar_one()
    statement = (
        select(attempt.c.claimed_at, run.c.name, sheet_row.c.number)
        .select_from(attempt.join(run, run.c.id == attempt.c.run_id))
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .where(
            attempt.c.service == service,
            attempt.c.phone == row["phone"],
            attempt.c.row_id != row["id"],
            MAY_HAVE_RUNG,
        )
    )
    return list(connection.execute(statement.order_by(attempt.c.claimed_at)))


def _sending(row: Any) -> Sending:
    evidence = json.loads(row.evidence) if row.evidence else {}
    return Sending(row.number, row.phone, row.claimed_at, row.ended_at, row.outcome, row.status, row.call_id, evidence)


def _correction(row: Any) -> Correction:
    return Correction(row.at, row.attempt, tuple(json.loads(row.columns)), row.phone, tuple(json.loads(row.cells)))
