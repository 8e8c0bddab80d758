"""The results file of a run: which columns it has at this moment."""

from campaign.export.columns import columns_with
from campaign.ledger.outcomes.queries import value_names, was_followed
from campaign.ledger.queries.runs import RunRecord
from campaign.ledger.store import Ledger


def result_columns(ledger: Ledger, record: RunRecord) -> tuple[str, ...]:
    """The columns that a run's results have now: more once its calls were looked at."""
    followed = was_followed(ledger.reading, record.id)
    return columns_with(value_names(ledger.reading, record.id) if followed else None)
