"""Reads one row's whole history: its state, moves, attempts and corrections."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from campaign.domain.model import RowState
from campaign.domain.phone_line import line_of
from campaign.ledger.queries.runs import contact_of
from campaign.ledger.records.history import AttemptOutcome, ClockReading, Correction, History, Move, OtherCall, Sending
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.outcome_tables import call_outcome, outcome_from
from campaign.ledger.schema.skip_reasons import read_skip_reason
from campaign.ledger.schema.tables import attempt, clock_reading, delay, event, mending, run, sheet_row


def history_of(engine: Engine, run_id: int, number: int) -> History | None:
    """The history of the run's row with that number; None when it has none."""
    with engine.connect() as connection:
        here = select(sheet_row).where(sheet_row.c.run_id == run_id, sheet_row.c.number == number)
        row = connection.execute(here).mappings().first()
        if row is None:
            return None
        moves = connection.execute(select(event).where(event.c.row_id == row["id"]).order_by(event.c.id)).all()
        sent_with = (delay.c.row_id == attempt.c.row_id) & (delay.c.attempt == attempt.c.number)
        sent = select(attempt, delay.c.until).outerjoin(delay, sent_with).where(attempt.c.row_id == row["id"])
        sendings = connection.execute(sent.order_by(attempt.c.number)).all()
        looked = select(call_outcome).where(call_outcome.c.row_id == row["id"]).order_by(call_outcome.c.attempt)
        outcomes = connection.execute(looked).mappings().all()
        corrected = select(mending).where(mending.c.row_id == row["id"]).order_by(mending.c.id)
        mendings = connection.execute(corrected).all()
        others = _others(connection, row)
        clock = _clock(connection, row["run_id"], claimed_at=sendings[-1].claimed_at) if sendings else None
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
        clock=clock,
    )


def _others(connection: Connection, row: RowMapping) -> list[Any]:
    if row["phone"] is None:
        return []
    service = connection.execute(select(run.c.service).where(run.c.id == row["run_id"])).scalar_one()
    statement = (
        select(attempt.c.claimed_at, run.c.name, sheet_row.c.number)
        .select_from(attempt.join(run, run.c.id == attempt.c.run_id))
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .where(
            attempt.c.service == service,
            attempt.c.line == line_of(row["phone"]),
            attempt.c.row_id != row["id"],
            MAY_HAVE_RUNG,
        )
    )
    return list(connection.execute(statement.order_by(attempt.c.claimed_at)))


def _clock(connection: Connection, run_id: int, *, claimed_at: str) -> ClockReading | None:
    before = select(clock_reading).where(clock_reading.c.run_id == run_id, clock_reading.c.at <= claimed_at)
    latest = before.order_by(clock_reading.c.at.desc(), clock_reading.c.id.desc()).limit(1)
    found = connection.execute(latest).first()
    return None if found is None else ClockReading(found.at, found.ahead_seconds, trusted=bool(found.trusted))


def _sending(row: Any) -> Sending:
    evidence = json.loads(row.evidence) if row.evidence else {}
    return Sending(
        row.number,
        row.phone,
        row.claimed_at,
        row.ended_at,
        row.outcome,
        row.status,
        row.call_id,
        evidence,
        delayed_until=row.until,
    )


def _correction(row: Any) -> Correction:
    return Correction(row.at, row.attempt, tuple(json.loads(row.columns)), row.phone, tuple(json.loads(row.cells)))
