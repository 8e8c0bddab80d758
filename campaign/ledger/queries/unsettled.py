"""What the ledger knows that bears on calls whose answers were lost: sendings, ids, neighbours. Nothing here writes."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, select

from campaign.domain.model import Contact, RowState
from campaign.ledger.queries.runs import WAITING, RunRecord, contact_of
from campaign.ledger.schema.tables import attempt, delay, run, sheet_row

# SQLite takes some thousand values in one statement.
_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OpenSending:
    """An attempt without a known ending: unknown, or still on its way.

    Attributes:
        row_id: the ledger's own number of the row; `row_number` is the sheet's.
        attempt: its number.
        run_id: of the run.
        phone: the number that was called.
        contact: whom the row calls.
        plan: the run's, its owner's own text.
        run_mark: what names the run in every copy of its ledger.
        claimed_at: when it was promised.
        ended_at: when it ended; None while it is on its way.
        cut_off: the program died, so that `ended_at` is only when that was noticed.
        delayed_until: the request's callDelayedUntil, if it had one.
        reason: why it is unknown, as the results show it.
    """

    row_id: int
    row_number: int
    attempt: int
    run_id: int
    phone: str
    contact: Contact
    plan: str
    run_mark: str
    claimed_at: str
    ended_at: str | None
    cut_off: bool
    delayed_until: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """A row that waits: who it is for, and how often it was tried."""

    row_id: int
    row_number: int
    attempts: int
    state: RowState
    contact: Contact


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call whose id the ledger has, of one run; `adopted` when it was made by another ledger."""

    call_id: str
    row_id: int
    attempt: int
    claimed_at: str
    delayed_until: str | None
    adopted: bool


def unknown_rows(engine: Engine, run_id: int) -> list[OpenSending]:
    """The run's rows whose answers were lost, in the sheet's order."""
    statement = _sendings().where(
        sheet_row.c.run_id == run_id,
        sheet_row.c.state == RowState.UNKNOWN.value,
        attempt.c.number == sheet_row.c.attempts,
    )
    return _all(engine, statement.order_by(sheet_row.c.id))


def open_sendings(engine: Engine, phones: Collection[str], *, service: str) -> list[OpenSending]:
    """All sendings to these numbers, of any run at this service, whose ending is not known."""
    found = list[OpenSending]()
    for some in _in_parts(phones):
        statement = _sendings().where(
            attempt.c.service == service,
            attempt.c.phone.in_(some),
            attempt.c.outcome.is_(None) | (attempt.c.outcome == "unknown"),
        )
        found += _all(engine, statement)
    return found


def of_run(engine: Engine, run_id: int, phones: Collection[str]) -> set[str]:
    """Those of these numbers that the run calls."""
    return {
        row["phone"]
        for some in _in_parts(phones)
        for row in _rows(engine, select(sheet_row.c.phone).where(_called(run_id), sheet_row.c.phone.in_(some)))
    }


def known_ids(engine: Engine, call_ids: Collection[str]) -> set[str]:
    """Those of these ids that the ledger has."""
    return {
        row["call_id"]
        for some in _in_parts(call_ids)
        for row in _rows(engine, select(attempt.c.call_id).where(attempt.c.call_id.in_(some)))
    }


def waiting_people(engine: Engine, run_id: int, phones: Collection[str]) -> list[WaitingPerson]:
    """The run's rows that wait, of these numbers."""
    waiting = sheet_row.c.state.in_([state.value for state in WAITING])
    return [
        WaitingPerson(row["id"], row["number"], row["attempts"], RowState(row["state"]), contact_of(row))
        for some in _in_parts(phones)
        for row in _rows(engine, select(sheet_row).where(_called(run_id), sheet_row.c.phone.in_(some), waiting))
    ]


def made_calls(engine: Engine, run_id: int, call_ids: Collection[str]) -> list[MadeCall]:
    """The run's calls among these ids."""
    return [
        call
        for some in _in_parts(call_ids)
        for call in _made(engine, _made_of(run_id).where(attempt.c.call_id.in_(some)))
    ]


