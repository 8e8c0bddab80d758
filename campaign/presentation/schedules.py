"""What happens while schedules are seen to, in lines for people."""

from collections.abc import Iterator

from campaign.presentation.dial_events import firing_lines
from campaign.scheduler.events import FiringContinued, RunEvent, ScheduleEvent, SheetLoaded, SummaryRefused


def schedule_lines(name: str, event: ScheduleEvent, *, verbose: bool) -> Iterator[str]:
    """What is said of an event of the schedule of that name; with `verbose`, of each row too."""
    match event:
        case FiringContinued(instant):
            yield f"{name}: going on with the firing of {instant}"
        case SheetLoaded(sheet, to_call, invalid):
            yield f"{name}: {sheet}: {to_call} to call, {invalid} invalid"
        case RunEvent(run, happened):
            yield from (f"{name}: {line}" for line in firing_lines(happened, run=run, verbose=verbose))
        case SummaryRefused(trouble):
            yield f"{name}: the summary was not taken: {trouble}"
