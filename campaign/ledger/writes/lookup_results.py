"""What a lookup writes: a lost answer that was found, a call that this ledger had forgotten, a person's word.

    unknown --> created          the call was found in AICaller's list
    unknown --> pending          a person says that it was not made
    pending --> sending --> created | unknown     it was made by a ledger that knew more than this one
    pending --> skipped          somebody else called the person

All are conditional updates with their history beside them; what does not stand as expected is not moved. The evidence
of the attempt keeps what was there before.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.ledger.records.lost_calls import CallFound, OpenSending, WaitingPerson
from campaign.ledger.schema.tables import attempt, event, sheet_row
from campaign.ledger.writes.group_commit import Writer

_P, _S, _C, _U, _K = (
    RowState.PENDING,
    RowState.SENDING,
    RowState.CREATED,
    RowState.UNKNOWN,
    RowState.SKIPPED,
)


@dataclass(frozen=True, slots=True)
class _Step:
    """A move of one row: from where it must stand, with so many attempts, to where it goes."""

    row_id: int
    attempts: int
    before: RowState
    after: RowState


class _Elsewhere(Exception):  # noqa: N818 - an ending that is expected and handled, not an error
    """The row does not stand where it was seen."""


class Lookups:
    """The ledger as a lookup sees it; the run must be held."""

    def __init__(self, writer: Writer, *, owner: str, now: Callable[[], datetime]) -> None:
        self._writer, self._owner, self._now = writer, owner, now

    def adopt(self, sending: OpenSending, found: CallFound) -> bool:
        """Makes an unknown row created; False when it is not unknown any more, or the id is another's."""

        def work(connection: Connection) -> None:
            step = _Step(sending.row_id, sending.attempt, _U, _C)
            _move(connection, step, call_id=found.call_id, reason=None)
            settled = _evidence(connection, sending, {"found": found.call_id, "by": found.by, "at": self._at()})
            _change_attempt(connection, sending, outcome="created", call_id=found.call_id, evidence=settled)
            why = f"looked up: call {found.call_id}, by {found.by}"
            self._record(connection, step, why=why)

        return self._try(work)

    def say_uncalled(self, sending: OpenSending, *, who: str) -> bool:
        """Makes an unknown row pending, on a person's word; False when it is not unknown any more."""

        def work(connection: Connection) -> None:
            step = _Step(sending.row_id, sending.attempt, _U, _P)
            _move(connection, step, reason=None)
            said = _evidence(connection, sending, {"not_called": who, "at": self._at()})
            _change_attempt(connection, sending, evidence=said)
            self._record(connection, step, why=f"{who} says that it was not called")

        return self._try(work)

    def flag(self, sending: OpenSending, *, reason: str, seen: Mapping[str, Any]) -> bool:
        """Writes down what was seen of a row that stays unknown; False when it is not unknown any more."""

        def work(connection: Connection) -> None:
            unknown = (sheet_row.c.id == sending.row_id) & (sheet_row.c.state == _U.value)
            if connection.execute(update(sheet_row).where(unknown).values(reason=reason)).rowcount != 1:
                raise _Elsewhere
            _change_attempt(connection, sending, evidence=_evidence(connection, sending, {**seen, "at": self._at()}))

        return self._try(work)

    def adopt_waiting(self, row: WaitingPerson, found: CallFound, *, run_id: int, service: str) -> bool:
        """Makes a waiting row created, by a call that another ledger made; False when it does not wait any more."""

        def work(connection: Connection) -> None:
            why = f"the audit found call {found.call_id}, by {found.by}"
            self._sent_elsewhere(connection, row, found.made_at, run_id=run_id, service=service, why=why)
            step = _Step(row.row_id, row.attempts + 1, _S, _C)
            _move(connection, step, call_id=found.call_id, reason=None)
            self._end_elsewhere(
                connection, row, "created", call_id=found.call_id, seen={"found": found.call_id, "by": found.by}
            )
            self._record(connection, step, why=why)

        return self._try(work)

    def doubt_waiting(
        self, row: WaitingPerson, *, reason: str, seen: Mapping[str, Any], run_id: int, service: str
    ) -> bool:
        """Makes a waiting row unknown, since several calls could be its own; False when it does not wait any more."""

        def work(connection: Connection) -> None:
            self._sent_elsewhere(connection, row, None, run_id=run_id, service=service, why=reason)
            step = _Step(row.row_id, row.attempts + 1, _S, _U)
            _move(connection, step, reason=reason)
            self._end_elsewhere(connection, row, "unknown", call_id=None, seen=seen)
            self._record(connection, step, why=reason)

        return self._try(work)

    def skip_waiting(self, row: WaitingPerson, *, reason: str) -> bool:
        """Skips a waiting row, since somebody else called the person; False when it does not wait any more."""

        def work(connection: Connection) -> None:
            step = _Step(row.row_id, row.attempts, row.state, _K)
            _move(connection, step, reason=reason)
            # As a refused claim is written down: of the attempt that was not made.
            self._record(connection, replace(step, attempts=row.attempts + 1), why=reason)

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
        """Writes the attempt that another ledger made, and this one did not know of. Its body was never seen here."""
        now, number = self._now(), row.attempts + 1
        at = to_text(min(made_at or now, now))
        step = _Step(row.row_id, row.attempts, row.state, _S)
        _move(connection, step, attempts=number, submitted_at=at)
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
        self._record(connection, replace(step, attempts=number), why=why)

    def _end_elsewhere(
        self, connection: Connection, row: WaitingPerson, outcome: str, *, call_id: str | None, seen: Mapping[str, Any]
    ) -> None:
        ours = (attempt.c.row_id == row.row_id) & (attempt.c.number == row.attempts + 1)
        values = {"ended_at": self._at(), "outcome": outcome, "call_id": call_id, "evidence": json.dumps(dict(seen))}
        connection.execute(update(attempt).where(ours).values(**values))

    def _try(self, work: Callable[[Connection], None]) -> bool:
        def whole_or_not(connection: Connection) -> bool:
            try:
                with connection.begin_nested():
                    work(connection)
            except (_Elsewhere, IntegrityError):
                # Moved by somebody else since it was read, or an id that another attempt has by now.
                return False
            return True

        return self._writer.do(whole_or_not)

    def _record(self, connection: Connection, step: _Step, *, why: str) -> None:
        connection.execute(
            insert(event).values(
                row_id=step.row_id,
                attempt=step.attempts,
                at=self._at(),
                owner=self._owner,
                from_state=step.before.value,
                to_state=step.after.value,
                why=why,
            )
        )

    def _at(self) -> str:
        return to_text(self._now())


def _move(connection: Connection, step: _Step, **values: Any) -> None:
    expected = (
        (sheet_row.c.id == step.row_id)
        & (sheet_row.c.state == step.before.value)
        & (sheet_row.c.attempts == step.attempts)
    )
    if connection.execute(update(sheet_row).where(expected).values(state=step.after.value, **values)).rowcount != 1:
        raise _Elsewhere


def _change_attempt(connection: Connection, sending: OpenSending, **values: Any) -> None:
    ours = (
        (attempt.c.row_id == sending.row_id) & (attempt.c.number == sending.attempt) & (attempt.c.outcome == "unknown")
    )
    if connection.execute(update(attempt).where(ours).values(**values)).rowcount != 1:
        raise _Elsewhere


def _evidence(connection: Connection, sending: OpenSending, more: Mapping[str, Any]) -> str:
    """The attempt's evidence with what was looked up; how the answer was lost stays."""
    ours = (attempt.c.row_id == sending.row_id) & (attempt.c.number == sending.attempt)
    before = connection.execute(select(attempt.c.evidence).where(ours)).scalar()
    return json.dumps({**json.loads(before or "{}"), "looked_up": dict(more)})
