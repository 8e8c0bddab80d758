"""Unfollowed calls: people who were called before, and of whom nobody has looked up since what they said.

Who asked in that call not to be called again is on no list yet.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.instants import to_text
from campaign.ledger.port.ledger import ReadableLedger

_ASKED_AT_ONCE = 500


class UnfollowedIndex:
    """The calls of one service that are open and were not looked up within some time; none of the built-in stand-in.

    What the stand-in inside this process makes up is no wish of anybody, so nobody is asked about it.
    """

    def __init__(self, ledger: ReadableLedger | None, *, service: str, within: timedelta, now: datetime) -> None:
        """Without a ledger nobody was called."""
        self._ledger, self._service, self._before = ledger, service, to_text(now - within)
        self._runs: Mapping[int, str] = {}
        if ledger is not None and service != SANDBOX_SERVICE:
            self._runs = ledger.read.earlier.unfollowed_runs(service=service, before=self._before)

    def of(self, phones: Sequence[str]) -> Mapping[str, str]:
        """Those of these numbers (at most 1000) that were called so: number -> the run that called it."""
        if self._ledger is None or not self._runs or not phones:
            return {}
        return self._ledger.read.earlier.unfollowed(
            phones, service=self._service, before=self._before, of_runs=self._runs
        )

    def of_run(self, run_id: int) -> Counter[str]:
        """Counts the waiting rows of a run whose people were called so, by the run that called them."""
        found = Counter[str]()
        if self._ledger is not None and self._runs:
            for phones in _chunks(row.contact.phone for row in self._ledger.read.rows.waiting(run_id, from_round=0)):
                found.update(self.of(phones).values())
        return found


def _chunks(phones: Iterator[str]) -> Iterator[list[str]]:
    while chunk := list(islice(phones, _ASKED_AT_ONCE)):
        yield chunk
