"""Queries on calls whose answers were lost: sendings, call ids, neighbouring calls. Read-only."""

import json
from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, func, select

from campaign.domain.attempt_end import AttemptEnd
from campaign.domain.model import RowState
from campaign.domain.phone_line import line_of, spellings_of
from campaign.ledger.queries.failed_rows import HAS_NUMBER
from campaign.ledger.queries.in_order import as_term
from campaign.ledger.queries.runs import contact_of
from campaign.ledger.records.lost_calls import OpenSending, RecordedCall, WaitingPerson
from campaign.ledger.records.runs import WAITING, mark_of
from campaign.ledger.schema.tables import attempt, delay, run, sheet_row

# SQLite takes a few thousand values in one statement.
_ASKED_AT_ONCE = 500


def unknown_rows(engine: Engine, run_id: int) -> list[OpenSending]:
    """The run's rows whose answers were lost, in the sheet's order."""
    statement = _sendings().where(
        sheet_row.c.run_id == run_id,
        sheet_row.c.state == RowState.UNKNOWN.value,
        attempt.c.number == sheet_row.c.attempts,
    )
    return _all(engine, statement.order_by(sheet_row.c.id))


def open_sendings(engine: Engine, phones: Collection[str], *, service: str) -> list[OpenSending]:
    """All sendings to the lines of these numbers, of any run at this service, whose ending is not known."""
    found = list[OpenSending]()
    for some in _in_parts({line_of(phone) for phone in phones}):
        statement = _sendings().where(
            attempt.c.service == service,
            attempt.c.line.in_(some),
            attempt.c.outcome.is_(None) | (attempt.c.outcome == "unknown"),
        )
        found += _all(engine, statement)
    return found


def tried(engine: Engine, run_id: int, phones: Collection[str], *, service: str) -> list[OpenSending]:
    """All attempts of the run's rows to the lines of these numbers, each row's in their order, however they ended."""
    found = list[OpenSending]()
    for some in _in_parts({line_of(phone) for phone in phones}):
        here = (attempt.c.service == service) & (as_term(sheet_row.c.run_id) == run_id)
        found += _all(engine, _sendings().where(here, attempt.c.line.in_(some)))
    return sorted(found, key=attrgetter("row_id", "attempt"))


def numbers_created_as(engine: Engine, run_id: int, call_ids: Collection[str]) -> dict[str, str]:
    """Id -> called number, of those of these ids that created rows of the run have."""
    ours = (
        select(attempt.c.call_id, attempt.c.phone)
        .join(sheet_row, (sheet_row.c.id == attempt.c.row_id) & (sheet_row.c.attempts == attempt.c.number))
        .where(as_term(sheet_row.c.run_id) == run_id, as_term(sheet_row.c.state) == RowState.CREATED.value)
    )
    return {
        row["call_id"]: row["phone"]
        for some in _in_parts(call_ids)
        for row in _rows(engine, ours.where(attempt.c.call_id.in_(some)))
    }


def created_as(engine: Engine, run_id: int, call_ids: Collection[str]) -> list[OpenSending]:
    """The attempts of the run's created rows that have one of these ids."""
    return [
        one
        for some in _in_parts(call_ids)
        for one in _all(
            engine,
            _sendings().where(
                as_term(sheet_row.c.run_id) == run_id,
                as_term(sheet_row.c.state) == RowState.CREATED.value,
                attempt.c.number == sheet_row.c.attempts,
                attempt.c.call_id.in_(some),
            ),
        )
    ]


def last_unproved(engine: Engine, run_id: int) -> str | None:
    """When the latest refusal ended that a box on the way may have said, of the rows that are to be sent (again)."""
    statement = (
        select(func.max(attempt.c.ended_at))
        .join(sheet_row, (sheet_row.c.id == attempt.c.row_id) & (sheet_row.c.attempts == attempt.c.number))
        .where(
            sheet_row.c.run_id == run_id,
            sheet_row.c.state.in_([state.value for state in WAITING]),
            attempt.c.evidence.like('%"proved": false%'),
        )
    )
    with engine.connect() as connection:
        ended_at: str | None = connection.execute(statement).scalar()
    return ended_at


def of_run(engine: Engine, run_id: int, phones: Collection[str]) -> set[str]:
    """Those of these numbers that rows of the run have, in any spelling of their line."""
    there = {
        row["phone"]
        for some in _in_parts(_spelt(phones))
        for row in _rows(engine, select(sheet_row.c.phone).where(_called(run_id), sheet_row.c.phone.in_(some)))
    }
    return {phone for phone in phones if not there.isdisjoint(spellings_of(phone))}


