"""Desk: the runs that this server dials, one thread with its own event loop for each; told to go on at every start.

a page: dial(run) --> order in the ledger --> thread: dial --> follow --> order done
                          ^                                       server killed: the order stays, and
start: restore() ---------+                                       the next start goes on with it
"""

import threading
from dataclasses import dataclass, field
from functools import partial

from campaign.domain.errors import CampaignError
from campaign.domain.model import Settled
from campaign.presentation.cures.page import page_text
from campaign.presentation.dial_events import firing_lines
from campaign.presentation.follow_events import follow_lines
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.ready_run import DialEvent, DialingEnd, ReadyRun, StopRequest, run_event_loop
from campaign.usecases.follow_run import Looked, PollingEnd, RunToFollow
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling, ordered_to_follow, ready_ordered
from campaign.usecases.serving.orders import order_dialling, order_done, order_of, order_stop, runs_to_dial
from campaign.web.dialling.live import Live, Snapshot
from campaign.web.surroundings import Surroundings

SERVER = "server"
"""Who acts, in the history, when no person does."""


@dataclass(frozen=True, slots=True)
class _Dialler:
    """A run's thread, its stop request and its live state."""

    live: Live
    stop: StopRequest = field(default_factory=StopRequest)
    over: threading.Event = field(default_factory=threading.Event)


class Desk:
    """The runs that this server dials."""

    def __init__(self, around: Surroundings) -> None:
        self._around, self._lock = around, threading.Lock()
        self._diallers: dict[str, _Dialler] = {}
        self._closed = False

    def dial(self, ledger: Ledger, run: str, ordered: OrderedDialling, *, who: str) -> None:
        """Orders the run to be dialled, and begins at once; of a run that is dialled here already, nothing.

        Raises:
            UsageError: the run cannot be dialled from here.
        """
        with self._lock:
            if self._is_dialled(run):
                return
        # Refused here, where a person reads it, and not in a thread.
        ready_ordered(ledger, run, ordered, context=self._around)
        order_dialling(ledger, run, options=ordered.model_dump_json(), who=who)
        self._begin(run, ordered)

    def stop(self, ledger: Ledger, run: str, *, who: str) -> bool:
        """Stops the run: no new call begins; returns whether it was dialled here."""
        order_stop(ledger, run, who=who)
        with self._lock:
            dialler = self._diallers.get(run)
        if dialler is None or dialler.over.is_set():
            return False
        dialler.stop.ask()
        return True

    def snapshot(self, run: str) -> Snapshot | None:
        """The live state of a run that this server dials, or has dialled since its start; None for another."""
        with self._lock:
            dialler = self._diallers.get(run)
        return None if dialler is None else dialler.live.snapshot()

    def restore(self) -> None:
        """Goes on with all runs that were ordered, and not stopped or done."""
        with opened_ledger(self._around) as ledger:
            ordered = [
                (record.name, OrderedDialling.model_validate_json(order.options))
                for record, order in runs_to_dial(ledger)
            ]
        for run, options in ordered:
            self._begin(run, options)

    def close(self, *, within_seconds: float) -> None:
        """Stops all runs for now, and waits for their calls in flight; their orders stay for the next start."""
        with self._lock:
            self._closed, diallers = True, list(self._diallers.values())
        for dialler in diallers:
            dialler.stop.ask()
        ends = threading.Event()
        timer = threading.Timer(within_seconds, ends.set)
        timer.daemon = True
        timer.start()
        for dialler in diallers:
            while not dialler.over.wait(0.05) and not ends.is_set():
                pass
        timer.cancel()

    def _is_dialled(self, run: str) -> bool:
        dialler = self._diallers.get(run)
        return dialler is not None and not dialler.over.is_set()

    def _begin(self, run: str, ordered: OrderedDialling) -> None:
        with self._lock:
            if self._closed or self._is_dialled(run):
                return
            dialler = self._diallers[run] = _Dialler(Live(self._around.now))
        work = partial(self._work, run, ordered, dialler)
        # A daemon: a server that must end leaves its calls claimed, as a crash does.
        threading.Thread(target=work, name=f"dial {run}", daemon=True).start()

    def _work(self, run: str, ordered: OrderedDialling, dialler: _Dialler) -> None:
        live = dialler.live
        try:
            with opened_ledger(self._around) as ledger:
                order = order_of(ledger, run)
                ended = _dial_and_follow(ledger, run, ordered, dialler=dialler, around=self._around)
                if dialler.stop.asked:
                    live.enter("stopped")
                    return
                # Done, unless a person has ordered something else since: only a person begins it again.
                if order is not None:
                    order_done(ledger, order, who=SERVER)
                record_act(ledger, who=SERVER, what="end", target=run, detail=ended)
            live.enter("ended", trouble=ended or None)
        except CampaignError as error:
            live.enter("failed", trouble=page_text(error.message))
        except BaseException:
            live.enter("failed", trouble="the dialling ended without a reason; what was sent is in the ledger")
            raise
        finally:
            dialler.over.set()


def _dial_and_follow(
    ledger: Ledger, run: str, ordered: OrderedDialling, *, dialler: _Dialler, around: Surroundings
) -> str:
    """Dials the run, then follows its calls; returns why it stopped itself, or nothing."""
    ready = ready_ordered(ledger, run, ordered, context=around)
    end = run_event_loop(partial(_dialled, ready, dialler=dialler))
    if end is None or dialler.stop.asked:
        return ""
    if end.stop is not None:
        return end.stop.why
    dialler.live.enter("following")
    to_follow = ordered_to_follow(ledger, run, context=around)
    followed = run_event_loop(partial(_followed, to_follow, dialler=dialler))
    to_follow.write_results()
    return followed.stop.why if followed is not None and followed.stop is not None else ""


async def _dialled(ready: ReadyRun, *, dialler: _Dialler) -> DialingEnd | None:
    end, live = None, dialler.live
    live.enter("dialling")
    with dialler.stop.heard() as stopping:
        async with ready.dial(stop=stopping) as dialing:
            live.estimate(dialing.time_left)
            async for event in dialing.events:
                _show(event, run=ready.record.name, live=live)
                if isinstance(event, DialingEnd):
                    end = event
    return end


async def _followed(to_follow: RunToFollow, *, dialler: _Dialler) -> PollingEnd | None:
    live = dialler.live
    with dialler.stop.heard() as stopping:
        async with to_follow.follow(stop=stopping) as following:
            async for event in following.events():
                if isinstance(event, Settled):
                    live.settled()
                for line in follow_lines(event, verbose=isinstance(event, Looked)):
                    live.say(line)
    return following.end


def _show(event: DialEvent, *, run: str, live: Live) -> None:
    if isinstance(event, Settled):
        live.settled()
    if (until := getattr(event, "until", None)) is not None:
        live.enter("waiting", until=until)
    for line in firing_lines(event, run=run, verbose=True):
        live.say(line)
