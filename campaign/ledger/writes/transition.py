"""The only state transition of a row: a conditional update that must move exactly one row, and its event.

    UPDATE sheet_row SET state = :to WHERE id = :row AND state = :from AND ...     as many rows as there are moves
    INSERT INTO event ...                                                          one for each

Both take the same parameters, one set for each move, so that a group of moves costs two `executemany` calls. The caller
holds the transaction, and rolls it back when a move is refused.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, update

from campaign.domain.model import RowState
from campaign.domain.skip_reason import Skipped, text_of
from campaign.ledger.schema.tables import event, sheet_row
from campaign.ledger.schema.text import storable
from campaign.ledger.writes.statements import Prepared

Move = dict[str, Any]
"""The parameters of one move: those of `move`, and what its statement asks for besides."""


class MoveRefused(Exception):  # noqa: N818 - an ending that is expected and handled, not an error
    """A row is not in the state that its move expects; nothing of the group may be committed."""


def move(
    row_id: int, *, attempt: int, before: RowState, after: RowState, at: str, owner: str, why: str | None, **more: Any
) -> Move:
    """The parameters of one move.

    Args:
        row_id: the ledger's own number of the row.
        attempt: the number of the attempt that its event names.
        before: the state that the row must have.
        after: its new state.
        at: now, as the ledger writes instants.
        owner: the process that moves it.
        why: for the event.
        more: the statement's other parameters, by name.
    """
    return {
        "b_row": row_id,
        "b_attempt": attempt,
        "b_from": before.value,
        "b_to": after.value,
        "b_at": at,
        "b_owner": owner,
        "b_why": why,
        **more,
    }


def move_statement(*conditions: ColumnElement[bool], **values: Any) -> Prepared:
    """An update of rows to `b_to`, of those that stand at `b_from` and meet the other conditions."""
    here = (sheet_row.c.id == bindparam("b_row")) & (sheet_row.c.state == bindparam("b_from"))
    return Prepared(update(sheet_row).where(here, *conditions).values(state=bindparam("b_to"), **values))


def skip_statement(*conditions: ColumnElement[bool]) -> Prepared:
    """An update of rows to `skipped`, for moves that `skip_move` makes."""
    return move_statement(*conditions, reason=bindparam("b_reason"), skip_reason=bindparam("b_skip_reason"))


def skip_move(
    row_id: int, *, attempt: int, before: RowState, at: str, owner: str, skipped: Skipped, why: str | None = None
) -> Move:
    """The parameters of a move to `skipped`, as in `move`; `why` is for an event with another wording."""
    reason = storable(text_of(skipped))
    return move(
        row_id,
        attempt=attempt,
        before=before,
        after=RowState.SKIPPED,
        at=at,
        owner=owner,
        why=reason if why is None else why,
        b_reason=reason,
        b_skip_reason=skipped.code.value,
    )


def transition(connection: Connection, moves: Sequence[Move], *, by: Prepared, expected: int | None = None) -> None:
    """Moves rows, and writes their events.

    Args:
        connection: in a transaction that writes.
        moves: one for each row.
        by: from `move_statement`.
        expected: how many moves there should be, where some of the rows sought may not exist.

    Raises:
        MoveRefused: a row is not in the state that its move expects, or another condition does not hold.
        sqlalchemy.exc.IntegrityError: a move is not legal, or against another of the database's rules.
    """
    if expected is not None and len(moves) != expected:
        raise MoveRefused
    if not moves:
        return
    if by.run(connection, moves) != len(moves):
        raise MoveRefused
    _EVENT.run(connection, moves)


_EVENT = Prepared(
    insert(event).values(
        row_id=bindparam("b_row"),
        attempt=bindparam("b_attempt"),
        at=bindparam("b_at"),
        owner=bindparam("b_owner"),
        from_state=bindparam("b_from"),
        to_state=bindparam("b_to"),
        why=bindparam("b_why"),
    )
)
