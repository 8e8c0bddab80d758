"""Queries on runs, waiting rows, and rows as the results show them. Read-only."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import starmap
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, bindparam, exists, func, literal_column, select

from campaign.domain.instants import from_text
from campaign.domain.model import Contact, RowState
from campaign.domain.phone_line import line_of
from campaign.domain.result_row import ResultRow
from campaign.ledger.queries.in_order import IN_ORDER, rows_of, waiting_in_order
from campaign.ledger.records.runs import WAITING, RunRecord, WaitingRow
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.outcome_tables import call_outcome, outcome_from
from campaign.ledger.schema.skip_reasons import read_skip_reason
from campaign.ledger.schema.tables import attempt, delay, run, sheet_row
from campaign.ledger.schema.text import read_json

# Read on the event loop, between calls: a page must not delay them for more than a few milliseconds.
_NEVER_CALLED = (RowState.SKIPPED.value, RowState.INVALID.value)
_PAGE = 200
_OF_WAITING = tuple(sheet_row.c[name] for name in ("id", "number", "attempts", "state", "phone", "contact", "cells"))
_WAITING = select(*_OF_WAITING)
_SENT_WITH = (delay.c.row_id == sheet_row.c.id) & (delay.c.attempt == sheet_row.c.attempts)
_RESULT = ["id", "number", "cells", "state", "call_id", "reason", "attempts", "phone", "submitted_at", "skip_reason"]
_PLAIN = select(*(sheet_row.c[name] for name in _RESULT), literal_column("NULL").label("outcome_of"))
_SHOWN = {state.value: state.shown for state in RowState}
_SENT = (RowState.CREATED.value, RowState.REJECTED.value, RowState.UNKNOWN.value)


def list_runs(engine: Engine) -> list[RunRecord]:
    """All runs, oldest first."""
    with engine.connect() as connection:
        found = connection.execute(select(run).where(run.c.state == "ready").order_by(run.c.id)).mappings().all()
    return [run_of(row) for row in found]


def find_run(engine: Engine, name: str) -> RunRecord | None:
    """The run with that name."""
    with engine.connect() as connection:
        found = connection.execute(select(run).where(run.c.name == name, run.c.state == "ready")).mappings().first()
    return run_of(found) if found else None


def waiting_rows(engine: Engine, run_id: int, *, from_round: int) -> Iterator[WaitingRow]:
    """The rows that may be sent, in the sheet's order, read lazily, a page at a time."""
    last = 0
    statement = waiting_in_order(_WAITING, run_id, from_round=from_round, after=bindparam("after"), most=_PAGE)
    while True:
        with engine.connect() as connection:
            page = connection.execute(statement, {"after": last}).all()
        if not page:
            return
        # A named column of a mapping costs four times a tuple's place, and this is read between calls.
        yield from starmap(_waiting, page)
        last = page[-1][0]


def callable_rows(engine: Engine, run_id: int) -> Iterator[WaitingRow]:
    """The rows that may be called, now or by a rerun or a retry: neither skipped nor invalid, and not erased."""
    last = 0
    statement = select(sheet_row).where(sheet_row.c.run_id == run_id).order_by(sheet_row.c.id).limit(_PAGE)
    statement = statement.with_hint(sheet_row, IN_ORDER, "sqlite")
    while page := rows_of(engine, statement.where(sheet_row.c.id > last)):
        yield from (waiting_row(row) for row in page if row["state"] not in _NEVER_CALLED and row["contact"])
        last = page[-1]["id"]


def waiting_row(row: RowMapping) -> WaitingRow:
    """The waiting row of a row of `sheet_row`."""
    return _waiting(*(row[column.name] for column in _OF_WAITING))


def _waiting(  # noqa: PLR0917 - the columns of `_OF_WAITING`
    row_id: int, number: int, attempts: int, state: str, phone: str, contact: str, cells: str
) -> WaitingRow:
    return WaitingRow(
        row_id, number, attempts, RowState(state), _contact(number, phone, contact), tuple(read_json(cells))
    )


def result_rows(engine: Engine, run_id: int, *, settled_only: bool = False) -> Iterator[ResultRow]:
    """The run's rows as the results show them, in the sheet's order, read a page at a time.

    Args:
        engine: for reading.
        run_id: the run's number.
        settled_only: leave out the rows that still wait.
    """
    last = 0
    plain, full = (_in_order(every, run_id, settled_only=settled_only) for every in (_PLAIN, _with_outcomes()))
    polled = select(call_outcome.c.call_id).where(call_outcome.c.run_id == run_id).limit(1)
    # Without outcomes of its own, it would go through those of all other runs.
    polled = polled.with_hint(call_outcome, "INDEXED BY outcome_by_end", "sqlite")
    while True:
        with engine.connect() as connection:
            # Before anybody has asked what became of the calls, two of three columns are empty.
            statement = plain if connection.execute(polled).first() is None else full
            page = connection.execute(statement, {"after": last}).all()
        if not page:
            return
        yield from map(_result, page)
        last = page[-1].id


