"""Acts of one ledger: who did what, append-only."""

from typing import Any

from sqlalchemy import Connection, insert, select

from campaign.ledger.port.serving import Acts
from campaign.ledger.records.serving import LONGEST_DETAIL, LONGEST_NAME, ActRecord
from campaign.ledger.schema.serving_tables import act
from campaign.ledger.schema.text import storable
from campaign.ledger.serving.rows import ServingTables, values_of

_AFTER_ALL = 2**63 - 1


class LedgerActs(Acts):
    """The acts that were done on one ledger."""

    def __init__(self, desk: ServingTables) -> None:
        self._desk = desk

    def add(self, *, who: str, what: str, target: str, detail: str) -> ActRecord:
        """See the port `Acts`."""
        values = {
            "at": self._desk.at,
            "who": storable(who),
            "what": what,
            "target": storable(target)[:LONGEST_NAME],
            "detail": storable(detail)[:LONGEST_DETAIL],
        }

        def work(connection: Connection) -> ActRecord:
            made = connection.execute(insert(act).values(**values)).inserted_primary_key
            assert made is not None  # noqa: S101 - an INSERT of one row has a key
            return _act(connection.execute(select(act).where(act.c.id == made[0])).one())

        return self._desk.writer.do(work)

    def page(self, *, before: int | None = None, limit: int) -> list[ActRecord]:
        """See the port `Acts`."""
        # Always from an id on: the page is found in the order of the table, and the table is not walked.
        earlier = act.c.id < (_AFTER_ALL if before is None else before)
        return [_act(row) for row in self._desk.rows(select(act).where(earlier).order_by(act.c.id.desc()).limit(limit))]


def _act(row: Any) -> ActRecord:
    return ActRecord(**values_of(row, ActRecord, instants=("at",)))
