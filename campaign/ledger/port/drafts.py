"""Port for drafts: a sheet, or rows to be called again, loaded and not published yet.

    begin --> add, add, ... --> skip --> complete --> answer, answer, ... --> publish
                                            choose (a rerun) --'                  `--> publish_rerun, its run held

A draft's rows are in the ledger, but only its owner sees them: no run, call or recent-call check includes them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from campaign.domain.cures import Wording
from campaign.domain.model import Screened
from campaign.domain.skip_reason import Skipped
from campaign.ledger.records.drafts import DraftRecord, DraftRerun, LoadedRows, NewDraft, PublishedAs
from campaign.ledger.records.reruns import Requeued
from campaign.ledger.records.runs import Draft, RunRecord
from campaign.ledger.records.serving import FirstOrder


class DraftLoader(Protocol):
    """Loads rows into a draft. Every method returns after its commit."""

    def begin(self, new: NewDraft, run: Draft) -> DraftRecord:
        """Creates an empty draft of a sheet; also removes drafts that have expired."""

    def add(self, draft: DraftRecord, rows: Sequence[tuple[str, Screened]], *, wording: Wording) -> None:
        """Adds rows to a loading draft, in the sheet's order, each with the key of its content.

        `wording` gives the text that is stored for a row that cannot be called.

        Raises:
            LedgerError: it is no longer loading.
        """

    def begin_adding(
        self, draft: DraftRecord, rows: Sequence[tuple[str, Screened]], *, wording: Wording
    ) -> Callable[[], None]:
        """As `add`, while the next rows are read: call what is returned, to wait for the disk, before more is begun.

        Raises:
            LedgerError: the ledger is closed; when waited for, as `add`.
        """

    def skip_called_recently(self, draft: DraftRecord, *, call_again_after: timedelta) -> int:
        """Skips a loading draft's rows that any run of its service called within `call_again_after`; returns how many.

        Raises:
            LedgerError: it is no longer loading.
        """

    def skip(self, draft: DraftRecord, reasons: Mapping[int, Skipped]) -> int:
        """Skips rows of a loading draft, given by their number in the sheet, each with its reason.

        Returns:
            How many of the skipped rows were still to be called.

        Raises:
            LedgerError: it is no longer loading.
        """

    def complete(
        self, draft: DraftRecord, loaded: LoadedRows, *, in_place_of: DraftRecord | None = None
    ) -> DraftRecord:
        """Makes a loading draft ready for review; if it replaces another draft, it takes over that draft's token.

        Raises:
            UsageError: the other draft has changed; neither draft is modified.
            LedgerError: it is no longer loading.
        """

    def choose(self, new: NewDraft, record: RunRecord, chosen: DraftRerun, *, view: str) -> DraftRecord:
        """Creates a rerun's draft of the chosen rows of a run, ready for review."""


class DraftWriter(DraftLoader, Protocol):
    """Answers, publishes and removes drafts. Every method returns after its commit."""

    def answer(self, draft: DraftRecord, *, answers: str, view: str, skip: bool = False) -> DraftRecord:
        """Stores the answers and the view that follows from them; `skip` also skips the rows that may be skipped.

        Raises:
            UsageError: the draft has changed since it was read; nothing is written.
        """

    def same_run(self, draft: DraftRecord) -> str | None:
        """The name of the latest run of the same content under the same template at the same service."""

    def publish(
        self,
        draft: DraftRecord,
        *,
        name: str | None,
        stem: str,
        again: bool,
        firing_id: int | None = None,
        order: FirstOrder | None = None,
    ) -> PublishedAs:
        """Publishes a sheet's draft as a run that can be dialled; repeated, returns the same run.

        The check and the publishing are one transaction: of two processes that publish one draft, or start one sheet,
        at once, one wins. The same transaction links the run to its firing, if any, and orders that it is dialled.

        Args:
            draft: as the caller last read it.
            name: the run's name; None for `stem` and a count.
            stem: see there.
            again: publish it beside an earlier run of the same sheet.
            firing_id: the firing of a schedule that it is published for.
            order: what a server is to do with the run; None where the caller dials it.

        Raises:
            UsageError: the draft has changed or expired; or the name is taken.
            LedgerError: this process no longer owns the firing.
        """

    def publish_rerun(self, draft: DraftRecord, record: RunRecord) -> Requeued:
        """Requeues a rerun's rows once, in a new round; repeated, returns that round. The run must be held.

        Raises:
            UsageError: the draft has changed or expired, or a corrected row can no
                longer be requeued; nothing is changed.
        """

    def discard(self, draft: DraftRecord) -> None:
        """Removes a draft with its rows; leaves a published draft alone."""

    def expire(self, *, older_than: timedelta | None = None) -> int:
        """Empties drafts that have expired or are older than the given age; returns how many."""
