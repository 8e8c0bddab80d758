"""Erasure: removes the personal data of a run that is over, and keeps the record that calls were made.

    sheet_row   cells, name, email, variables, reason ..... gone; key, phone, words of the call .... keyed hashes
    attempt     evidence, hash of the body ................ gone; phone ............................ keyed hash
    event       why ....................................... shortened to what quotes no cell
    mending     ........................................... gone
    draft       of its rows, to be called again ........... gone
    call_outcome  recording, what was collected ........... gone
    kept as it was: states, codes of skipped rows, counts, instants, HTTP statuses, AICaller's ids, the suppression list

The key is the suppression list's. With it a number that comes again is recognised, so `call_again_after` and the
comparison of a sheet that is loaded again still work; without it no number can be found, not even by hashing all
numbers that exist.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, text, update

from campaign.domain.errors import LedgerError
from campaign.domain.model import RowState
from campaign.domain.skip_reason import Erased
from campaign.ledger.privacy.forgotten import hashed, is_forgotten, keyed
from campaign.ledger.queries.earlier_calls import said_of
from campaign.ledger.records.runs import UNDONE, WAITING
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import attempt, event, forgotten, mending, run, sheet_row
from campaign.ledger.writes.drafts import remove_reruns_of
from campaign.ledger.writes.transition import skip_move, skip_statement, transition

_PAGE = 500
_CLOSE = skip_statement()
_QUOTING = re.compile(r"[:('\"\[…]|\d{5,}")
_ROW = re.compile(r"row \d+[, ].*", re.DOTALL)
_LONGEST = 80


def forget(connection: Connection, run_id: int, *, key: bytes, owner: str, at: str) -> int:
    """Erases the personal data of a run; returns how many rows. It must be held, with no row still to be called.

    Raises:
        LedgerError: it has.
    """
    undone = select(func.count()).where(
        sheet_row.c.run_id == run_id, sheet_row.c.state.in_([state.value for state in UNDONE])
    )
    if count := connection.execute(undone).scalar_one():
        raise LedgerError(f"{count} rows of the run are still to be called; what would be forgotten is needed for that")
    if is_forgotten(connection, run_id):
        return 0
    remove_reruns_of(connection, run_id)
    rows = _strip_rows(connection, run_id, key=key)
    _strip_attempts(connection, run_id, key=key)
    _strip_history(connection, run_id)
    said = {"recording_url": None, "result_values": None}
    connection.execute(update(call_outcome).where(call_outcome.c.run_id == run_id).values(said))
    fingerprint = connection.execute(select(run.c.content_fingerprint).where(run.c.id == run_id)).scalar_one()
    connection.execute(update(run).where(run.c.id == run_id).values(content_fingerprint=keyed(fingerprint, key=key)))
    connection.execute(insert(forgotten).values(run_id=run_id, at=at, owner=owner, rows=rows))
    return rows


def close_waiting(connection: Connection, run_id: int, *, owner: str, at: str) -> int:
    """Skips the run's waiting rows before their erasure; returns how many."""
    waiting = [state.value for state in WAITING]
    here = select(sheet_row.c.id, sheet_row.c.attempts, sheet_row.c.state).where(
        sheet_row.c.run_id == run_id, sheet_row.c.state.in_(waiting)
    )
    count = 0
    for page in _pages(connection, here, sheet_row.c.id):
        moves = [
            skip_move(
                row["id"],
                attempt=row["attempts"],
                before=RowState(row["state"]),
                at=at,
                owner=owner,
                skipped=Erased(),
            )
            for row in page
        ]
        transition(connection, moves, by=_CLOSE)
        count += len(moves)
    return count


def shortened(reason: str | None) -> str | None:
    """The reason up to its first quotation; empty for a reason that names the row's own cells."""
    if reason is None:
        return None
    if _ROW.fullmatch(reason):
        return "forgotten"
    return _QUOTING.split(reason[:_LONGEST])[0].strip() or "forgotten"


def _strip_rows(connection: Connection, run_id: int, *, key: bytes) -> int:
    change = (
        update(sheet_row)
        .where(sheet_row.c.id == bindparam("b_id"))
        .values(
            {name: bindparam(f"b_{name}") for name in ("key", "phone", "contact", "reason")} | {"cells": json.dumps([])}
        )
    )
    statement = select(sheet_row).where(sheet_row.c.run_id == run_id)
    count = 0
    for page in _pages(connection, statement, sheet_row.c.id):
        connection.execute(change, [_stripped(row, key=key) for row in page])
        count += len(page)
    return count


def _stripped(row: RowMapping, *, key: bytes) -> dict[str, Any]:
    contact = None
    if row["contact"] is not None:
        said = keyed(said_of(row["contact"]), key=key)
        contact = json.dumps({"name": "", "email": None, "variables": [], "said": said})
    return {
        "b_id": row["id"],
        # Without the key, a hash of a row with a name and a number is soon guessed.
        "b_key": keyed(row["key"], key=key),
        "b_phone": None if row["phone"] is None else hashed(row["phone"], key=key),
        "b_contact": contact,
        "b_reason": shortened(row["reason"]),
    }


def _strip_attempts(connection: Connection, run_id: int, *, key: bytes) -> None:
    phones = connection.execute(select(attempt.c.phone).where(attempt.c.run_id == run_id).distinct()).scalars().all()
    change = (
        update(attempt)
        .where(attempt.c.run_id == run_id, attempt.c.phone == bindparam("b_phone"))
        .values(phone=bindparam("b_hashed"), evidence=None, body_sha256="")
    )
    for start in range(0, len(phones), _PAGE):
        some = phones[start : start + _PAGE]
        connection.execute(change, [{"b_phone": phone, "b_hashed": hashed(phone, key=key)} for phone in some])


def _strip_history(connection: Connection, run_id: int) -> None:
    rows = select(sheet_row.c.id).where(sheet_row.c.run_id == run_id)
    connection.execute(delete(mending).where(mending.c.row_id.in_(rows)))
    # The one change that the history allows, in a transaction that restores its guard.
    guard = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'")).scalar_one()
    connection.execute(text("DROP TRIGGER event_no_update"))
    change = update(event).where(event.c.id == bindparam("b_id")).values(why=bindparam("b_why"))
    statement = select(event.c.id, event.c.why).where(event.c.row_id.in_(rows), event.c.why.is_not(None))
    for page in _pages(connection, statement, event.c.id):
        connection.execute(change, [{"b_id": row["id"], "b_why": shortened(row["why"])} for row in page])
    connection.exec_driver_sql(guard)


def _pages(connection: Connection, statement: Any, identity: Any) -> Iterator[Sequence[RowMapping]]:
    last = 0
    while True:
        page = connection.execute(statement.where(identity > last).order_by(identity).limit(_PAGE)).mappings().all()
        if not page:
            return
        yield page
        last = page[-1]["id"]
