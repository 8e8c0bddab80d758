"""Erasure: removes the personal data of a run that is over, and keeps the record that calls were made.

    sheet_row   cells, name, email, variables, reason ..... gone; key, phone, words of the call .... keyed hashes
    attempt     evidence, hash of the body ................ gone; phone ............................ keyed hash
    event       why ....................................... shortened to what quotes no cell
    mending     ........................................... gone
    draft       of its rows, to be called again ........... gone
    upload      of its sheet: name, hash, settings, file .. gone
    dial_order  ........................................... gone
    call_outcome  recording, what was collected ........... gone
    kept as it was: states, codes of skipped rows, counts, instants, HTTP statuses, AICaller's ids, the suppression list

The key is the suppression list's. With it a number that comes again is recognised, so `call_again_after` and the
comparison of a sheet that is loaded again still work; without it no number can be found, not even by hashing all
numbers that exist.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from campaign.domain.errors import LedgerError
from campaign.domain.model import RowState
from campaign.domain.skip_reason import Skipped
from campaign.ledger.privacy.forgotten import hashed, is_forgotten, keyed
from campaign.ledger.queries.earlier_calls import said_of
from campaign.ledger.queries.in_order import IN_ORDER, waiting_only
from campaign.ledger.records.runs import UNDONE
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import attempt, event, forgotten, mending, row_count, run, sheet_row
from campaign.ledger.serving.orders import withdraw_order
from campaign.ledger.serving.uploads import erase_uploads_of
from campaign.ledger.writes.drafts import remove_reruns_of
from campaign.ledger.writes.transition import skip_move, skip_statement, transition

_PAGE = 500
_CLOSE = skip_statement()
_QUOTING = re.compile(r"[:('\"\[…]|\d{5,}")
_ROW = re.compile(r"row \d+[, ].*", re.DOTALL)
_LONGEST = 80


def forget(connection: Connection, run_id: int, *, key: bytes, owner: str, at: str) -> int:
    """Erases the personal data of a run; returns how many rows. It must be held, with no row still to be called.

    The history is shortened too, which its guard must allow in this transaction: see `Database.unguarded`.

    Raises:
        LedgerError: it has.
    """
    undone = select(func.sum(row_count.c.rows)).where(
        row_count.c.run_id == run_id, row_count.c.state.in_([state.value for state in UNDONE])
    )
    if count := connection.execute(undone).scalar():
        raise LedgerError(f"{count} rows of the run are still to be called; what would be forgotten is needed for that")
    if is_forgotten(connection, run_id):
        return 0
    erase_uploads_of(connection, run_id, at=at)
    withdraw_order(connection, run_id)
    remove_reruns_of(connection, run_id)
    rows = _strip_rows(connection, run_id, key=key)
    said = {"recording_url": None, "result_values": None}
    connection.execute(update(call_outcome).where(call_outcome.c.run_id == run_id).values(said))
    fingerprint = connection.execute(select(run.c.content_fingerprint).where(run.c.id == run_id)).scalar_one()
    connection.execute(update(run).where(run.c.id == run_id).values(content_fingerprint=keyed(fingerprint, key=key)))
    connection.execute(insert(forgotten).values(run_id=run_id, at=at, owner=owner, rows=rows))
    return rows


def close_waiting(connection: Connection, run_id: int, *, skipped: Skipped, owner: str, at: str) -> int:
    """Skips all waiting rows of the run for this reason; returns how many."""
    here = select(sheet_row.c.id, sheet_row.c.attempts, sheet_row.c.state)
    count = 0
    for page in _pages(connection, lambda after: waiting_only(here, run_id, after=after, most=_PAGE)):
        moves = [
            skip_move(
                row["id"],
                attempt=row["attempts"],
                before=RowState(row["state"]),
                at=at,
                owner=owner,
                skipped=skipped,
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
    """Erases the rows of a run with their attempts and their history, a page at a time."""
    every = select(sheet_row).where(sheet_row.c.run_id == run_id).with_hint(sheet_row, IN_ORDER, "sqlite")
    every = every.order_by(sheet_row.c.id).limit(_PAGE)
    count = 0
    for page in _pages(connection, lambda after: every.where(sheet_row.c.id > after)):
        rows = [row["id"] for row in page]
        connection.execute(_STRIP_ROW, [_stripped(row, key=key) for row in page])
        _strip_attempts(connection, rows, key=key)
        connection.execute(delete(mending).where(mending.c.row_id.in_(rows)))
        _strip_history(connection, rows)
        count += len(page)
    return count


_STRIP_ROW = (
    update(sheet_row)
    .where(sheet_row.c.id == bindparam("b_id"))
    .values(
        {name: bindparam(f"b_{name}") for name in ("key", "phone", "contact", "reason")} | {"cells": json.dumps([])}
    )
)


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


def _strip_attempts(connection: Connection, rows: Sequence[int], *, key: bytes) -> None:
    # A row that was corrected was called at another number before.
    sent = select(attempt.c.row_id, attempt.c.number, attempt.c.phone).where(attempt.c.row_id.in_(rows))
    stripped = [
        {"b_row": row_id, "b_number": number, "b_hashed": hashed(phone, key=key)}
        for row_id, number, phone in connection.execute(sent)
    ]
    if stripped:
        connection.execute(_STRIP_ATTEMPT, stripped)


_STRIP_ATTEMPT = (
    update(attempt)
    .where(attempt.c.row_id == bindparam("b_row"), attempt.c.number == bindparam("b_number"))
    .values(phone=bindparam("b_hashed"), evidence=None, body_sha256="")
)


def _strip_history(connection: Connection, rows: Sequence[int]) -> None:
    quoting = select(event.c.id, event.c.why).where(event.c.row_id.in_(rows), event.c.why.is_not(None))
    stripped = [{"b_id": event_id, "b_why": shortened(why)} for event_id, why in connection.execute(quoting)]
    if stripped:
        connection.execute(
            update(event).where(event.c.id == bindparam("b_id")).values(why=bindparam("b_why")), stripped
        )


def _pages(connection: Connection, page_after: Callable[[int], Any]) -> Iterator[Sequence[RowMapping]]:
    last = 0
    while page := connection.execute(page_after(last)).mappings().all():
        yield page
        last = page[-1]["id"]
