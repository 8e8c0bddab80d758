"""A run by the name that a person gives."""

from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.records.runs import RunRecord


def named_run(ledger: ReadableLedger, name: str) -> RunRecord:
    """The run of that name.

    Raises:
        UsageError: there is none.
    """
    record = ledger.read.runs.find(name)
    if record is None:
        raise UsageError(f"there is no run called {name!r} in {ledger.home}", cure=Cure(CureCode.SEE_RUNS))
    return record
