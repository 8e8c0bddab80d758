"""Use case orders: which runs a server was told to dial. The orders outlive the server."""

import json

from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import OrderRecord, Wanted

__all__ = [
    "OrderRecord",
    "Wanted",
    "order_advanced",
    "order_dialling",
    "order_done",
    "order_first_dialling",
    "order_of",
    "order_stop",
    "runs_to_dial",
    "withdraw_order",
]


def order_dialling(ledger: Ledger, run: str, *, options: str, who: str) -> OrderRecord:
    """Orders that the run is dialled, in place of what was ordered before.

    Args:
        ledger: of the run.
        run: its name.
        options: how to dial, as JSON of an object in the server's format.
        who: who says so.

    Raises:
        UsageError: there is no such run, or its people were erased.
    """
    return ledger.serving.orders.order(_to_dial(ledger, run, options=options), options, who)


def order_first_dialling(ledger: Ledger, run: str, *, options: str, who: str) -> OrderRecord | None:
    """Orders that a new run is dialled, once; None where it was ordered before, whatever became of that.

    A launch that is repeated orders nothing: its limit would count anew, and what a person has stopped would go on.

    Raises:
        UsageError: there is no such run, or its people were erased.
    """
    return ledger.serving.orders.order_first(_to_dial(ledger, run, options=options), options, who)


def withdraw_order(ledger: Ledger, order: OrderRecord) -> bool:
    """Takes an order back that cannot be carried out, as if never given; False where another was given since."""
    return ledger.serving.orders.withdraw(order)


def order_stop(ledger: Ledger, run: str, *, who: str) -> OrderRecord | None:
    """Orders that the run is not dialled; None where a server was never told to dial it.

    Raises:
        UsageError: there is no such run.
    """
    return ledger.serving.orders.stop(named_run(ledger, run), who)


def order_advanced(ledger: Ledger, order: OrderRecord, *, options: str) -> OrderRecord | None:
    """Notes how far an order is carried out; None where a person has ordered something else since."""
    return ledger.serving.orders.advance(order, options)


def order_done(ledger: Ledger, order: OrderRecord, *, who: str, options: str | None = None) -> bool:
    """Ends an order that was carried out, with what became of it; False where something else was ordered since."""
    return ledger.serving.orders.done(order, who, options=options)


def order_of(ledger: Ledger, run: str) -> OrderRecord | None:
    """What a server was last told to do with the run; None for nothing.

    Raises:
        UsageError: there is no such run.
    """
    return ledger.serving.orders.of(named_run(ledger, run))


def runs_to_dial(ledger: Ledger) -> list[tuple[RunRecord, OrderRecord]]:
    """The runs that are to be dialled, oldest first; a server asks at its start, and whenever an order was given."""
    return ledger.serving.orders.to_go()


def _to_dial(ledger: Ledger, run: str, *, options: str) -> RunRecord:
    if not isinstance(json.loads(options), dict):
        raise TypeError("the options of a dialling are a JSON object")
    record = named_run(ledger, run)
    if at := ledger.read.runs.forgotten_at(record.id):
        raise UsageError(f"run {run}: its people were forgotten on {at[:10]}; nobody of it can be called")
    return record
