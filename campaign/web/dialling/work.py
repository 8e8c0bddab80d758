"""Work of one run's thread: dials it, then follows its calls; its events become its live state."""

from collections.abc import Iterator
from functools import partial

from campaign.presentation.dial_events import firing_lines
from campaign.presentation.follow_events import follow_lines
from campaign.usecases.dialling.ready_run import (
    CallsBeingListed,
    DialEvent,
    DialingEnd,
    FirstRowsAwaited,
    FirstRowsPassed,
    FirstRowsStarted,
    ListAwaited,
    ReadyRun,
    Settled,
    Started,
    StopRequest,
    WaitingUntil,
    run_event_loop,
)
from campaign.usecases.follow_run import Looked, PollingEnd, RunToFollow
from campaign.web.dialling.live import Live


def dial(ready: ReadyRun, *, live: Live, stop: StopRequest) -> DialingEnd | None:
    """Dials the run to its end, or until the stop; None where it was left before it had begun.

    Raises:
        CampaignError: it could not be dialled, or not any further.
    """
    return run_event_loop(partial(_dialled, ready, live=live, stop=stop))


def follow(to_follow: RunToFollow, *, live: Live, stop: StopRequest) -> PollingEnd | None:
    """Follows the run's calls until they are over, or until the stop; the results file is written at the end.

    Raises:
        CampaignError: it could not be followed, or not any further.
    """
    end = run_event_loop(partial(_followed, to_follow, live=live, stop=stop))
    to_follow.write_results()
    return end


async def _dialled(ready: ReadyRun, *, live: Live, stop: StopRequest) -> DialingEnd | None:
    end = None
    with stop.heard() as stopping:
        async with ready.dial(stop=stopping) as dialing:
            live.estimate(dialing.time_left)
            async for event in dialing.events:
                _enter(event, live=live)
                for line in _lines(event, run=ready.record.name):
                    live.say(line)
                if isinstance(event, DialingEnd):
                    end = event
    return end


async def _followed(to_follow: RunToFollow, *, live: Live, stop: StopRequest) -> PollingEnd | None:
    with stop.heard() as stopping:
        async with to_follow.follow(stop=stopping) as following:
            async for event in following.events():
                for line in follow_lines(event, verbose=isinstance(event, Looked)):
                    live.say(line)
    return following.end


def _lines(event: DialEvent, *, run: str) -> Iterator[str]:
    """The lines for a page: endings stand in the ledger, and where the server keeps its files concerns nobody."""
    match event:
        case Settled():
            return
        case Started(to_call):
            yield f"{to_call} to call"
        case _:
            yield from firing_lines(event, run=run)


def _enter(event: DialEvent, *, live: Live) -> None:
    """Enters the phase that the event begins."""
    match event:
        case WaitingUntil(until):
            live.enter("waiting", until=until)
        case ListAwaited(until):
            live.enter("listing", until=until)
        case CallsBeingListed() if live.phase == "starting":
            live.enter("looking up")
        case FirstRowsAwaited():
            live.enter("judging")
        case Started() | FirstRowsStarted() | FirstRowsPassed() | Settled():
            # Asked before it is entered: a run has many endings, and the lock is one.
            if live.phase != "dialling":
                live.enter("dialling")
        case _:
            pass
