"""Statements that load a sheet: a run is "loading", and hidden, until all of its rows are in."""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from campaign.domain.cures import Wording
from campaign.domain.cures.runs import rename_or_resume
from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import Contact, Invalid, RowState, Screened, Skip
from campaign.domain.phone_line import line_of
from campaign.domain.skip_reason import CalledRecentlyBy, Skipped, text_of
from campaign.ledger.database.copying import copy_rows
from campaign.ledger.records.runs import Draft
from campaign.ledger.schema.draft_tables import draft as drafts
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.tables import attempt, run, sheet_row
from campaign.ledger.schema.text import quoted as _quoted, storable, texts_json
from campaign.ledger.writes.statements import prepared_insert

_DISCARDED_AT_ONCE = 10_000
_AT_ONCE = 1_000
SKIP = (
    update(sheet_row)
    .where(sheet_row.c.id == bindparam("b_row"), sheet_row.c.state == RowState.PENDING.value)
    .values(state=RowState.SKIPPED.value, reason=bindparam("b_reason"), skip_reason=bindparam("b_skip_reason"))
)
"""Skips a row that waits, with its reason. No history is written: nobody has seen it anywhere else yet."""
_COLUMNS = ("run_id", "number", "key", "state", "phone", "contact", "cells", "reason", "skip_reason")
_ROWS = prepared_insert(sheet_row, *_COLUMNS)
_STATES = {Contact: RowState.PENDING.value, Invalid: RowState.INVALID.value, Skip: RowState.SKIPPED.value}


def insert_loading(connection: Connection, draft: Draft, *, owner: str, at: datetime) -> int:
    """Inserts a hidden run without rows; returns its number."""
    made = connection.execute(
        insert(run).values(
            name=f"(loading by {owner} {to_text(at)} {secrets.token_hex(4)})",
            state="loading",
            service=draft.service,
            template_fingerprint=draft.template_fingerprint,
            content_fingerprint="",
            sheet=storable(draft.sheet),
            header=json.dumps(draft.header),
            plan=draft.plan,
            results_path="",
            created_at=to_text(at),
        )
    ).inserted_primary_key
    assert made is not None  # noqa: S101 - an INSERT of one row has a key
    return int(made[0])


def abandoned_runs(connection: Connection, *, begun_before: str) -> list[int]:
    """Loading runs without a draft: older versions had no drafts, and a process may die while it removes one."""
    drafted = exists(select(1).where(drafts.c.run_id == run.c.id))
    abandoned = select(run.c.id).where(run.c.state == "loading", run.c.created_at < begun_before, ~drafted)
    return list(connection.execute(abandoned).scalars())


def insert_rows(connection: Connection, run_id: int, rows: Sequence[tuple[str, Screened]], *, wording: Wording) -> None:
    """Inserts rows, each with the key of its content."""
    said = [_row(run_id, key, screened, wording=wording) for key, screened in rows]
    if said and connection.dialect.name == "postgresql":
        copy_rows(connection, sheet_row, names=list(said[0]), rows=(tuple(row.values()) for row in said))
    else:
        _ROWS.run(connection, said)


def skip_called_recently(connection: Connection, run_id: int, *, service: str, since: str) -> int:
    """Skips a loading run's rows whose number was called, or is being called, since the instant; returns how many.

    No history is written, since these rows are not visible elsewhere yet.
    """
    other, caller = sheet_row.alias("other_row"), run.alias("other_run")
    called = (
        select(attempt.c.claimed_at, caller.c.name, other.c.number, attempt.c.phone, attempt.c.line)
        .join(other, other.c.id == attempt.c.row_id)
        .join(caller, caller.c.id == attempt.c.run_id)
        .where(attempt.c.service == service, attempt.c.claimed_at > since, MAY_HAVE_RUNG)
    )
    count = 0
    for page in _pages(connection, run_id):
        rows = by_line(page)
        found = connection.execute(called.where(attempt.c.line.in_(rows.keys())))
        why = {row.id: _called_by(call, row.phone) for call in found for row in rows[call.line]}
        count += _skip(connection, why)
    return count


