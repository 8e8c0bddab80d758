"""Drafts: a sheet, or rows to be called again, loaded and not published yet.

    begin --> add, add, ... --> skip --> complete --> answer, answer, ... --> publish
                                            choose (a rerun) --'                  `--> publish_rerun, its run held

A draft's rows are in the ledger, and nobody but its owner sees them: no run, no call, no window knows of them.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from campaign.domain.cures import Wording
from campaign.domain.model import Screened
from campaign.domain.skip_reason import Skipped
from campaign.ledger.records.drafts import DraftRecord, DraftRerun, LoadedRows, NewDraft, PublishedAs
from campaign.ledger.records.reruns import Requeued
from campaign.ledger.records.runs import Draft, RunRecord


class DraftLoader(Protocol):
    """Putting rows into a draft. Whatever is given back was committed before."""

    def begin(self, new: NewDraft, run: Draft) -> DraftRecord:
        """Makes a draft of a sheet, without rows; drafts whose time is over are removed in passing."""

    def add(self, draft: DraftRecord, rows: Sequence[tuple[str, Screened]], *, wording: Wording) -> None:
        """Adds rows to a draft that is loading, in the sheet's order, each with its content's key.

        `wording` says what is kept of a row that cannot be called.

        Raises:
            LedgerError: it is not loading any more.
        """

    def skip_called_recently(self, draft: DraftRecord, *, call_again_after: timedelta) -> int:
        """Skips rows of a draft that is loading whose number any run of its service called within that time; how many.

        Raises:
            LedgerError: it is not loading any more.
        """

    def skip(self, draft: DraftRecord, reasons: Mapping[int, Skipped]) -> int:
        """Skips rows of a draft that is loading, by their number in the sheet, each with its reason.

        Returns:
            How many of them were to be called.

        Raises:
            LedgerError: it is not loading any more.
        """

    def complete(
        self, draft: DraftRecord, loaded: LoadedRows, *, in_place_of: DraftRecord | None = None
    ) -> DraftRecord:
        """Makes a draft that is loading ready to be looked at, in place of another one, whose token it takes over then.

        Raises:
            UsageError: the other one is not as it was; both are as they were.
            LedgerError: it is not loading any more.
        """

    def choose(self, new: NewDraft, record: RunRecord, chosen: DraftRerun, *, view: str) -> DraftRecord:
        """Makes a draft of rows of a run that are to be called again, ready to be looked at."""


class DraftWriter(DraftLoader, Protocol):
    """What becomes of a draft that is ready. Whatever is given back was committed before."""

    def answer(self, draft: DraftRecord, *, answers: str, view: str, skip: bool = False) -> DraftRecord:
        """Writes down what was said, and what is known then; with `skip`, rows are skipped that may be.

        Raises:
            UsageError: it is not as it was; nothing is changed.
        """

    def same_run(self, draft: DraftRecord) -> str | None:
        """The name of the latest run of the same content under the same template at the same service."""

    def publish(
        self, draft: DraftRecord, *, name: str | None, stem: str, again: bool, firing_id: int | None = None
    ) -> PublishedAs:
        """Makes a sheet's draft a run that can be dialled; asked again, says which it is.

        Looked up and published in one transaction: of two processes that publish one draft, or start one sheet,
        together, one wins. So is the firing tied to its run that it is published for.

        Args:
            draft: as it was looked at.
            name: of the run; None for `stem` and a count.
            stem: see there.
            again: publish it beside an earlier run of the same sheet.
            firing_id: the firing of a schedule that it is published for.

        Raises:
            UsageError: the draft is not as it was, or its time is over; or the name is taken.
            LedgerError: the firing is not this process's any more.
        """

    def publish_rerun(self, draft: DraftRecord, record: RunRecord) -> Requeued:
        """Requeues a rerun's rows in a round of their own, once; asked again, says which. The run must be held.

        Raises:
            UsageError: the draft is not as it was, its time is over, or a corrected row cannot be taken as it is any
                more; nothing is changed.
        """

    def discard(self, draft: DraftRecord) -> None:
        """Removes a draft with its rows; a published one stays."""

    def expire(self, *, older_than: timedelta | None = None) -> int:
        """Removes what drafts hold whose time is over, or that are older than that; how many."""


class DraftReader(Protocol):
    """What can be asked of drafts."""

    def find(self, token: str) -> DraftRecord | None:
        """The draft of that token."""

    def all(self) -> list[DraftRecord]:
        """Those that are loading or ready, oldest first."""
