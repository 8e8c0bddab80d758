"""Canary of an order: which rows a server calls first, and judges again after every restart before it calls the rest.

rows that were sent already, in the order in which they were sent --> the first N: the canary --> fewer? the rest of it
                                                                                             `--> judged, then the rest
"""

from pydantic import BaseModel, ConfigDict

from campaign.config.outcome_sections import CanarySection
from campaign.domain.model import RowState
from campaign.domain.result_row import ResultRow
from campaign.followup.canary import Canary, CanaryBegun
from campaign.followup.clock import Clock
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord


class OrderedCanary(BaseModel):
    """A canary as it is stored with an order.

    Attributes:
        rows: how many rows go first.
        bounds: as the template had them when it was ordered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    bounds: CanarySection


def canary_of_run(
    ledger: Ledger, record: RunRecord, ordered: OrderedCanary, *, limit: int | None, clock: Clock
) -> Canary:
    """The canary as far as it is still to be called, with what was called of it before.

    Whether it held is not stored: it is judged anew at each start, from outcomes that the ledger has by then. So a
    restart, whenever it comes, never calls the rest without the outcomes.
    """
    begun = _begun(ledger, record, most=ordered.rows)
    left = ordered.rows - begun.submitted
    rows = left if limit is None else min(left, limit)
    return Canary(ordered.bounds, rows=rows, clock=clock, begun=begun)


def _begun(ledger: Ledger, record: RunRecord, *, most: int) -> CanaryBegun:
    if ledger.read.runs.last_claim(record.id) is None:
        return CanaryBegun()
    sent = sorted((row for row in ledger.read.rows.results(record.id) if row.attempts), key=_sent_at)[:most]
    return CanaryBegun(
        submitted=len(sent),
        refused=sum(row.status == RowState.REJECTED.value for row in sent),
        calls=tuple(row.call_id for row in sent if row.call_id is not None),
    )


def _sent_at(row: ResultRow) -> tuple[str, int]:
    return (row.submitted_at or "", row.number)
