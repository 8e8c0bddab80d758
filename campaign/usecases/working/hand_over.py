"""Use case hand over: a run that is ready to be dialled is ordered, and a worker dials it; what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign.domain.model import RowState
from campaign.domain.stop import Stop, StopCode
from campaign.engine.live_pace import at_pace
from campaign.engine.requeue import ALL_ROUNDS, requeue_nothing
from campaign.followup.due_rows import RequeueDue
from campaign.ledger.port.ledger import Ledger, ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.serving import Wanted
from campaign.ledger.records.workers import WorkerRecord
from campaign.usecases.context import this_person
from campaign.usecases.dialling.ready_run import ReadyRun
from campaign.usecases.serving.dialling import OrderedDialling, as_begun, ordered_of
from campaign.usecases.serving.orders import order_dialling, order_of
from campaign.usecases.working.duties import on_duty_for


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How far a run is that a worker dials.

    Attributes:
        counts: its rows by status.
        dialled: its calls are made, or as many as were ordered.
        why_ended: why it was not carried through, if it was not.
        worker: who made its last claim, where that is known.
    """

    counts: Mapping[RowState, int]
    dialled: bool
    why_ended: str | None
    worker: str | None


def takers(ready: ReadyRun) -> Sequence[WorkerRecord]:
    """The workers on duty that would dial the run as it is to be dialled; none where it is to be dialled from here."""
    order = ready.order
    due = isinstance(order.requeue, RequeueDue) and order.requeue.from_round == ALL_ROUNDS
    waiting = due or order.requeue is requeue_nothing
    plain = waiting and order.first_rows is None and order.look_ups is not None and not order.look_ups.again
    return on_duty_for(ready.ledger, ready.record) if plain else ()


def hand_over(ready: ReadyRun) -> None:
    """Orders the run to be dialled: a worker takes it within seconds.

    Raises:
        UsageError: its people were erased.
        LedgerError: the ledger cannot be written.
    """
    ledger, record, order = ready.ledger, ready.record, ready.order
    pace = at_pace(rate=order.plan.calls_per_second, max_in_flight=order.plan.max_in_flight)
    ledger.replan(record.id, pace)
    ledger.control.go(record, over_person=True)
    ordered = as_begun(OrderedDialling(limit=order.limit, trust_clock=order.trust_clock))
    order_dialling(ledger, record.name, options=ordered.model_dump_json(), who=this_person())


def is_workers(ledger: Ledger, run: str) -> bool:
    """Whether a worker on duty takes the orders of the run, so that a server leaves them to it."""
    return bool(on_duty_for(ledger, named_run(ledger, run)))


def stop_elsewhere(ledger: Ledger, run: str, *, who: str) -> None:
    """Stops the run where another process works on it, at the next call; what is stopped, a person lets go on."""
    record = named_run(ledger, run)
    if record.id in ledger.read.runs.watch.held():
        ledger.control.stop(record, Stop(StopCode.TROUBLE, f"{who} has stopped it"), who=who)


def let_go_on(ledger: Ledger, run: str) -> None:
    """Lets a run that a person has stopped go on, for all who dial it."""
    ledger.control.go(named_run(ledger, run), over_person=True)


def handed_over(ledger: ReadableLedger, ready: ReadyRun) -> HandedOver:
    """How far it is."""
    record = ready.record
    order = order_of(ready.ledger, record.name)
    ordered = None if order is None else ordered_of(order)
    over = order is None or order.wanted is Wanted.STOP
    ended = None if ordered is None or ordered.ended is None else ordered.ended.text
    control = ledger.read.runs.workers.control(record.id)
    if over and ended is None and control is not None and control.wanted is Wanted.STOP:
        ended = control.why
    worker = ledger.read.runs.workers.holding(record.id)
    return HandedOver(
        counts=ledger.read.rows.count_states(record.id),
        dialled=over or (ordered is not None and ordered.follow_until is not None),
        why_ended=ended,
        worker=None if worker is None else worker.name,
    )
