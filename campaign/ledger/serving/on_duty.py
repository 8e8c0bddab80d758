"""Queries on who dials, and on what is wanted of runs. Read-only."""

from typing import Any

from sqlalchemy import Engine, select

from campaign.domain.instants import from_text
from campaign.ledger.port.workers import WorkerReader
from campaign.ledger.records.serving import Wanted
from campaign.ledger.records.workers import ControlRecord, WorkerRecord
from campaign.ledger.schema.tables import attempt
from campaign.ledger.schema.worker_tables import run_control, worker


class EngineWorkerReader(WorkerReader):
    """Implements the port over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on_duty(self) -> list[WorkerRecord]:
        """See the port `WorkerReader`."""
        with self._engine.connect() as connection:
            found = connection.execute(select(worker).where(worker.c.ended_at.is_(None)).order_by(worker.c.id))
            return [as_worker(row) for row in found]

    def holding(self, run_id: int) -> WorkerRecord | None:
        """See the port `WorkerReader`."""
        last = select(attempt.c.owner).where(attempt.c.run_id == run_id).order_by(attempt.c.claimed_at.desc()).limit(1)
        with self._engine.connect() as connection:
            found = connection.execute(select(worker).where(worker.c.owner == last.scalar_subquery())).first()
        return None if found is None else as_worker(found)

    def control(self, run_id: int) -> ControlRecord | None:
        """See the port `WorkerReader`."""
        with self._engine.connect() as connection:
            found = connection.execute(select(run_control).where(run_control.c.run_id == run_id)).first()
        return None if found is None else _as_control(found)


def as_worker(row: Any) -> WorkerRecord:
    """The record of a row of the table."""
    return WorkerRecord(
        id=row.id,
        name=row.name,
        owner=row.owner,
        version=row.version,
        takes=row.takes,
        started_at=from_text(row.started_at),
        seen_at=from_text(row.seen_at),
        beats=row.beats,
        ended_at=from_text(row.ended_at) if row.ended_at else None,
    )


def _as_control(row: Any) -> ControlRecord:
    return ControlRecord(
        run_id=row.run_id,
        wanted=Wanted(row.wanted),
        why=row.why,
        code=row.code,
        who=row.who,
        at=from_text(row.at),
        parts=row.parts,
        revision=row.revision,
    )
