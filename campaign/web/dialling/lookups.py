"""Look-ups of lost answers: reading AICaller's list takes from seconds to minutes, so it goes on beside the requests.

What was found is kept until the next look-up, or until the server ends: the ledger has what was settled.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.errors import CampaignError
from campaign.presentation.cures.page import page_text
from campaign.usecases.context import opened_ledger
from campaign.usecases.dialling.ready_run import run_event_loop
from campaign.usecases.resolve import Resolved, run_to_resolve
from campaign.usecases.serving.acts import record_act
from campaign.usecases.watching.run import named_run
from campaign.web.surroundings import ServerSurroundings


@dataclass(frozen=True, slots=True)
class LostAnswerLookUp:
    """A look-up of one run.

    Attributes:
        resolved: what was found; None while it goes on, or where it failed.
        not_called: rows that wait again, on a person's word.
        trouble: why it failed; None where it did not.
    """

    resolved: Resolved | None = None
    not_called: Sequence[int] = ()
    trouble: str | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it is not over yet."""
        return self.resolved is None and self.trouble is None


class LookUps:
    """The look-ups of this server, at most one at a time for each run."""

    def __init__(self, around: ServerSurroundings) -> None:
        self._around, self._lock = around, threading.Lock()
        self._known = dict[str, LostAnswerLookUp]()

    def begin(self, run: str, *, not_called: set[int], who: str) -> None:
        """Begins a look-up, unless one goes on; after it the rows `not_called` wait again, on that person's word."""
        with self._lock:
            known = self._known.get(run)
            if known is not None and known.goes_on:
                return
            self._known[run] = LostAnswerLookUp()
        # A daemon: it only reads, and what it settles is settled row by row.
        threading.Thread(target=self._work, args=(run, not_called, who), name=f"look up {run}", daemon=True).start()

    def of(self, run: str) -> LostAnswerLookUp | None:
        """The last look-up of the run since this server began."""
        with self._lock:
            return self._known.get(run)

    def _work(self, run: str, not_called: set[int], who: str) -> None:
        found = LostAnswerLookUp(trouble="the look-up ended without a reason; look again")
        try:
            found = self._looked_up(run, not_called, who)
        except CampaignError as error:
            found = LostAnswerLookUp(trouble=page_text(error.message))
        finally:
            with self._lock:
                self._known[run] = found

    def _looked_up(self, run: str, not_called: set[int], who: str) -> LostAnswerLookUp:
        with opened_ledger(self._around) as ledger:
            sandbox = named_run(ledger, run).service == SANDBOX_SERVICE
            with run_to_resolve(ledger, run, sandbox=sandbox, write=True, context=self._around) as held:
                resolved = run_event_loop(held.look_up)
                moved = held.mark_not_called(held.sendings(resolved, not_called)) if not_called else []
                detail = f"{len(resolved.settled.found)} found, {len(moved)} said not to have been called"
                record_act(ledger, who=who, what="resolve", target=run, detail=detail)
                held.write_results()
        return LostAnswerLookUp(resolved, moved)