def _in_order(every: Select[Any], run_id: int, *, settled_only: bool) -> Select[Any]:
    """Limits a selection of rows to a page of the run, with the time that was sent with the latest call."""
    here = every.add_columns(delay.c.until).outerjoin(delay, _SENT_WITH)
    here = here.where(sheet_row.c.run_id == run_id, sheet_row.c.id > bindparam("after"))
    here = here.with_hint(sheet_row, IN_ORDER, "sqlite").order_by(sheet_row.c.id).limit(_PAGE)
    if settled_only:
        here = here.where(sheet_row.c.state.not_in([s.value for s in (*WAITING, RowState.SENDING)]))
    return here


def rows_by_id(engine: Engine, row_ids: Sequence[int]) -> dict[int, ResultRow]:
    """Rows of any runs as the results show them, by their ids in the ledger; a few hundred at most."""
    every = _with_outcomes().add_columns(delay.c.until).outerjoin(delay, _SENT_WITH)
    with engine.connect() as connection:
        page = connection.execute(every.where(sheet_row.c.id.in_(row_ids))).all()
    return {row.id: _result(row) for row in page}


def last_claim(engine: Engine, run_id: int) -> datetime | None:
    """When the run last claimed a call."""
    with engine.connect() as connection:
        claims = select(attempt.c.claimed_at).where(attempt.c.run_id == run_id)
        at = connection.execute(claims.order_by(attempt.c.claimed_at.desc()).limit(1)).scalar()
    return from_text(at) if at else None


def anybody_called_recently(engine: Engine, *, service: str, since: str) -> bool:
    """Whether any number was called, or is being called, since the given instant."""
    # Of each run its latest call: among all numbers of the service, one called since would have to be sought.
    called = exists(
        select(1)
        .where(attempt.c.run_id == run.c.id, attempt.c.claimed_at > since)
        .with_hint(attempt, "INDEXED BY attempt_by_time", "sqlite")
    )
    statement = select(run.c.id).where(run.c.service == service, called).limit(1)
    with engine.connect() as connection:
        return connection.execute(statement).first() is not None


def called_recently(engine: Engine, phones: Sequence[str], *, service: str, since: str) -> dict[str, tuple[str, str]]:
    """Those of these numbers called, or being called, since the given instant: number -> (when, by which run).

    A number counts as called when the other spelling of its line was.
    """
    lines = {phone: line_of(phone) for phone in phones}
    statement = (
        select(attempt.c.claimed_at, attempt.c.line, run.c.name)
        .join(run, run.c.id == attempt.c.run_id)
        .where(
            attempt.c.service == service,
            attempt.c.line.in_(set(lines.values())),
            attempt.c.claimed_at > since,
            MAY_HAVE_RUNG,
        )
    )
    with engine.connect() as connection:
        found = {line: (at, name) for at, line, name in sorted(tuple(call) for call in connection.execute(statement))}
    return {phone: found[line] for phone, line in lines.items() if line in found}


def _with_outcomes() -> Select[Any]:
    """Rows joined with the outcome of their latest call, or, while a row waits for another, of the one before."""
    of_row = call_outcome.alias("of_row")
    latest = (
        select(of_row.c.call_id)
        .where(of_row.c.row_id == sheet_row.c.id)
        .order_by(of_row.c.attempt.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = [column for column in call_outcome.c if column.name not in sheet_row.c]
    joined = sheet_row.outerjoin(call_outcome, call_outcome.c.call_id == func.coalesce(sheet_row.c.call_id, latest))
    return select(sheet_row, call_outcome.c.call_id.label("outcome_of"), *columns).select_from(joined)


def run_of(row: RowMapping) -> RunRecord:
    """The record of a row of `run`."""
    columns = {name: row[name] for name in RunRecord.__slots__ if name not in ("header", "again")}
    return RunRecord(header=tuple(read_json(row["header"])), again=bool(row["again"]), **columns)


def contact_of(row: RowMapping) -> Contact:
    """The contact of a row of `sheet_row`."""
    return _contact(row["number"], row["phone"], row["contact"])


def _contact(number: int, phone: str, contact: str) -> Contact:
    kept = read_json(contact)
    return Contact(
        row=number,
        name=kept["name"],
        phone=phone,
        email=kept["email"],
        variables=tuple([(key, value) for key, value in kept["variables"]]),
        zones=tuple(kept.get("zones", ())),
        states=tuple(kept.get("states", ())),
        call_at=from_text(kept["call_at"]) if "call_at" in kept else None,
    )


def _result(row: Any) -> ResultRow:
    state, phone = row.state, row.phone
    sent = state in _SENT
    # By its place: one for every row of every results file.
    return ResultRow(
        row.number,
        tuple(read_json(row.cells)),
        _SHOWN[state],
        row.call_id,
        row.reason,
        row.attempts,
        None if phone is not None and phone.startswith("#") else phone,
        row.submitted_at if sent else None,
        row.until if sent else None,
        outcome_from({**row._mapping, "call_id": row.outcome_of}) if row.outcome_of else None,  # noqa: SLF001 - public
        read_skip_reason(row.skip_reason),
    )
