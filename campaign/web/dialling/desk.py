"""Desk: the runs that this server dials, one thread with its own event loop for each; told to go on at every start.

a page: dial(run) --> order in the ledger --> thread: dial --> "follow" in the order --> follow --> order done
                          ^      |                     another order while it follows: dial again --^
                          |      `--> held by another process: left alone, and looked at again later
start: restore() ---------+            server killed: the order stays, and the next start goes on where it says
"""

import threading
from dataclasses import dataclass, field

from campaign.domain.cures.runs import wait_and_resume
from campaign.domain.errors import BusyError, CampaignError, UsageError
from campaign.presentation.cures.page import page_text
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.ready_run import StopRequest
from campaign.usecases.serving.dialling import OrderedDialling, as_begun, ordered_of, ready_ordered
from campaign.usecases.serving.orders import (
    Wanted,
    order_dialling,
    order_first_dialling,
    order_of,
    order_stop,
    runs_to_dial,
    withdraw_order,
)
from campaign.usecases.working.hand_over import let_go_on, stop_elsewhere
from campaign.web.dialling.errand import NO_REASON, SERVER, Errand
from campaign.web.dialling.live import Live, Snapshot
from campaign.web.surroundings import ServerSurroundings

__all__ = ["SERVER", "Desk"]

_BUSY_AGAIN_SECONDS = 15.0


@dataclass(slots=True)
class _Dialler:
    """A run's thread: its live state, and how it is told to stop.

    Attributes:
        stop: ends it.
        anew: ends its following only, since something else was ordered.
    """

    live: Live
    stop: StopRequest = field(default_factory=StopRequest)
    anew: StopRequest = field(default_factory=StopRequest)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Asks it to stop: calls in flight end, and no new one begins."""
        self.stop.ask()
        self.anew.ask()


class Desk:
    """The runs that this server dials."""

    def __init__(self, around: ServerSurroundings, *, busy_again_seconds: float = _BUSY_AGAIN_SECONDS) -> None:
        """A run that another process holds is looked at again after `busy_again_seconds`."""
        self._around, self._busy_again = around, busy_again_seconds
        self._lock, self._diallers = threading.Lock(), dict[str, _Dialler]()
        # Of two who order at once, the second finds the first one's order begun.
        self._ordering, self._closed = threading.Lock(), False

    def dial(self, ledger: Ledger, run: str, ordered: OrderedDialling, *, who: str) -> None:
        """Orders the run to be dialled, and begins at once; a run that is only followed is dialled first.

        Of a run that is dialled already its waiting rows are called anyway: then nothing is done.

        Raises:
            UsageError: the run cannot be dialled from here.
            BusyError: certain rows are to be called, and the run is being dialled.
        """
        with self._ordering:
            if self._is_dialling(run):
                order = order_of(ledger, run)
                if ordered.draft is None or (order is not None and ordered_of(order).draft == ordered.draft):
                    return
                raise BusyError(f"run {run} is being dialled", cure=wait_and_resume(run))
            # Refused here, where a person reads it, and not in a thread.
            ready_ordered(ledger, run, ordered, context=self._around)
            order_dialling(ledger, run, options=as_begun(ordered).model_dump_json(), who=who)
            let_go_on(ledger, run)
            self._begin(run)

    def dial_first(self, ledger: Ledger, run: str, ordered: OrderedDialling, *, who: str) -> None:
        """Begins with a new run, whose publishing mostly ordered it; of a run begun, stopped or done, does nothing.

        Raises:
            UsageError: the run cannot be dialled from here; then nothing is ordered any more.
        """
        with self._ordering:
            options = as_begun(ordered).model_dump_json()
            order = order_of(ledger, run) or order_first_dialling(ledger, run, options=options, who=who)
            if order is None or order.wanted is not Wanted.GO or self._has_begun(run):
                return
            try:
                ready_ordered(ledger, run, ordered, context=self._around)
            except UsageError:
                # Where a server ends before this, its next start tries, and says on the run's page why it cannot.
                withdraw_order(ledger, order)
                raise
            self._begin(run)

    def stop(self, ledger: Ledger, run: str, *, who: str) -> bool:
        """Stops the run: no new call begins; returns whether it was dialled or followed here."""
        order_stop(ledger, run, who=who)
        with self._lock:
            dialler = self._diallers.get(run)
        here = dialler is not None and not dialler.over.is_set()
        if dialler is None or not here or dialler.live.phase == "elsewhere":
            stop_elsewhere(ledger, run, who=who)
        if dialler is not None and here:
            dialler.ask()
        return here

    def snapshot(self, run: str) -> Snapshot | None:
        """The live state of a run that this server dials, or has dialled since its start; None for another."""
        with self._lock:
            dialler = self._diallers.get(run)
        return None if dialler is None else dialler.live.snapshot()

    def restore(self) -> None:
        """Goes on with all runs that were ordered, and not stopped or done."""
        with opened_ledger(self._around) as ledger:
            runs = [record.name for record, _ in runs_to_dial(ledger)]
        for run in runs:
            self._begin(run)

    def close(self, *, within_seconds: float) -> None:
        """Stops all runs for now, and waits for their calls in flight; their orders stay for the next start."""
        with self._lock:
            self._closed, diallers = True, list(self._diallers.values())
            for dialler in diallers:
                dialler.ask()
        ends = threading.Event()
        timer = threading.Timer(within_seconds, ends.set)
        timer.daemon = True
        timer.start()
        for dialler in diallers:
            while not dialler.over.wait(0.05) and not ends.is_set():
                pass
        timer.cancel()

    def _is_dialling(self, run: str) -> bool:
        with self._lock:
            dialler = self._diallers.get(run)
            if dialler is None or dialler.over.is_set() or dialler.stop.asked:
                return False
            return dialler.live.phase != "following"

    def _has_begun(self, run: str) -> bool:
        with self._lock:
            dialler = self._diallers.get(run)
            return dialler is not None and not dialler.over.is_set()

    def _begin(self, run: str) -> None:
        with self._lock:
            if self._closed:
                return
            dialler = self._diallers.get(run)
            if dialler is not None and not dialler.over.is_set():
                # It reads the order when it is done with what it does; following, at once.
                dialler.live.enter("starting")
                dialler.anew.ask()
                return
            dialler = self._diallers[run] = _Dialler(Live(self._around.now))
        # A daemon: a server that must end leaves its calls claimed, as a crash does.
        threading.Thread(target=self._work, args=(run, dialler), name=f"dial {run}", daemon=True).start()

    def _work(self, run: str, dialler: _Dialler) -> None:
        try:
            with opened_ledger(self._around) as ledger:
                while (errand := self._next_errand(ledger, run, dialler)) is not None:
                    errand.carry_out()
        except CampaignError as error:
            dialler.live.enter("failed", trouble=page_text(error.message))
        except BaseException:
            dialler.live.enter("failed", trouble=NO_REASON)
            raise
        finally:
            dialler.over.set()

    def _next_errand(self, ledger: Ledger, run: str, dialler: _Dialler) -> Errand | None:
        """What is to be done now; None for nothing more: the thread is over then, and the next order gets another."""
        with self._lock:
            dialler.stop, dialler.anew = StopRequest(), StopRequest()
            order = None if self._closed else order_of(ledger, run)
            if order is None or order.wanted is not Wanted.GO:
                dialler.over.set()
                if not dialler.live.snapshot().is_over:
                    dialler.live.enter("stopped")
                return None
        return Errand(
            ledger,
            run,
            order,
            around=self._around,
            live=dialler.live,
            stop=dialler.stop,
            anew=dialler.anew,
            busy_again_seconds=self._busy_again,
        )