def last_made(engine: Engine, run_id: int, *, before: str, most: int) -> list[MadeCall]:
    """The run's last calls that this ledger itself sent before then, newest first; adopted ones are left out."""
    statement = _made_of(run_id).where(attempt.c.claimed_at <= before, attempt.c.body_sha256 != "")
    return _made(engine, statement.order_by(attempt.c.claimed_at.desc()).limit(most))


def neighbours(engine: Engine, run_id: int, claimed_at: str) -> tuple[str | None, str | None]:
    """The ids of those of the run's calls, sent by this ledger, that were claimed last before then and first after."""
    ours = _made_of(run_id).where(attempt.c.body_sha256 != "")
    before = ours.where(attempt.c.claimed_at < claimed_at).order_by(attempt.c.claimed_at.desc())
    after = ours.where(attempt.c.claimed_at > claimed_at).order_by(attempt.c.claimed_at)
    ends = [_made(engine, statement.limit(1)) for statement in (before, after)]
    earlier, later = (end[0].call_id if end else None for end in ends)
    return earlier, later


def _called(run_id: int) -> Any:
    closed = [RowState.INVALID.value, RowState.SKIPPED.value]
    return (sheet_row.c.run_id == run_id) & sheet_row.c.state.not_in(closed)


def _sendings() -> Select[Any]:
    return (
        select(
            sheet_row.c.id,
            sheet_row.c.number,
            sheet_row.c.reason,
            sheet_row.c.phone,
            sheet_row.c.contact,
            run.c.id.label("run_id"),
            run.c.plan,
            run.c.created_at,
            run.c.content_fingerprint,
            attempt.c.number.label("attempt"),
            attempt.c.phone.label("called"),
            attempt.c.claimed_at,
            attempt.c.ended_at,
            attempt.c.evidence,
            delay.c.until.label("delayed_until"),
        )
        .select_from(attempt)
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .join(run, run.c.id == attempt.c.run_id)
        .outerjoin(delay, (delay.c.row_id == attempt.c.row_id) & (delay.c.attempt == attempt.c.number))
    )


def _made_of(run_id: int) -> Select[Any]:
    return (
        select(
            attempt.c.call_id,
            attempt.c.row_id,
            attempt.c.number,
            attempt.c.claimed_at,
            attempt.c.body_sha256,
            delay.c.until.label("delayed_until"),
        )
        .select_from(attempt)
        .outerjoin(delay, (delay.c.row_id == attempt.c.row_id) & (delay.c.attempt == attempt.c.number))
        .where(attempt.c.run_id == run_id, attempt.c.outcome == "created")
    )


def _made(engine: Engine, statement: Select[Any]) -> list[MadeCall]:
    return [
        MadeCall(
            row["call_id"],
            row["row_id"],
            row["number"],
            row["claimed_at"],
            row["delayed_until"],
            adopted=not row["body_sha256"],
        )
        for row in _rows(engine, statement)
    ]


def _all(engine: Engine, statement: Select[Any]) -> list[OpenSending]:
    return [_sending(row) for row in _rows(engine, statement)]


def _sending(row: RowMapping) -> OpenSending:
    evidence = json.loads(row["evidence"] or "{}")
    return OpenSending(
        row_id=row["id"],
        row_number=row["number"],
        attempt=row["attempt"],
        run_id=row["run_id"],
        phone=row["called"],
        contact=contact_of(row),
        plan=row["plan"],
        run_mark=_run_mark(row["created_at"], row["content_fingerprint"]),
        claimed_at=row["claimed_at"],
        ended_at=row["ended_at"],
        cut_off="owner" in evidence,
        delayed_until=row["delayed_until"],
        reason=row["reason"] or "",
    )


def run_mark(record: RunRecord) -> str:
    """What names a run in every copy of its ledger, and no other run."""
    return _run_mark(record.created_at, record.content_fingerprint)


def _run_mark(created_at: str, content_fingerprint: str) -> str:
    return f"{created_at} {content_fingerprint}"


def _rows(engine: Engine, statement: Select[Any]) -> Sequence[RowMapping]:
    with engine.connect() as connection:
        return connection.execute(statement).mappings().all()


def _in_parts(values: Collection[str]) -> Iterator[Sequence[str]]:
    asked = list(values)
    for first in range(0, len(asked), _ASKED_AT_ONCE):
        yield asked[first : first + _ASKED_AT_ONCE]
