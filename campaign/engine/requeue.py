"""Requeue: which rows of a held run become pending before it is dialled, and which waiting rows are dialled then."""

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
