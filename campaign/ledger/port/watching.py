"""Port for those who watch runs: lists of runs, rows and attempts, each a page from an index, however long a run is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaign.domain.call_outcome import CallEnd
from campaign.domain.model import RowState
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.watching import AttemptGlance, RowGlance


class WatchReader(Protocol):
    """Reads what a page shows again and again, while the run is dialled by this process or another."""

    def runs(self, *, before: int | None = None, most: int) -> list[RunRecord]:
        """A page of runs, newest first: the newest, or those before the one with that number."""

    def rows(self, run_id: int, *, state: Collection[RowState] | None, after: int, most: int) -> list[RowGlance]:
        """A page of the run's rows in the sheet's order.

        Args:
            run_id: the run's number.
            state: only rows that stand in one of these; None for all.
            after: the page begins after the sheet's row of this number; 0 for the first page.
            most: rows of the page.
        """

    def attempts(self, run_id: int, *, most: int) -> list[AttemptGlance]:
        """The run's latest attempts, the newest first."""

    def claims_by_minute(self, run_id: int, minutes: Sequence[datetime]) -> dict[datetime, int]:
        """Counts the run's attempts by the minute of their claim: of these minutes, and reads no others."""

    def rows_called_since(self, run_id: int, since: datetime) -> int:
        """Counts the run's rows that had an attempt since that instant: reads all attempts since then."""

    def ends(self, run_id: int) -> Mapping[CallEnd, int]:
        """Counts the run's calls that are over by their ends: from an index, but from all of them."""

    def held(self) -> frozenset[int]:
        """The numbers of the runs that a process holds now, this one's as well; where the system does not say, none."""
