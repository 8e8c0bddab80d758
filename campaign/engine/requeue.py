"""Which rows of a held run become pending before it is dialled, and which of those that wait are dialled then."""

from dataclasses import dataclass
from typing import Protocol

from campaign.engine.events import DueRequeued, RejectedRequeued
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import DraftRecord
from campaign.ledger.records.runs import RunRecord

ALL_ROUNDS = 0
REQUEUED = 1
"""Rows that were requeued once, by a rerun or for how their call ended; the others that wait are for `resume`."""


@dataclass(frozen=True, slots=True)
class Requeued:
    """What was requeued, if there is anything to be told of it; rows that wait are dialled from this round on."""

    event: RejectedRequeued | DueRequeued | None
    from_round: int


class Requeue(Protocol):
    """How a dialling chooses rows beside those that wait; the run is held when it is asked."""

    def __call__(self, ledger: Ledger, record: RunRecord) -> Requeued:
        """Makes them pending.

        Raises:
            UsageError: one of them cannot be taken as it is any more; nothing is changed.
            LedgerError: the ledger cannot be written.
        """


def requeue_nothing(ledger: Ledger, record: RunRecord) -> Requeued:  # noqa: ARG001 - the port asks for them
    """All rows that wait, and no others."""
    return Requeued(None, ALL_ROUNDS)


@dataclass(frozen=True, slots=True)
class RequeueDraft:
    """The rows of a rerun's draft, in a round of their own: no other that waits is dialled with them.

    They are requeued once: a draft that was published before goes on with what is left of its round.
    """

    draft: DraftRecord

    def __call__(self, ledger: Ledger, record: RunRecord) -> Requeued:
        """See `Requeue`."""
        requeued = ledger.drafts.publish_rerun(self.draft, record)
        return Requeued(RejectedRequeued(requeued.rows), requeued.round)
