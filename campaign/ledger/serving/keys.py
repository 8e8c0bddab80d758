"""Request keys of one ledger: a request that is sent twice is done once.

claim --> note_draft --> answer
  ^------ claimed again, after its process ended without an answer
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from campaign.domain.instants import from_text
from campaign.ledger.port.serving import RequestKeys
from campaign.ledger.records.owner import is_dead
from campaign.ledger.records.serving import Claimed, KeyRecord, LeftRequest, NewRequest, OtherRequest, SameRequest
from campaign.ledger.schema.serving_tables import idempotency_key
from campaign.ledger.schema.text import storable
from campaign.ledger.serving.rows import ServingTables, values_of

_LEFT_AFTER = timedelta(hours=1)
"""A request takes minutes at the most; one that is older belongs to a process that was killed."""
_OPEN = idempotency_key.c.status.is_(None)


class LedgerKeys(RequestKeys):
    """The request keys of one ledger."""

    def __init__(self, desk: ServingTables) -> None:
        self._desk = desk

    def claim(self, who: str, key: str, fingerprint: str) -> Claimed:
        """See the port `RequestKeys`."""
        desk = self._desk
        values = {"who": storable(who), "key": storable(key), "fingerprint": fingerprint}
        here = (idempotency_key.c.who == values["who"]) & (idempotency_key.c.key == values["key"])

        def work(connection: Connection) -> Claimed:
            found = connection.execute(select(idempotency_key).where(here)).first()
            if found is None:
                connection.execute(insert(idempotency_key).values(**values, owner=desk.owner, created_at=desk.at))
                return NewRequest(_key(connection.execute(select(idempotency_key).where(here)).one()))
            if found.fingerprint != fingerprint:
                return OtherRequest(_key(found))
            if found.status is not None or not self._is_left(found):
                return SameRequest(_key(found))
            connection.execute(update(idempotency_key).where(here).values(owner=desk.owner, created_at=desk.at))
            return LeftRequest(_key(connection.execute(select(idempotency_key).where(here)).one()))

        return desk.writer.do(work)

    def note_draft(self, record: KeyRecord, draft_token: str) -> bool:
        """See the port `RequestKeys`."""
        return self._change(record, draft_token=draft_token)

    def answer(self, record: KeyRecord, *, run: str | None, status: int, answer: str) -> bool:
        """See the port `RequestKeys`."""
        return self._change(record, run=run, status=status, answer=storable(answer))

    def release(self, record: KeyRecord) -> bool:
        """See the port `RequestKeys`."""
        gone = delete(idempotency_key).where(_ours(record))
        return self._desk.writer.do(lambda c: c.execute(gone).rowcount == 1)

    def _change(self, record: KeyRecord, **values: Any) -> bool:
        change = update(idempotency_key).where(_ours(record)).values(**values)
        return self._desk.writer.do(lambda c: c.execute(change).rowcount == 1)

    def _is_left(self, found: Any) -> bool:
        return is_dead(found.owner) or from_text(found.created_at) <= self._desk.now() - _LEFT_AFTER


def _ours(record: KeyRecord) -> Any:
    return (idempotency_key.c.id == record.id) & (idempotency_key.c.owner == record.owner) & _OPEN


def _key(row: Any) -> KeyRecord:
    return KeyRecord(**values_of(row, KeyRecord, instants=("created_at",)))
