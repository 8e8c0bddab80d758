"""What a scheduler needs from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from campaign.domain.cures import Wording
from campaign.engine.stop import StopRequest
from campaign.scheduler.events import ScheduleEvent


@dataclass(frozen=True, slots=True)
class SchedulerPorts:
    """What a scheduler needs from outside: the clock, the stop, and who is told.

    Attributes:
        environment: of the process.
        now: the wall clock; aware instants.
        wait: waits for so many seconds, in the thread of a firing; less long once a stop is asked for.
        stop: asks all firings to stop.
        on_event: receives what happens, with the schedule's name; from any thread.
        wording: words the messages that the ledger stores about firings and rows.
    """

    environment: Mapping[str, str]
    now: Callable[[], datetime]
    wait: Callable[[float], None]
    stop: StopRequest
    on_event: Callable[[str, ScheduleEvent], None]
    wording: Wording
