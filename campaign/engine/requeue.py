"""Before a held run is dialled: what keeps it from that, which rows become pending, and which of those that wait go."""

from dataclasses import dataclass
from typing import Protocol

from campaign.config.run_plan import RunPlan
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.domain.skip_reason import SkipReason
from campaign.engine.events import DueRequeued, RejectedRequeued
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.drafts import DraftRecord
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.plan.plan_change import plan_changed, plan_differences

ALL_ROUNDS = 0
REQUEUED = 1
"""Rows that were requeued once, by a rerun or for how their call ended; the others that wait are for `resume`."""


def refuse_unfit(ledger: Ledger, record: RunRecord, *, plan: RunPlan) -> None:
    """Refuses a run that is held, before anything of it is called.

    Raises:
        UsageError: a person has cancelled it; or another process has changed its hours, stagger, retries or limits
            since the plan was read.
    """
    stored = RunPlan.model_validate_json(named_run(ledger, record.name).plan)
    # Older versions wrote it into the rows alone.
    skipped = () if stored.cancelled else ledger.read.rows.count_skipped(record.id)
    if stored.cancelled or any(one.reason is SkipReason.CANCELLED for one in skipped):
        raise UsageError(f"run {record.name} was cancelled; nothing was sent", cure=Cure(CureCode.RUN_AGAIN))
    if plan_differences(stored, plan):
        raise plan_changed(record.name)


@dataclass(frozen=True, slots=True)
class RequeuedRows:
    """The rows that were requeued, as an event if there is one; waiting rows from this round on are dialled."""

    event: RejectedRequeued | DueRequeued | None
    from_round: int


class Requeue(Protocol):
    """Chooses rows to dial in addition to those that wait; called while the run is held."""

    def __call__(self, ledger: Ledger, record: RunRecord) -> RequeuedRows:
        """Makes the rows pending.

        Raises:
            UsageError: one of them cannot be taken as it is any more; nothing is changed.
            LedgerError: the ledger cannot be written.
        """


def requeue_nothing(ledger: Ledger, record: RunRecord) -> RequeuedRows:  # noqa: ARG001 - the port asks for them
    """Dials all waiting rows, and no others."""
    return RequeuedRows(None, ALL_ROUNDS)


@dataclass(frozen=True, slots=True)
class RequeueDraft:
    """The rows of a rerun's draft, in a round of their own: no other that waits is dialled with them.

    They are requeued once: a draft that was published before goes on with what is left of its round.
    """

    draft: DraftRecord

    def __call__(self, ledger: Ledger, record: RunRecord) -> RequeuedRows:
        """See `Requeue`."""
        requeued = ledger.drafts.publish_rerun(self.draft, record)
        return RequeuedRows(RejectedRequeued(requeued.rows), requeued.round)
