"""Forecasts of drafts, kept for minutes: that of a large sheet with hours takes seconds, and is made when asked for."""

import threading
import time
from collections.abc import Callable

from campaign.usecases.context import Ledger
from campaign.usecases.dialling.drafts import Outlook, SheetDraft, outlook_of_draft

_KEPT_SECONDS = 600.0
_MOST_KEPT = 50
MOST_AT_ONCE = 5_000
"""Calls of a plan with hours whose forecast no page waits for."""


class Forecasts:
    """The forecasts that were made in the last minutes, by draft and limit."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` is in seconds, from any beginning."""
        self._clock, self._lock = clock, threading.Lock()
        self._kept: dict[tuple[int, int, int | None], tuple[float, Outlook]] = {}

    def of(self, ledger: Ledger, draft: SheetDraft, *, limit: int | None, asked: bool) -> Outlook | None:
        """The forecast of the draft's run if it begins now; None where it takes long, and was not asked for.

        Args:
            ledger: where the draft is.
            draft: as it is now.
            limit: at most so many rows are called.
            asked: whether somebody waits for it.
        """
        calls = draft.calls(limit)
        if not calls:
            return None
        key = (draft.record.id, draft.record.revision, limit)
        with self._lock:
            at, kept = self._kept.get(key, (0.0, None))
        if kept is not None and self._clock() - at < _KEPT_SECONDS:
            return kept
        if calls > MOST_AT_ONCE and draft.source.plan.is_timed and not asked:
            return None
        made = outlook_of_draft(ledger, draft, limit=limit)
        if calls > MOST_AT_ONCE:
            self._keep(key, made)
        return made

    def _keep(self, key: tuple[int, int, int | None], made: Outlook) -> None:
        with self._lock:
            self._kept[key] = (self._clock(), made)
            while len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
