"""`follow`: polls a run's created calls until their outcomes are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from campaign.api.arguments import AnyPath, consented, flag, path_of, rate_of
from campaign.api.events import OnEvent, follow_event
from campaign.api.own_thread import Tell, Work, awaiting, blocking
from campaign.api.surroundings import surroundings
from campaign.domain.errors import CampaignError
from campaign.usecases.context import opened_ledger
from campaign.usecases.dialling.ready_run import StopRequest, run_event_loop
from campaign.usecases.follow_run import FollowOptions, PollingEnd, RunToFollow, follow_run


@dataclass(frozen=True, slots=True)
class FollowEnd:
    """End of following a run: what is known of its calls.

    Attributes:
        run: its name.
        outcomes: how many calls ended how, in the words of the results: `no_answer`, `voicemail`, `ended_normally`, ...
        not_over: how many calls are not known to be over.
        pending: how many rows are still to be sent; `resume` sends them.
        due: how many rows are due for a retry by the template's rules; `resume` makes them.
        next_again: when the next retry after those is due, UTC, if there is one.
        stopped: why it stopped itself, if it did.
        results_file: None when another process works on the run, and writes them.
        exit_code: that of `campaign follow`.
    """

    run: str
    outcomes: Mapping[str, int]
    not_over: int
    pending: int
    due: int
    next_again: datetime | None
    stopped: str | None
    results_file: Path | None
    exit_code: int


def _follow(  # noqa: PLR0913 - what can be said of a following, by name
    run: str,
    *,
    sandbox: bool = False,
    watch: bool = False,
    call_people: bool = False,
    trust_clock: bool = False,
    deadline: timedelta | None = None,
    rate: float = 1.0,
    results_file: AnyPath | None = None,
    on_event: OnEvent | None = None,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Work[FollowEnd]:
    """Polls a run's created calls until all outcomes are known. Makes no calls, unless with `watch`.

    Interrupted or cancelled, it ends after the current poll; what was found is in the ledger.

    Args:
        run: its name.
        sandbox: True: the run was made on the stand-in.
        watch: keep running, and make the retries of the template's rules; requires `call_people` or `sandbox`.
        call_people: True: with `watch`, people's phones ring.
        trust_clock: with `watch`, take this machine's clock for right, even if AICaller's says otherwise.
        deadline: longest time to follow; None for no limit.
        rate: polls per second.
        results_file: None for the run's own.
        on_event: gets each event, in the caller's own thread.
        home: the ledger's folder.
        environment: None for the process's.
        now: the wall clock, aware.

    Raises:
        UnansweredError: with `watch`, neither `call_people` nor `sandbox` was given.
        UsageError: there is no such run, or its calls were made elsewhere.
        LedgerError: the ledger or its disk is in trouble.
    """
    if flag("watch", watch):
        consented(call_people=call_people, sandbox=sandbox)
    options = FollowOptions(
        watch=watch,
        deadline=deadline,
        rate=rate_of("rate", rate) or 1.0,
        results=path_of(results_file),
        sandbox=flag("sandbox", sandbox),
        trust_clock=flag("trust_clock", trust_clock),
    )
    context = surroundings(home=home, environment=environment, now=now)

    def do(stop: StopRequest, tell: Tell) -> FollowEnd:
        with opened_ledger(context) as ledger:
            to_follow = follow_run(ledger, run, options=options, context=context)
            end = run_event_loop(partial(_followed, to_follow, stop=stop, tell=tell))
            return _as_end(to_follow, end, written=to_follow.write_results())

    return Work(do, on_event)


follow = blocking(_follow, name="follow")
follow_async = awaiting(_follow, name="follow_async")


async def _followed(to_follow: RunToFollow, *, stop: StopRequest, tell: Tell) -> PollingEnd:
    with stop.heard() as stopping:
        async with to_follow.follow(stop=stopping) as following:
            async for found in following.events():
                for event in follow_event(found):
                    tell(event)
        if following.end is None:
            raise CampaignError(f"run {to_follow.record.name}: following ended without an account")
        return following.end


def _as_end(to_follow: RunToFollow, end: PollingEnd, *, written: Path | None) -> FollowEnd:
    return FollowEnd(
        run=to_follow.record.name,
        outcomes={how.value: count for how, count in end.counts.ends.items()},
        not_over=end.counts.on_the_way,
        pending=end.waiting,
        due=end.due,
        next_again=end.next_again,
        stopped=end.stop.why if end.stop else None,
        results_file=written,
        exit_code=to_follow.exit_code(end, signalled=None),
    )
