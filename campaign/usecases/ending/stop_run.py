"""Use case stop: nobody who dials a run, wherever, begins a new call of it, until a person lets it go on."""

from dataclasses import dataclass

from campaign.domain.errors import UsageError
from campaign.domain.stop import Stop, StopCode
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.usecases.context import this_person
from campaign.usecases.suppress.entries import refuse_unusable_reason


@dataclass(frozen=True, slots=True)
class StoppedRun:
    """A run that is to stop.

    Attributes:
        why: as all who dial it say.
        anew: whether it was not to stop already, by a person.
        waiting: rows that are still to be called.
    """

    record: RunRecord
    why: str
    anew: bool
    waiting: int


def stop_run(ledger: Ledger, name: str, *, reason: str | None) -> StoppedRun:
    """Stops the run of that name, at the next call of those who dial it.

    Raises:
        UsageError: there is no such run; or the reason cannot be shown on one line.
        LedgerError: the ledger cannot be written.
    """
    record, who = named_run(ledger, name), this_person()
    if reason is not None:
        if not reason.strip():
            raise UsageError("the reason is empty; leave it out, or say why")
        refuse_unusable_reason(reason)
    stop = Stop(StopCode.TROUBLE, f"{who} has stopped it{': ' + reason if reason else ''}")
    anew = ledger.control.stop(record, stop, who=who)
    control = ledger.read.runs.workers.control(record.id)
    why = stop.why if control is None or control.why is None else control.why
    return StoppedRun(record, why, anew=anew, waiting=ledger.read.rows.count_waiting(record.id, from_round=0))
