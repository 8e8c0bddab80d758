"""Putting a sheet into a ledger: a run is "loading", and not to be seen, until it is published."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from campaign.domain.cures import Wording
from campaign.domain.model import Screened
from campaign.domain.skip_reason import Skipped
from campaign.ledger.records.runs import Draft


class DraftWriter(Protocol):
    """See the module. Whatever is given back was committed before."""

    def begin(self, draft: Draft) -> int:
        """Makes a run that is still loading; its number."""

    def add(self, run_id: int, rows: Sequence[tuple[str, Screened]], *, wording: Wording) -> None:
        """Adds rows to a run that is still loading, in the sheet's order, each with its content's key.

        Of an invalid row is kept what `wording` says of it.
        """

    def skip_called_recently(self, run_id: int, *, service: str, call_again_after: timedelta) -> int:
        """Skips a loading run's rows whose number any run of this service called within that time; how many."""

    def skip(self, run_id: int, reasons: Mapping[int, Skipped]) -> int:
        """Skips a loading run's rows by their number in the sheet, each with its reason; how many were to be called."""

    def publish(
        self,
        run_id: int,
        draft: Draft,
        *,
        content_fingerprint: str,
        name: str | None,
        stem: str,
        again: bool,
        firing_id: int | None = None,
    ) -> str | None:
        """Makes a loaded run one that can be dialled; returns the name of an earlier run of the same instead, if any.

        Looked up and published in one transaction: of two processes that start one sheet together, one wins. So is the
        firing tied to its run that it is published for.

        Raises:
            UsageError: the name is taken.
            LedgerError: the firing is not this process's any more.
        """

    def find_same(self, draft: Draft, *, content_fingerprint: str) -> str | None:
        """The latest run of this content under this template at this service."""

    def name_of(self, run_id: int) -> str:
        """The run's name."""

    def discard(self, run_id: int) -> None:
        """Removes a run that was not published."""
