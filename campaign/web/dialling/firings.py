"""Firings: the thread of the server that fires schedules, as long as the server lives, whatever goes wrong.

start --> fire what is due, wait, fire ... --> trouble --> wait a minute --> once more
                                         `--> stop: what is under way is left to the next scheduler
"""

import logging
import threading
from functools import partial

from campaign.domain.errors import CampaignError
from campaign.presentation.cures.page import page_text
from campaign.presentation.page.schedule_acts import ScheduleAct, event_act, instant_act
from campaign.usecases.context import opened_ledger
from campaign.usecases.dialling.ready_run import run_event_loop
from campaign.usecases.schedules import InstantReport, ScheduleEvent, StopRequest, fire_schedules
from campaign.usecases.serving.acts import record_act
from campaign.web.dialling.desk import SERVER
from campaign.web.surroundings import ServerSurroundings

RETRY_SECONDS = 60.0
_LOG = logging.getLogger(__name__)


class Firings:
    """Fires the schedules of the ledger; beside another scheduler, each firing is done by one of them."""

    def __init__(self, around: ServerSurroundings, *, retry_seconds: float = RETRY_SECONDS) -> None:
        self._around, self._retry_seconds = around, retry_seconds
        self._lock, self._closed = threading.Lock(), threading.Event()
        self._stop, self._trouble = StopRequest(), ""
        self._thread: threading.Thread | None = None

    @property
    def trouble(self) -> str:
        """Why schedules are not fired at the moment; empty while they are."""
        with self._lock:
            return self._trouble

    def start(self) -> None:
        """Begins to fire."""
        # A daemon, and so are the threads that it starts: a server that must end leaves its calls claimed.
        self._closed.clear()
        self._thread = threading.Thread(target=self._work, name="schedules", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Asks all firings to stop; no new one begins."""
        with self._lock:
            self._closed.set()
            self._stop.ask()

    def close(self, *, within_seconds: float) -> None:
        """Stops, and waits so long at the most for calls in flight; the next start goes on with them."""
        self.stop()
        if self._thread is not None:
            self._thread.join(within_seconds)

    def _work(self) -> None:
        while not self._closed.is_set():
            with self._lock:
                self._stop = stop = StopRequest()
                if self._closed.is_set():
                    return
            trouble = self._fired(stop)
            with self._lock:
                self._trouble = trouble
            self._closed.wait(self._retry_seconds)

    def _fired(self, stop: StopRequest) -> str:
        """Fires until it is stopped, or cannot; why it could not."""
        # What was wrong before is taken for over once this has gone on for a while.
        calm = threading.Timer(self._retry_seconds / 2, self._calm)
        calm.daemon = True
        calm.start()
        try:
            fire = partial(
                fire_schedules,
                once=False,
                context=self._around,
                stop=stop,
                on_event=self._note_event,
                tell=self._note_instant,
            )
            run_event_loop(fire)
        except CampaignError as error:
            return page_text(error.message)
        except Exception:  # noqa: BLE001 - whatever it is, the schedules of tomorrow are to be fired
            _LOG.exception("the scheduler ended; it begins anew")
            return "the scheduler failed; it begins anew"
        finally:
            calm.cancel()
        return ""

    def _calm(self) -> None:
        with self._lock:
            self._trouble = ""

    def _note_instant(self, told: InstantReport) -> None:
        self._note(told.schedule.name, instant_act(told))

    def _note_event(self, name: str, event: ScheduleEvent) -> None:
        act = event_act(event)
        if act is not None:
            self._note(name, act)

    def _note(self, name: str, act: ScheduleAct) -> None:
        with opened_ledger(self._around) as ledger:
            record_act(ledger, who=SERVER, what=act.what, target=name, detail=act.detail)
