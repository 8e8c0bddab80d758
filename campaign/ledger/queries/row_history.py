"""One row's whole history, as the ledger holds it: where it stands, its moves, its attempts, and what was corrected."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.model import Contact, RowState
from campaign.ledger.queries.runs import contact_of
from campaign.ledger.schema.outcome_tables import call_outcome, outcome_from
from campaign.ledger.schema.tables import attempt, event, mending, run, sheet_row


@dataclass(frozen=True, slots=True)
class Move:
    """From one state to another. Times are UTC text, here and below."""

    at: str
    before: RowState
    after: RowState
    attempt: int
    why: str | None


@dataclass(frozen=True, slots=True)
class Sending:
    """One attempt: promised, and what came of it; None for what is not known (yet)."""

    number: int
    phone: str
    claimed_at: str
    ended_at: str | None
    outcome: str | None
    status: int | None
    call_id: str | None
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an attempt's call, and when it was seen so last."""

    attempt: int
    looked_at: str
    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class Correction:
    """A change by a person: which columns, and what was called until then."""

    at: str
    attempt: int
    columns: tuple[str, ...]
    phone: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherCall:
    """A call to the same number by another row, which was made, or may have been."""

    at: str
    run: str
    row: int


@dataclass(frozen=True, slots=True)
class History:
    """All of it, each list in the order of time; `cells` and `contact` are as they are now."""

    number: int
    state: RowState
    reason: str | None
    call_id: str | None
    phone: str | None
    contact: Contact | None
    cells: tuple[str, ...]
    moves: Sequence[Move]
    sendings: Sequence[Sending]
    outcomes: Sequence[Became]
    mendings: Sequence[Correction]
    others: Sequence[OtherCall]


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
        call_id=row["call_id"],
        phone=row["phone"],
        contact=contact_of(row) if row["contact"] else None,
        cells=tuple(json.loads(row["cells"])),
        moves=[Move(m.at, RowState(m.from_state), RowState(m.to_state), m.attempt, m.why) for m in moves],
        sendings=[_sending(one) for one in sendings],
        outcomes=[Became(one["attempt"], one["looked_at"], outcome_from(one)) for one in outcomes],
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
            attempt.c.outcome.is_(None) | attempt.c.outcome.in_(["created", "unknown"]),
        )
    )
    return list(connection.execute(statement.order_by(attempt.c.claimed_at)))


def _sending(row: Any) -> Sending:
    evidence = json.loads(row.evidence) if row.evidence else {}
    return Sending(row.number, row.phone, row.claimed_at, row.ended_at, row.outcome, row.status, row.call_id, evidence)


def _correction(row: Any) -> Correction:
    return Correction(row.at, row.attempt, tuple(json.loads(row.columns)), row.phone, tuple(json.loads(row.cells)))
