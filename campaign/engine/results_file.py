"""The results file of a run: which columns it has at this moment."""

from campaign.export.columns import columns_with
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord


def result_columns(ledger: Ledger, record: RunRecord) -> tuple[str, ...]:
    """The columns that a run's results have now: more once its calls were looked at."""
    followed = ledger.read.outcomes.was_followed(record.id)
    return columns_with(ledger.read.outcomes.value_names(record.id) if followed else None)
