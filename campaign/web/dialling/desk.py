"""Desk: the runs that this server dials, one thread with its own event loop for each; told to go on at every start.

a page: dial(run) --> order in the ledger --> thread: dial --> "follow" in the order --> follow --> order done
                          ^      |                     another order while it follows: dial again --^
                          |      `--> held by another process: left alone, and looked at again later
start: restore() ---------+            server killed: the order stays, and the next start goes on where it says
"""

import threading
from dataclasses import dataclass, field

from campaign.domain.cures.runs import wait_and_resume
from campaign.domain.errors import BusyError, CampaignError
from campaign.presentation.cures.page import page_text
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.ready_run import DialingEnd, StopRequest
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import (
    EndedBy,
    OrderedDialling,
    as_begun,
    as_ended,
    as_followed,
    ended_by,
    ordered_of,
    ordered_to_follow,
    ready_ordered,
    rows_left,
)
from campaign.usecases.serving.orders import (
    OrderRecord,
    Wanted,
    order_advanced,
    order_dialling,
    order_done,
    order_of,
    order_stop,
    runs_to_dial,
)
from campaign.web.dialling.live import Live, Snapshot
from campaign.web.dialling.work import dial, follow
from campaign.web.surroundings import Surroundings

SERVER = "server"
"""Who acts, in the history, when no person does."""
_BUSY_AGAIN_SECONDS = 15.0
_NO_REASON = "the dialling ended without a reason; what was sent is in the ledger; resume it"


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


def by_of(end: DialingEnd | None) -> EndedBy:
    """The kind of end of a dialling that did not reach its own."""
    return "failed" if end is None else "trouble" if end.stop is None else ended_by(end.stop)


def why_of(end: DialingEnd | None) -> str:
    """Why a dialling did not reach its end: endings that could not be written first, as nothing else has them."""
    if end is None:
        return _NO_REASON
    lost = [f"could not be written anywhere, so write it down: {one}" for one in end.lost]
    return "; ".join([*lost, *([end.stop.why] if end.stop else [])])


class Desk:
    """The runs that this server dials."""

    def __init__(self, around: Surroundings, *, busy_again_seconds: float = _BUSY_AGAIN_SECONDS) -> None:
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
                if ordered.draft is None:
                    return
                raise BusyError(f"run {run} is being dialled", cure=wait_and_resume(run))
            # Refused here, where a person reads it, and not in a thread.
            ready_ordered(ledger, run, ordered, context=self._around)
            order_dialling(ledger, run, options=as_begun(ordered).model_dump_json(), who=who)
            self._begin(run)

    def stop(self, ledger: Ledger, run: str, *, who: str) -> bool:
        """Stops the run: no new call begins; returns whether it was dialled or followed here."""
        order_stop(ledger, run, who=who)
        with self._lock:
            dialler = self._diallers.get(run)
            if dialler is None or dialler.over.is_set():
                return False
            dialler.ask()
            return True

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
                while (order := self._next_order(ledger, run, dialler)) is not None:
                    self._carry_out(ledger, run, order, dialler)
        except CampaignError as error:
            dialler.live.enter("failed", trouble=page_text(error.message))
        except BaseException:
            dialler.live.enter("failed", trouble=_NO_REASON)
            raise
        finally:
            dialler.over.set()

    def _next_order(self, ledger: Ledger, run: str, dialler: _Dialler) -> OrderRecord | None:
        """What is to be done now; None for nothing more: the thread is over then, and the next order gets another."""
        with self._lock:
            dialler.stop, dialler.anew = StopRequest(), StopRequest()
            order = None if self._closed else order_of(ledger, run)
            if order is None or order.wanted is not Wanted.GO or ordered_of(order).ended is not None:
                dialler.over.set()
                if not dialler.live.snapshot().is_over:
                    dialler.live.enter("stopped")
                return None
        return order

    def _carry_out(self, ledger: Ledger, run: str, order: OrderRecord, dialler: _Dialler) -> None:
        """Dials and follows as ordered, as far as it goes."""
        dialler.live.enter("starting")
        try:
            followed = order if ordered_of(order).follow_until else self._dial(ledger, run, order, dialler)
            if followed is not None:
                self._follow(ledger, run, followed, dialler)
        except BusyError:
            dialler.live.enter("elsewhere")
            dialler.anew.wait(self._busy_again)
        except CampaignError as error:
            self._give_up(ledger, run, order, dialler, by="failed", text=page_text(error.message))

    def _dial(self, ledger: Ledger, run: str, order: OrderRecord, dialler: _Dialler) -> OrderRecord | None:
        """Makes the calls; returns the order with their following in it, None where it ended otherwise."""
        ordered, left = ordered_of(order), rows_left(ledger, order)
        if left != 0:
            ready = ready_ordered(ledger, run, ordered, context=self._around, limit=left)
            end = dial(ready, live=dialler.live, stop=dialler.stop)
            if (end is None and not dialler.stop.asked) or (end is not None and (end.stop or end.lost)):
                self._give_up(ledger, run, order, dialler, by=by_of(end), text=why_of(end))
                return None
            if dialler.stop.asked:
                return None
        following = as_followed(ordered, now=self._around.now())
        return order_advanced(ledger, order, options=following.model_dump_json())

    def _follow(self, ledger: Ledger, run: str, order: OrderRecord, dialler: _Dialler) -> None:
        """Follows the calls; the order is done once they are over."""
        live = dialler.live
        live.enter("following")
        to_follow = ordered_to_follow(ledger, run, ordered_of(order), context=self._around)
        end = follow(to_follow, live=live, stop=dialler.anew)
        if end is not None and end.stop is not None:
            self._give_up(ledger, run, order, dialler, by=ended_by(end.stop), text=end.stop.why)
        elif not dialler.anew.asked and order_done(ledger, order, who=SERVER):
            record_act(ledger, who=SERVER, what="end", target=run)
            live.enter("ended")

    def _give_up(
        self, ledger: Ledger, run: str, order: OrderRecord, dialler: _Dialler, *, by: EndedBy, text: str
    ) -> None:
        """Ends the order with the reason: only a person begins it again, and reads why."""
        ended = as_ended(ordered_of(order), by=by, text=text, now=self._around.now())
        if order_done(ledger, order, who=SERVER, options=ended.model_dump_json()):
            record_act(ledger, who=SERVER, what=by, target=run, detail=text)
            dialler.live.enter("failed", trouble=text)