def by_line(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    """Rows by the line of their number. A loaded sheet has one of each; what older versions loaded may have two."""
    lines = defaultdict[str, list[Any]](list)
    for row in rows:
        lines[line_of(row.phone)].append(row)
    return lines


def skip_numbered(connection: Connection, run_id: int, reasons: Mapping[int, Skipped]) -> int:
    """Skips a loading run's waiting rows whose number in the sheet is a key of `reasons`; returns how many.

    No history is written, as in `skip_called_recently`.
    """
    return sum(
        _skip(connection, {row.id: reasons[row.number] for row in page if row.number in reasons})
        for page in _pages(connection, run_id)
    )


def service_of(connection: Connection, run_id: int) -> str:
    """The service at which the run's calls are made."""
    return str(connection.execute(select(run.c.service).where(run.c.id == run_id)).scalar_one())


def content_of(connection: Connection, run_id: int) -> str:
    """The fingerprint of the run's content."""
    return str(connection.execute(select(run.c.content_fingerprint).where(run.c.id == run_id)).scalar_one())


def find_same(connection: Connection, run_id: int, *, content_fingerprints: Sequence[str]) -> str | None:
    """The name of the latest run of that content, however it is written, under this run's template at its service."""
    mine = run.alias("mine")
    name: str | None = connection.execute(
        select(run.c.name)
        .join(mine, (mine.c.service == run.c.service) & (mine.c.template_fingerprint == run.c.template_fingerprint))
        .where(
            mine.c.id == run_id,
            run.c.content_fingerprint.in_(content_fingerprints),
            run.c.state == "ready",
        )
        .order_by(run.c.id.desc())
        .limit(1)
    ).scalar()
    return name


def publish(connection: Connection, run_id: int, *, name: str, again: bool) -> None:
    """Publishes a loaded run, which can be dialled from then on; `again` as in `RunRecord`.

    Raises:
        UsageError: another run has that name.
        LedgerError: it is no longer loading.
    """
    if connection.execute(select(run.c.id).where(run.c.name == name)).first():
        raise UsageError(f"there is a run called {name!r} already", cure=rename_or_resume(name))
    published = connection.execute(
        update(run)
        .where(run.c.id == run_id, run.c.state == "loading")
        .values(name=name, state="ready", again=int(again))
    )
    if published.rowcount != 1:
        raise LedgerError(f"the loaded sheet of run {name!r} is not there any more; nothing was sent; start again")


def free_name(connection: Connection, stem: str) -> str:
    """The first free name of the form `<stem>-<count>`."""
    taken = set(connection.execute(select(run.c.name).where(run.c.name.startswith(stem, autoescape=True))).scalars())
    count = 1
    while f"{stem}-{count}" in taken:
        count += 1
    return f"{stem}-{count}"


def discard_some(connection: Connection, run_id: int) -> bool:
    """Removes rows of a run that was never dialled, and with the last of them the run; returns whether rows remain.

    It works in batches so that others can write in between: a claim that waits for a million deletions stops its run.
    A published run stays.
    """
    loading = select(run.c.id).where(run.c.id == run_id, run.c.state == "loading").scalar_subquery()
    some = select(sheet_row.c.id).where(sheet_row.c.run_id == loading).limit(_DISCARDED_AT_ONCE)
    if connection.execute(delete(sheet_row).where(sheet_row.c.id.in_(some))).rowcount == _DISCARDED_AT_ONCE:
        return True
    connection.execute(delete(run).where(run.c.id == run_id, run.c.state == "loading"))
    return False


def _pages(connection: Connection, run_id: int) -> Iterator[Sequence[Any]]:
    """The waiting rows of a run that is loaded: (id, number in the sheet, phone), in order, a page at a time."""
    pending = (sheet_row.c.run_id == run_id) & (sheet_row.c.state == RowState.PENDING.value)
    rows = select(sheet_row.c.id, sheet_row.c.number, sheet_row.c.phone).where(pending)
    rows, last = rows.order_by(sheet_row.c.id).limit(_AT_ONCE), 0
    while page := connection.execute(rows.where(sheet_row.c.id > last)).all():
        yield page
        last = page[-1].id


def _skip(connection: Connection, rows: Mapping[int, Skipped]) -> int:
    """Skips rows by the ledger's own numbers; returns how many."""
    if rows:
        connection.execute(
            SKIP,
            [
                {"b_row": row_id, "b_reason": storable(text_of(skipped)), "b_skip_reason": skipped.code.value}
                for row_id, skipped in rows.items()
            ],
        )
    return len(rows)


def _called_by(call: Any, phone: str) -> CalledRecentlyBy:
    return CalledRecentlyBy(call.claimed_at, call.name, call.number, "" if call.phone == phone else call.phone)


def _row(run_id: int, key: str, screened: Screened, *, wording: Wording) -> dict[str, Any]:
    verdict = screened.verdict
    contact = verdict if isinstance(verdict, Contact) else verdict.contact if isinstance(verdict, Skip) else None
    reason = verdict.reason if isinstance(verdict, Skip) else None
    if isinstance(verdict, Invalid):
        reason = wording(verdict.message)
    return {
        "run_id": run_id,
        "number": screened.row.number,
        "key": key,
        "state": _STATES[type(verdict)],
        "phone": contact.phone if contact else None,
        "contact": contact_text(contact) if contact else None,
        "cells": texts_json(screened.row.cells),
        "reason": reason,
        "skip_reason": verdict.why.code.value if isinstance(verdict, Skip) else None,
    }


def contact_text(contact: Contact) -> str:
    """The contact of a row as text, without the number, which has its own column."""
    name, email = _quoted(contact.name), "null" if contact.email is None else _quoted(contact.email)
    # As `json.dumps` of a dict would write it, in a third of its time: one for each row of a sheet.
    variables = ", ".join([f"[{_quoted(key)}, {_quoted(value)}]" for key, value in contact.variables])
    places = f', "zones": {texts_json(contact.zones)}, "states": {texts_json(contact.states)}' if contact.zones else ""
    call_at = "" if contact.call_at is None else f', "call_at": {_quoted(to_text(contact.call_at))}'
    return f'{{"name": {name}, "email": {email}, "variables": [{variables}]{places}{call_at}}}'
