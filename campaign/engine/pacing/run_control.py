"""Run control: a run stops for what the ledger says, and says there why it has stopped itself.

a person's stop ......... holds until a person lets the run go
the program's own ....... of a circuit breaker, finish_by, a canary: holds for those who dial the run beside, and
                          until somebody, or a schedule, dials it again
"""

from contextlib import suppress
from enum import Enum

from campaign.domain.errors import LedgerError
from campaign.domain.stop import Stop, StopCode
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.serving import Wanted


class Lifts(Enum):
    """Which stop of a run a dialling lifts before it begins."""

    NONE = "none"
    """A part of a run that was begun: it obeys."""
    PROGRAMS = "program's"
    """A dialling that nobody asked for now: a schedule, a retry by outcome."""
    ANY = "any"
    """A person asks for it."""


def lift_stop(ledger: Ledger, record: RunRecord, *, lifts: Lifts) -> None:
    """Lets a stopped run go again, as far as this dialling may. The run must be held.

    Raises:
        LedgerError: the ledger cannot be written.
    """
    # Asked first: a run that nobody has stopped costs no commit.
    if lifts is not Lifts.NONE and wanted_stop(ledger, record) is not None:
        ledger.control.go(record, over_person=lifts is Lifts.ANY)


def wanted_stop(ledger: Ledger, record: RunRecord) -> Stop | None:
    """The stop that the ledger wants of the run; None while it may go."""
    control = ledger.read.runs.workers.control(record.id)
    if control is None or control.wanted is Wanted.GO:
        return None
    return Stop(StopCode.TROUBLE, control.why or "it is to stop")


def pass_on(ledger: Ledger, record: RunRecord, stop: Stop) -> None:
    """Stops all who dial the run for what has stopped this dialling; a stop that is there already holds."""
    with suppress(LedgerError):  # what ails the ledger stops the others as well
        ledger.control.stop(record, stop, who=None)
