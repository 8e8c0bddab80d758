"""Looks up a run by its name."""

from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.records.runs import RunRecord


def named_run(ledger: ReadableLedger, name: str) -> RunRecord:
    """The run with that name.

    Raises:
        UsageError: there is no such run.
    """
    record = ledger.read.runs.find(name)
    if record is None:
        raise UsageError(f"there is no run called {name!r} in {ledger.home}", cure=Cure(CureCode.SEE_RUNS))
    return record
