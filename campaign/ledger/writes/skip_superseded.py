"""Skips superseded rows before an older run resumes: a later run of the template has called them, or may not."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from campaign.domain.model import RowState
from campaign.domain.phone_line import line_of
from campaign.domain.skip_reason import ConsentRefused, Skipped, SkipReason, SupersededBy
from campaign.ledger.privacy.forgotten import HASHED
from campaign.ledger.queries.in_order import as_term, waiting_only
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.tables import attempt, row_count, run, sheet_row
from campaign.ledger.writes.load import by_line
from campaign.ledger.writes.transition import Move, skip_move, skip_statement, transition

_AT_ONCE = 1_000
_SKIP = skip_statement()
_SKIPPED = RowState.SKIPPED.value
_SAID_NO = (SkipReason.NO_CONSENT.value, SkipReason.OPTED_OUT.value, SkipReason.MARKED.value)


def skip_superseded(connection: Connection, record: RunRecord, *, owner: str, at: str) -> int:
    """Skips the run's waiting rows whose number another run has called since, or may not call; returns how many.

    A corrected sheet is a run of its own. A later resume of the first one is meant for the rows that neither
    has called: `call_again_after` has passed by then, and would not hold the others back. Who says no in the corrected
    sheet has said it for the first one as well.
    """
    refused = _refused_since(connection, record)
    other, caller = sheet_row.alias("other_row"), run.alias("other_run")
    called = (
        select(attempt.c.line, attempt.c.claimed_at, caller.c.name, other.c.number)
        .join(other, other.c.id == attempt.c.row_id)
        .join(caller, caller.c.id == attempt.c.run_id)
        .where(
            attempt.c.service == record.service,
            as_term(caller.c.template_fingerprint) == record.template_fingerprint,
            caller.c.id != record.id,
            attempt.c.claimed_at > record.created_at,
            MAY_HAVE_RUNG,
        )
    )
    waiting = select(sheet_row.c.id, sheet_row.c.attempts, sheet_row.c.state, sheet_row.c.phone)
    count, last = 0, 0
    while page := connection.execute(waiting_only(waiting, record.id, after=last, most=_AT_ONCE)).all():
        rows = by_line(page)
        calls = {call.line: call for call in connection.execute(called.where(attempt.c.line.in_(rows.keys())))}
        moves = [
            _move(row, _why(calls.get(line), refused.get(line)), owner=owner, at=at)
            for line in calls.keys() | (refused.keys() & rows.keys())
            for row in rows[line]
        ]
        transition(connection, moves, by=_SKIP)
        count, last = count + len(moves), page[-1].id
    return count


def _refused_since(connection: Connection, record: RunRecord) -> Mapping[str, ConsentRefused]:
    """Line -> who says no for it in the sheet of a later run of this template."""
    later = (
        (run.c.service == record.service)
        & (as_term(run.c.template_fingerprint) == record.template_fingerprint)
        & (run.c.id > record.id)
        & (run.c.state == "ready")
    )
    some = select(row_count.c.run_id).join(run, run.c.id == row_count.c.run_id)
    some = some.where(later, row_count.c.state == _SKIPPED, row_count.c.skip_reason.in_(_SAID_NO), row_count.c.rows > 0)
    runs = list(connection.execute(some.distinct()).scalars())
    if not runs:
        return {}
    said = (
        select(sheet_row.c.phone, sheet_row.c.number, run.c.name)
        .join(run, run.c.id == sheet_row.c.run_id)
        .where(sheet_row.c.run_id.in_(runs), sheet_row.c.state == _SKIPPED, sheet_row.c.skip_reason.in_(_SAID_NO))
    )
    found = (row for row in connection.execute(said) if row.phone and not row.phone.startswith(HASHED))
    return {line_of(row.phone): ConsentRefused(row.number, f"run {row.name}") for row in found}


def _why(call: Any, refused: ConsentRefused | None) -> tuple[Skipped, str | None]:
    if call is None:
        assert refused is not None  # noqa: S101 - one of the two is the reason
        return refused, None
    return SupersededBy(call.claimed_at, call.name, call.number), f"called since by run {call.name}"


def _move(row: Any, why: tuple[Skipped, str | None], *, owner: str, at: str) -> Move:
    return skip_move(
        row.id,
        attempt=row.attempts,
        before=RowState(row.state),
        at=at,
        owner=owner,
        skipped=why[0],
        why=why[1],
    )