def known_ids(engine: Engine, call_ids: Collection[str]) -> set[str]:
    """Those of these ids that the ledger has."""
    return {
        row["call_id"]
        for some in _in_parts(call_ids)
        for row in _rows(engine, select(attempt.c.call_id).where(attempt.c.call_id.in_(some)))
    }


def waiting_people(engine: Engine, run_id: int, phones: Collection[str]) -> list[WaitingPerson]:
    """The run's waiting rows that have one of these numbers, in any spelling of its line."""
    # As a term: there is an index by states, and of a waiting run nearly all rows have one of these.
    waiting = as_term(sheet_row.c.state).in_([state.value for state in WAITING])
    return [
        WaitingPerson(row["id"], row["number"], row["attempts"], RowState(row["state"]), contact_of(row))
        for some in _in_parts(_spelt(phones))
        for row in _rows(engine, select(sheet_row).where(_called(run_id), sheet_row.c.phone.in_(some), waiting))
    ]


def made_calls(engine: Engine, run_id: int, call_ids: Collection[str]) -> list[RecordedCall]:
    """The run's calls among these ids."""
    return [
        call
        for some in _in_parts(call_ids)
        for call in _made(engine, _made_calls().where(as_term(attempt.c.run_id) == run_id, attempt.c.call_id.in_(some)))
    ]


def last_made(engine: Engine, run_id: int, *, before: str, most: int) -> list[RecordedCall]:
    """The run's latest calls that this ledger sent before the given instant, newest first, without adopted ones."""
    statement = _made_of(run_id).where(attempt.c.claimed_at <= before, attempt.c.body_sha256 != "")
    return _made(engine, statement.order_by(attempt.c.claimed_at.desc()).limit(most))


def neighbours(engine: Engine, run_id: int, claimed_at: str) -> tuple[str | None, str | None]:
    """The ids of the run's calls, sent by this ledger, claimed last before and first after the given instant."""
    ours = _made_of(run_id).where(attempt.c.body_sha256 != "")
    before = ours.where(attempt.c.claimed_at < claimed_at).order_by(attempt.c.claimed_at.desc())
    after = ours.where(attempt.c.claimed_at > claimed_at).order_by(attempt.c.claimed_at)
    ends = [_made(engine, statement.limit(1)) for statement in (before, after)]
    earlier, later = (end[0].call_id if end else None for end in ends)
    return earlier, later


def _called(run_id: int) -> Any:
    return (sheet_row.c.run_id == run_id) & HAS_NUMBER


def _sendings() -> Select[Any]:
    return (
        select(
            sheet_row.c.id,
            sheet_row.c.number,
            sheet_row.c.reason,
            sheet_row.c.phone,
            sheet_row.c.contact,
            sheet_row.c.state,
            run.c.id.label("run_id"),
            run.c.plan,
            run.c.created_at,
            run.c.content_fingerprint,
            attempt.c.number.label("attempt"),
            attempt.c.phone.label("called"),
            attempt.c.claimed_at,
            attempt.c.ended_at,
            attempt.c.evidence,
            attempt.c.outcome,
            attempt.c.call_id,
            delay.c.until.label("delayed_until"),
        )
        .select_from(attempt)
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .join(run, run.c.id == attempt.c.run_id)
        .outerjoin(delay, (delay.c.row_id == attempt.c.row_id) & (delay.c.attempt == attempt.c.number))
    )


def _made_of(run_id: int) -> Select[Any]:
    return _made_calls().where(attempt.c.run_id == run_id)


def _made_calls() -> Select[Any]:
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
        .where(attempt.c.outcome == "created")
    )


def _made(engine: Engine, statement: Select[Any]) -> list[RecordedCall]:
    return [
        RecordedCall(
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
        run_mark=mark_of(row["created_at"], row["content_fingerprint"]),
        claimed_at=row["claimed_at"],
        ended_at=row["ended_at"],
        cut_off="owner" in evidence,
        delayed_until=row["delayed_until"],
        reason=row["reason"] or "",
        state=RowState(row["state"]),
        end=AttemptEnd(row["outcome"]) if row["outcome"] else None,
        call_id=row["call_id"],
        is_duplicate=bool((evidence.get("looked_up") or {}).get("several")),
    )


def _rows(engine: Engine, statement: Select[Any]) -> Sequence[RowMapping]:
    with engine.connect() as connection:
        return connection.execute(statement).mappings().all()


def _spelt(phones: Collection[str]) -> set[str]:
    return {one for phone in phones for one in spellings_of(phone)}


def _in_parts(values: Collection[str]) -> Iterator[Sequence[str]]:
    asked = list(values)
    for first in range(0, len(asked), _ASKED_AT_ONCE):
        yield asked[first : first + _ASKED_AT_ONCE]
