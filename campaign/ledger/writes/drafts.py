"""The statements of a draft's life, each in one transaction: create, complete, answer, publish, remove.

loading --complete--> ready --answer--> ready --publish--> published
   `-----------expire, discard-----------'                                 (expired: only the token is left)
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.domain.skip_reason import Skipped, text_of
from campaign.ledger.queries.drafts import OPEN, read_draft
from campaign.ledger.records.drafts import (
    LOADED_WITHIN,
    DraftKind,
    DraftRecord,
    DraftState,
    LoadedRows,
    NewDraft,
    why_not_usable,
)
from campaign.ledger.records.owner import is_dead
from campaign.ledger.schema.draft_tables import draft, draft_row
from campaign.ledger.schema.tables import run, sheet_row
from campaign.ledger.schema.text import storable
from campaign.ledger.writes import load

_TOKEN_BYTES = 16
_TOMBSTONE = timedelta(days=30)
_NOTHING = "{}"


def insert_draft(
    connection: Connection, new: NewDraft, *, kind: DraftKind, run_id: int, owner: str, at: datetime, **more: Any
) -> DraftRecord:
    """Inserts a draft; `more` are further columns, for a draft that is ready at once."""
    made = connection.execute(
        insert(draft).values(
            token=secrets.token_hex(_TOKEN_BYTES),
            kind=kind.value,
            state=DraftState.READY.value if more else DraftState.LOADING.value,
            run_id=run_id,
            owner=storable(new.belongs_to or owner),
            created_at=to_text(at),
            expires_at=to_text(at + new.kept_for),
            source=storable(new.source),
            answers=new.answers,
            **more,
        )
    ).inserted_primary_key
    assert made is not None  # noqa: S101 - an INSERT of one row has a key
    return _there(connection, int(made[0]))


def count_loaded(connection: Connection, record: DraftRecord, *, rows: int) -> None:
    """Adds to the count of loaded rows; with 0, only checks that the draft is still loading.

    Raises:
        LedgerError: the draft is no longer loading.
    """
    loading = update(draft).where(draft.c.id == record.id, draft.c.state == DraftState.LOADING.value)
    if connection.execute(loading.values(progress=draft.c.progress + rows)).rowcount != 1:
        raise LedgerError("the draft that was being loaded is not there any more; nothing was sent; start again")


def complete(
    connection: Connection, record: DraftRecord, loaded: LoadedRows, *, in_place_of: DraftRecord | None, at: datetime
) -> DraftRecord:
    """Makes a loading draft ready; if it replaces another, that one is removed, and its token and time pass over.

    Raises:
        UsageError: the other draft has changed.
        LedgerError: it is no longer loading.
    """
    count_loaded(connection, record, rows=0)
    taken_over: dict[str, Any] = {}
    if in_place_of is not None:
        usable(connection, in_place_of, at=at)
        remove(connection, in_place_of)
        taken_over = {
            "token": in_place_of.token,
            "owner": in_place_of.owner,
            "created_at": to_text(in_place_of.created_at),
            "expires_at": to_text(in_place_of.expires_at),
            "revision": in_place_of.revision + 1,
        }
    connection.execute(
        update(run).where(run.c.id == record.run_id).values(content_fingerprint=loaded.content_fingerprint)
    )
    _note_may_skip(connection, record, loaded.may_skip)
    change = update(draft).where(draft.c.id == record.id)
    connection.execute(change.values(state=DraftState.READY.value, view=storable(loaded.view), **taken_over))
    return _there(connection, record.id)


def answer(
    connection: Connection, record: DraftRecord, *, answers: str, view: str, skip: bool, at: datetime
) -> DraftRecord:
    """Stores the answers; `skip` also skips the rows that may be skipped.

    Raises:
        UsageError: the draft has changed since it was read.
    """
    usable(connection, record, at=at)
    change = update(draft).where(draft.c.id == record.id)
    connection.execute(change.values(answers=answers, view=storable(view), revision=record.revision + 1))
    if skip:
        _skip_noted(connection, record)
    return _there(connection, record.id)


def close(connection: Connection, record: DraftRecord, *, run_name: str, this_round: int | None = None) -> None:
    """Marks a draft as published, and erases its personal data, in the transaction that publishes it."""
    connection.execute(delete(draft_row).where(draft_row.c.draft_id == record.id))
    change = update(draft).where(draft.c.id == record.id)
    published = {"state": DraftState.PUBLISHED.value, "view": None, "published_as": run_name, "round": this_round}
    connection.execute(change.values(published))


def usable(connection: Connection, record: DraftRecord, *, at: datetime) -> None:
    """Refuses a draft that has changed since it was read.

    Raises:
        UsageError: it has changed or expired.
    """
    if why := why_not_usable(read_draft(connection, record.id), at=at, revision=record.revision):
        raise UsageError(why)


def remove(connection: Connection, record: DraftRecord) -> list[int]:
    """Removes an unpublished draft; returns the run that held its rows, which the caller must remove as well."""
    connection.execute(delete(draft_row).where(draft_row.c.draft_id == record.id, _still_open(record)))
    gone = connection.execute(delete(draft).where(draft.c.id == record.id, draft.c.state.in_(OPEN)))
    if gone.rowcount != 1 or record.kind is not DraftKind.SHEET or record.run_id is None:
        return []
    return [record.run_id]


def remove_reruns_of(connection: Connection, run_id: int) -> None:
    """Removes the rerun drafts of a run, since they hold corrected cells."""
    here = (draft.c.run_id == run_id) & (draft.c.kind == DraftKind.RERUN.value) & draft.c.state.in_(OPEN)
    found = select(draft.c.id).where(here)
    connection.execute(delete(draft_row).where(draft_row.c.draft_id.in_(found)))
    connection.execute(delete(draft).where(here))


def expire(connection: Connection, *, at: datetime, older_than: timedelta | None = None) -> tuple[int, list[int]]:
    """Empties drafts that have expired, and those whose load was interrupted: its process has ended, or is too slow.

    Returns:
        Their number, and the runs that held their rows, which the caller must remove as well.
    """
    cut_off = to_text(at - LOADED_WITHIN)
    over = or_(
        and_(draft.c.state == DraftState.READY.value, draft.c.expires_at <= to_text(at)),
        and_(draft.c.state == DraftState.LOADING.value, draft.c.created_at < cut_off),
    )
    if older_than is not None:
        over = or_(over, and_(draft.c.state.in_(OPEN), draft.c.created_at <= to_text(at - older_than)))
    loading = select(draft.c.id, draft.c.owner).where(draft.c.state == DraftState.LOADING.value)
    cut_short = [one.id for one in connection.execute(loading) if is_dead(one.owner)]
    over = or_(over, draft.c.id.in_(cut_short))
    found = connection.execute(select(draft.c.id, draft.c.run_id, draft.c.kind).where(over)).all()
    for one in found:
        connection.execute(delete(draft_row).where(draft_row.c.draft_id == one.id))
        emptied = {"state": DraftState.EXPIRED.value, "run_id": None, "view": None}
        change = update(draft).where(draft.c.id == one.id)
        connection.execute(change.values(emptied | {"source": _NOTHING, "answers": _NOTHING}))
    forgotten = (draft.c.state == DraftState.EXPIRED.value) & (draft.c.expires_at < to_text(at - _TOMBSTONE))
    connection.execute(delete(draft).where(forgotten))
    held = [one.run_id for one in found if one.kind == DraftKind.SHEET.value]
    return len(found), [
        *held,
        *(one for one in load.abandoned_runs(connection, begun_before=cut_off) if one not in held),
    ]


def _there(connection: Connection, draft_id: int) -> DraftRecord:
    record = read_draft(connection, draft_id)
    assert record is not None  # noqa: S101 - it was written in this transaction
    return record


def _still_open(record: DraftRecord) -> Any:
    return select(draft.c.id).where(draft.c.id == record.id, draft.c.state.in_(OPEN)).exists()


def _note_may_skip(connection: Connection, record: DraftRecord, may_skip: Mapping[int, Skipped]) -> None:
    if not may_skip:
        return
    waiting = connection.execute(
        select(sheet_row.c.id, sheet_row.c.number).where(
            sheet_row.c.run_id == record.run_id, sheet_row.c.state == RowState.PENDING.value
        )
    )
    rows = [
        {
            "draft_id": record.id,
            "row_id": row.id,
            "attempts": 0,
            "reason": storable(text_of(may_skip[row.number])),
            "skip_reason": may_skip[row.number].code.value,
        }
        for row in waiting
        if row.number in may_skip
    ]
    if rows:
        connection.execute(insert(draft_row), rows)


def _skip_noted(connection: Connection, record: DraftRecord) -> None:
    noted = connection.execute(
        select(draft_row.c.row_id, draft_row.c.reason, draft_row.c.skip_reason).where(
            draft_row.c.draft_id == record.id, draft_row.c.reason.is_not(None)
        )
    ).all()
    if noted:
        connection.execute(
            load.SKIP,
            [{"b_row": row.row_id, "b_reason": row.reason, "b_skip_reason": row.skip_reason} for row in noted],
        )
        skipped = (draft_row.c.draft_id == bindparam("b_draft")) & (draft_row.c.row_id == bindparam("b_row"))
        connection.execute(
            delete(draft_row).where(skipped), [{"b_draft": record.id, "b_row": row.row_id} for row in noted]
        )
