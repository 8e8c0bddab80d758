"""Orders to dial of one ledger: which runs a server is told to dial, and with what."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from campaign.ledger.port.serving import DialOrders
from campaign.ledger.queries.runs import list_runs
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import FirstOrder, OrderRecord, Wanted
from campaign.ledger.schema.serving_tables import dial_order
from campaign.ledger.schema.text import storable
from campaign.ledger.serving.rows import ServingTables, values_of


class LedgerOrders(DialOrders):
    """The orders to dial runs of one ledger."""

    def __init__(self, desk: ServingTables) -> None:
        self._desk = desk

    def order(self, record: RunRecord, options: str, who: str) -> OrderRecord:
        """See the port `DialOrders`."""
        values = _going(options, who, at=self._desk.at)

        def work(connection: Connection) -> OrderRecord:
            before = connection.execute(_of(record.id)).first()
            if before is None:
                connection.execute(insert(dial_order).values(run_id=record.id, revision=1, **values))
            else:
                change = update(dial_order).where(dial_order.c.run_id == record.id)
                connection.execute(change.values(revision=before.revision + 1, **values))
            return _order(connection.execute(_of(record.id)).one())

        return self._desk.writer.do(work)

    def order_first(self, record: RunRecord, options: str, who: str) -> OrderRecord | None:
        """See the port `DialOrders`."""

        def work(connection: Connection) -> OrderRecord | None:
            if connection.execute(_of(record.id)).first() is not None:
                return None
            insert_first_order(connection, record.id, FirstOrder(options, who), at=self._desk.at)
            return _order(connection.execute(_of(record.id)).one())

        return self._desk.writer.do(work)

    def withdraw(self, order: OrderRecord) -> bool:
        """See the port `DialOrders`."""
        change = delete(dial_order).where(_as_read(order))
        return self._desk.writer.do(lambda c: c.execute(change).rowcount == 1)

    def stop(self, record: RunRecord, who: str) -> OrderRecord | None:
        """See the port `DialOrders`."""
        change = update(dial_order).where(dial_order.c.run_id == record.id).values(**self._stopped(who))

        def work(connection: Connection) -> OrderRecord | None:
            if connection.execute(change).rowcount != 1:
                return None
            return _order(connection.execute(_of(record.id)).one())

        return self._desk.writer.do(work)

    def advance(self, order: OrderRecord, options: str) -> OrderRecord | None:
        """See the port `DialOrders`."""
        change = update(dial_order).where(_as_read(order), dial_order.c.wanted == Wanted.GO.value)
        change = change.values(options=storable(options), revision=dial_order.c.revision + 1)

        def work(connection: Connection) -> OrderRecord | None:
            if connection.execute(change).rowcount != 1:
                return None
            return _order(connection.execute(_of(order.run_id)).one())

        return self._desk.writer.do(work)

    def done(self, order: OrderRecord, who: str, *, options: str | None = None) -> bool:
        """See the port `DialOrders`."""
        values = self._stopped(who) | ({} if options is None else {"options": storable(options)})
        change = update(dial_order).where(_as_read(order)).values(**values)
        return self._desk.writer.do(lambda c: c.execute(change).rowcount == 1)

    def of(self, record: RunRecord) -> OrderRecord | None:
        """See the port `DialOrders`."""
        found = self._desk.first(_of(record.id))
        return _order(found) if found else None

    def to_go(self) -> list[tuple[RunRecord, OrderRecord]]:
        """See the port `DialOrders`."""
        found = self._desk.rows(select(dial_order).where(dial_order.c.wanted == Wanted.GO.value))
        orders = {row.run_id: _order(row) for row in found}
        if not orders:
            return []
        return [(record, orders[record.id]) for record in list_runs(self._desk.reading) if record.id in orders]

    def _stopped(self, who: str) -> dict[str, Any]:
        stopped = {"wanted": Wanted.STOP.value, "ordered_by": storable(who), "ordered_at": self._desk.at}
        return stopped | {"revision": dial_order.c.revision + 1}


def insert_first_order(connection: Connection, run_id: int, order: FirstOrder, *, at: str) -> None:
    """Orders a run that nothing was ever ordered of; `at` as the ledger writes instants."""
    going = _going(order.options, order.who, at=at)
    connection.execute(insert(dial_order).values(run_id=run_id, revision=1, **going))


def withdraw_order(connection: Connection, run_id: int) -> None:
    """Withdraws what was ordered of a run that is erased: nobody of it can be called."""
    connection.execute(delete(dial_order).where(dial_order.c.run_id == run_id))


def _going(options: str, who: str, *, at: str) -> dict[str, Any]:
    going = {"wanted": Wanted.GO.value, "options": storable(options)}
    return going | {"ordered_by": storable(who), "ordered_at": at}


def _as_read(order: OrderRecord) -> Any:
    return (dial_order.c.run_id == order.run_id) & (dial_order.c.revision == order.revision)


def _of(run_id: int) -> Any:
    return select(dial_order).where(dial_order.c.run_id == run_id)


def _order(row: Any) -> OrderRecord:
    return OrderRecord(**values_of(row, OrderRecord, instants=("ordered_at",)) | {"wanted": Wanted(row.wanted)})
