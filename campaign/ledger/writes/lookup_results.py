"""Writes of the reconciliation: a lost answer that was found, a call that this ledger lacks, a person's statement.

    unknown --> created          the call was found in AICaller's list
    created --> unknown          its id is another's there, or a second call of it is
    rejected --> unknown         a call of it is there: it was refused on the way, after it was made
    unknown --> pending          a person states that it was not made
    pending --> sending --> created | unknown     another, newer ledger made the call
    pending --> skipped          the person was called from elsewhere

All are conditional updates with their events; a row that is not in the expected state is not moved. The evidence
of the attempt keeps its earlier content.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from campaign.domain.attempt_end import AttemptEnd
from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.domain.skip_reason import Skipped
from campaign.ledger.port.writing import LookupWriter
from campaign.ledger.records.lost_calls import CallFound, OpenSending, WaitingPerson
from campaign.ledger.records.workers import NOT_CALLED_AFTER
from campaign.ledger.schema.tables import attempt, delay, sheet_row
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.transition import (
    Move,
    MoveRefused,
    move,
    move_statement,
    skip_move,
    skip_statement,
    transition,
)

# A row that leaves `unknown`, or a reconciliation's own `sending`; `b_call_id` is None unless a call was found.
_SETTLE = move_statement(
    sheet_row.c.attempts == bindparam("b_before"), reason=bindparam("b_reason"), call_id=bindparam("b_call_id")
)
_SKIP = skip_statement(sheet_row.c.attempts == bindparam("b_before"))
_SEND = move_statement(
    sheet_row.c.attempts == bindparam("b_before"),
    attempts=bindparam("b_attempt"),
    submitted_at=bindparam("b_submitted_at"),
)


class LookupResults(LookupWriter):
    """Implements the port's writes of a reconciliation; the run must be held."""

    def __init__(self, writer: Writer, *, owner: str, now: Callable[[], datetime]) -> None:
        self._writer, self._owner, self._now = writer, owner, now

    def adopt(self, sending: OpenSending, found: CallFound) -> bool:
        """Makes an unknown row created; False when it is no longer unknown, or another attempt has the id."""

        def work(connection: Connection) -> None:
            why = f"looked up: call {found.call_id}, by {found.by}"
            self._settle_unknown(connection, sending, RowState.CREATED, why=why, call_id=found.call_id)
            settled = _evidence(connection, sending, {"found": found.call_id, "by": found.by, "at": self._at()})
            _change_attempt(connection, sending, outcome="created", call_id=found.call_id, evidence=settled)

        return self._try(work)

    def mark_not_called(self, sending: OpenSending, *, who: str) -> bool:
        """Makes an unknown row pending, on a person's word; False when it is not unknown, or was claimed just now."""

        def work(connection: Connection) -> None:
            if sending.claimed_at > to_text(self._now() - NOT_CALLED_AFTER):
                raise MoveRefused
            self._settle_unknown(connection, sending, RowState.PENDING, why=f"{who} says that it was not called")
            said = _evidence(connection, sending, {"not_called": who, "at": self._at()})
            _change_attempt(connection, sending, evidence=said)

        return self._try(work)

    def doubt(self, sending: OpenSending, *, reason: str, seen: Mapping[str, Any]) -> bool:
        """Makes a created or rejected row unknown; False when it is neither, or not as it was read."""

        def work(connection: Connection) -> None:
            doubted = self._move(
                sending.row_id,
                attempt=sending.attempt,
                before=sending.state,
                after=RowState.UNKNOWN,
                why=reason,
                b_before=sending.attempt,
                b_reason=reason,
                b_call_id=None,
            )
            transition(connection, [doubted], by=_SETTLE)
            # The id of a created call is kept, in doubt; what was refused and rang all the same is unknown from now on.
            end = {} if sending.call_id else {"outcome": AttemptEnd.UNKNOWN.value}
            evidence = _evidence(connection, sending, {**seen, "at": self._at()})
            _change_attempt(connection, sending, evidence=evidence, **end)

        return sending.state in (RowState.CREATED, RowState.REJECTED) and self._try(work)

    def flag(self, sending: OpenSending, *, reason: str, seen: Mapping[str, Any]) -> bool:
        """Records the evidence on a row that stays unknown; False when it is no longer unknown."""

        def work(connection: Connection) -> None:
            unknown = (sheet_row.c.id == sending.row_id) & (sheet_row.c.state == RowState.UNKNOWN.value)
            if connection.execute(update(sheet_row).where(unknown).values(reason=reason)).rowcount != 1:
                raise MoveRefused
            _change_attempt(connection, sending, evidence=_evidence(connection, sending, {**seen, "at": self._at()}))

        return self._try(work)

    def adopt_waiting(self, row: WaitingPerson, found: CallFound, *, run_id: int, service: str) -> bool:
        """Makes a waiting row created, by a call that another ledger made; False when it no longer waits."""

        def work(connection: Connection) -> None:
            why = f"the audit found call {found.call_id}, by {found.by}"
            self._sent_elsewhere(connection, row, found.made_at, run_id=run_id, service=service, why=why)
            self._settle_sent(connection, row, RowState.CREATED, why=why, reason=None, call_id=found.call_id)
            self._end_elsewhere(
                connection, row, "created", call_id=found.call_id, seen={"found": found.call_id, "by": found.by}
            )
            if found.delayed_until is not None:
                _keep_delay(connection, row, found.delayed_until, run_id=run_id)

        return self._try(work)

    def doubt_waiting(
        self, row: WaitingPerson, *, reason: str, seen: Mapping[str, Any], run_id: int, service: str
    ) -> bool:
        """Makes a waiting row unknown, since several calls could be its own; False when it no longer waits."""

        def work(connection: Connection) -> None:
            self._sent_elsewhere(connection, row, None, run_id=run_id, service=service, why=reason)
            self._settle_sent(connection, row, RowState.UNKNOWN, why=reason, reason=reason, call_id=None)
            self._end_elsewhere(connection, row, "unknown", call_id=None, seen=seen)

        return self._try(work)

    def skip_waiting(self, row: WaitingPerson, skipped: Skipped) -> bool:
        """Skips a waiting row, since the person was called from elsewhere; False when it no longer waits."""

        def work(connection: Connection) -> None:
            skip = skip_move(
                row.row_id,
                # Recorded as a refused claim is: for the attempt that was not made.
                attempt=row.attempts + 1,
                before=row.state,
                at=self._at(),
                owner=self._owner,
                skipped=skipped,
            )
            transition(connection, [skip | {"b_before": row.attempts}], by=_SKIP)

        return self._try(work)

    def _sent_elsewhere(
        self,
        connection: Connection,
        row: WaitingPerson,
        made_at: datetime | None,
        *,
        run_id: int,
        service: str,
        why: str,
    ) -> None:
        """Inserts an attempt that another ledger made, which this one lacks. Its body is not known here."""
        now, number = self._now(), row.attempts + 1
        at = to_text(min(made_at or now, now))
        send = self._move(
            row.row_id,
            attempt=number,
            before=row.state,
            after=RowState.SENDING,
            why=why,
            b_before=row.attempts,
            b_submitted_at=at,
        )
        transition(connection, [send], by=_SEND)
        connection.execute(
            insert(attempt).values(
                row_id=row.row_id,
                number=number,
                run_id=run_id,
                service=service,
                phone=row.contact.phone,
                owner=f"audit {self._owner}",
                body_sha256="",
                claimed_at=at,
            )
        )

    def _settle_unknown(
        self, connection: Connection, sending: OpenSending, after: RowState, *, why: str, call_id: str | None = None
    ) -> None:
        settled = self._move(
            sending.row_id,
            attempt=sending.attempt,
            before=RowState.UNKNOWN,
            after=after,
            why=why,
            b_before=sending.attempt,
            b_reason=None,
            b_call_id=call_id,
        )
        transition(connection, [settled], by=_SETTLE)

    def _settle_sent(
        self,
        connection: Connection,
        row: WaitingPerson,
        after: RowState,
        *,
        why: str,
        reason: str | None,
        call_id: str | None,
    ) -> None:
        settled = self._move(
            row.row_id,
            attempt=row.attempts + 1,
            before=RowState.SENDING,
            after=after,
            why=why,
            b_before=row.attempts + 1,
            b_reason=reason,
            b_call_id=call_id,
        )
        transition(connection, [settled], by=_SETTLE)

    def _end_elsewhere(
        self, connection: Connection, row: WaitingPerson, outcome: str, *, call_id: str | None, seen: Mapping[str, Any]
    ) -> None:
        ours = (attempt.c.row_id == row.row_id) & (attempt.c.number == row.attempts + 1)
        values = {"ended_at": self._at(), "outcome": outcome, "call_id": call_id, "evidence": json.dumps(dict(seen))}
        connection.execute(update(attempt).where(ours).values(**values))

    def _try(self, work: Callable[[Connection], None]) -> bool:
        def in_savepoint(connection: Connection) -> bool:
            try:
                with connection.begin_nested():
                    work(connection)
            except (MoveRefused, IntegrityError):
                # Another process has moved it since it was read, or another attempt has the id by now.
                return False
            return True

        return self._writer.do(in_savepoint)

    def _move(self, row_id: int, **said: Any) -> Move:
        return move(row_id, at=self._at(), owner=self._owner, **said)

    def _at(self) -> str:
        return to_text(self._now())


def _keep_delay(connection: Connection, row: WaitingPerson, until: datetime, *, run_id: int) -> None:
    """Keeps when an adopted call is to ring, unless another call of the run has that very millisecond."""
    values = {"row_id": row.row_id, "attempt": row.attempts + 1, "run_id": run_id, "until": to_text(until)}
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(insert(delay).values(**values))


def _change_attempt(connection: Connection, sending: OpenSending, **values: Any) -> None:
    ended = attempt.c.outcome.is_(None) if sending.end is None else attempt.c.outcome == sending.end.value
    ours = (attempt.c.row_id == sending.row_id) & (attempt.c.number == sending.attempt) & ended
    if connection.execute(update(attempt).where(ours).values(**values)).rowcount != 1:
        raise MoveRefused


def _evidence(connection: Connection, sending: OpenSending, more: Mapping[str, Any]) -> str:
    """The attempt's evidence with the reconciliation added; how the answer was lost stays."""
    ours = (attempt.c.row_id == sending.row_id) & (attempt.c.number == sending.attempt)
    before = connection.execute(select(attempt.c.evidence).where(ours)).scalar()
    return json.dumps({**json.loads(before or "{}"), "looked_up": dict(more)})
