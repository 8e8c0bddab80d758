"""`follow`: polls a run's calls until their outcomes are known; with --watch, makes due calls again."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import anyio

from campaign.cli.options.verbs import FollowOptions
from campaign.cli.output import echo, echo_json, tell
from campaign.cli.process.signals import stopping_on_signals
from campaign.cli.terminal import Terminal
from campaign.domain.call_outcome import CallEnd
from campaign.domain.errors import CampaignError, UsageError
from campaign.presentation.calls_ahead import ahead_dict
from campaign.presentation.cures import error_line
from campaign.presentation.cures.error_dict import error_dict
from campaign.presentation.follow_events import follow_lines
from campaign.presentation.outcomes import tally
from campaign.presentation.wording import counted, local_time
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.notify import checked_notify_url, notify
from campaign.usecases.follow_run import (
    Following,
    FollowOptions as RunFollowOptions,
    Looked,
    PollingEnd,
    RunRecord,
    RunToFollow,
    follow_run,
    runs_to_follow,
)

_EVERY = 25
_ASKED_TO_STOP = (130, 143)


@dataclass(frozen=True, slots=True)
class _Followed:
    """How it ended: `signalled` is the signal's exit code; `ahead`, calls to ring at people who have opted out."""

    end: PollingEnd
    signalled: int | None
    ahead: list[dict[str, Any]]


def follow(options: FollowOptions, terminal: Terminal) -> int:
    """The command `follow`."""
    say = _discard if options.quiet else terminal.as_log().say
    if options.notify_url is not None:
        checked_notify_url(options.notify_url)
    with opened_ledger(terminal) as ledger:
        if options.run_name is None:
            return _follow_all(ledger, options=options, terminal=terminal, say=say)
        code, followed = _follow_one(ledger, options.run_name, options=options, terminal=terminal, say=say)
    if options.as_json:
        echo_json(followed)
    return code


def _follow_all(ledger: Ledger, *, options: FollowOptions, terminal: Terminal, say: Callable[[str], None]) -> int:
    codes, all_followed = list[int](), list[dict[str, Any]]()
    for name in runs_to_follow(ledger):
        try:
            code, followed = _follow_one(ledger, name, options=options, terminal=terminal, say=say)
        except UsageError as error:
            # The others may be at another service, or have a file that can be written.
            tell(f"campaign: {error_line(error)}")
            code, followed = (
                error.exit_code,
                {"run": name, "error": error_dict(error, mask=str), "exit_code": error.exit_code},
            )
        codes.append(code)
        all_followed.append(followed)
        if code in _ASKED_TO_STOP:
            break
    if not codes:
        say("every call of every run is known to be over")
    if options.as_json:
        echo_json(all_followed)
    return max(codes, default=0)


def _follow_one(
    ledger: Ledger, name: str, *, options: FollowOptions, terminal: Terminal, say: Callable[[str], None]
) -> tuple[int, dict[str, Any]]:
    """Follows a run; returns its exit code, and what a program reads of it."""
    to_follow = follow_run(
        ledger,
        name,
        options=RunFollowOptions(
            watch=options.watch,
            deadline=options.deadline,
            rate=options.rate,
            results=options.results,
            sandbox=options.sandbox,
            trust_clock=options.trust_clock,
        ),
        context=terminal,
    )
    done = anyio.run(partial(_follow, to_follow, rate=options.rate, verbose=options.verbose, say=say))
    if (written := to_follow.write_results()) is None:
        say("another process holds the run: the results are written when it ends, or by: campaign results")
    code = to_follow.exit_code(done.end, signalled=done.signalled)
    if options.notify_url is not None:
        counts = {end.value: count for end, count in done.end.counts.ends.items()} | {"open": done.end.counts.open}
        path = None if written is None else str(written)
        trouble = notify(
            options.notify_url, event="follow", run=name, code=code, counts=counts, results=path, context=terminal
        )
        if trouble is not None:
            tell(f"campaign: the summary was not taken: {trouble}")
    _tell(to_follow.record, done.end, say=say)
    if written is not None and not options.as_json:
        echo(str(written))
    return code, _as_dict(to_follow.record, done, code=code, results=written)


async def _follow(to_follow: RunToFollow, *, rate: float, verbose: bool, say: Callable[[str], None]) -> _Followed:
    name = to_follow.record.name
    with stopping_on_signals(word="stopping; what was found is written down (again to leave at once)") as stopping:
        async with to_follow.follow(stop=stopping.event) as followed:
            left = to_follow.open_calls()
            say(f"run {name}: {counted(left, 'call')} to look at, {rate:g} a second")
            ahead = await _show(followed, verbose=verbose, left=left, say=say)
        if followed.end is None:
            raise CampaignError(f"run {name}: following ended without an account; see: campaign status")
        return _Followed(followed.end, stopping.exit_code, ahead)


async def _show(followed: Following, *, verbose: bool, left: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Shows what happens; returns the calls ahead to people who have opted out."""
    ends, ahead = Counter[CallEnd](), list[dict[str, Any]]()
    async for event in followed.events():
        for line in follow_lines(event, verbose=verbose):
            say(line)
        if isinstance(event, Looked):
            ahead += map(ahead_dict, event.ahead)
        if isinstance(event, Looked) and event.is_new and event.outcome.end is not None:
            ends[event.outcome.end] += 1
            if not verbose and ends.total() % _EVERY == 0:
                say(f"{ends.total()} of {max(left, ends.total())} calls over: {tally(ends)}")
    return ahead


def _tell(record: RunRecord, end: PollingEnd, *, say: Callable[[str], None]) -> None:
    if end.stop is not None:
        tell(f"campaign: stopped: {end.stop.why}")
    ends = tally(Counter(end.counts.ends)) or "none is over"
    say(
        f"run {record.name}: {ends}" + (f"; {end.counts.on_the_way} not known to be over" * bool(end.counts.on_the_way))
    )
    if end.counts.on_the_way:
        say(f"go on with: campaign follow {record.name}")
    for line in _next_steps(record, end):
        say(line)


def _next_steps(record: RunRecord, end: PollingEnd) -> list[str]:
    steps = []
    if end.waiting:
        steps.append(f"{end.waiting} still pending; go on with: campaign resume {record.name}")
    if end.due:
        steps.append(f"{counted(end.due, 'row')} due to be called again: campaign resume {record.name}")
    if end.next_again is not None:
        steps.append(
            f"the next call is to be made again at {local_time(end.next_again)}: "
            f"campaign follow {record.name} --watch does it at its time, campaign resume {record.name} after it"
        )
    return steps


def _as_dict(record: RunRecord, done: _Followed, *, code: int, results: Path | None) -> dict[str, Any]:
    end = done.end
    return {
        "run": record.name,
        "outcomes": {ended.value: count for ended, count in end.counts.ends.items()},
        "not_known_to_be_over": end.counts.on_the_way,
        "pending": end.waiting,
        "due": end.due,
        "next_again": end.next_again.isoformat() if end.next_again else None,
        "calls_ahead_to_opted_out": done.ahead,
        "stopped": end.stop.why if end.stop else None,
        "results": str(results) if results else None,
        "exit_code": code,
    }


def _discard(_line: str) -> None:
    """Drops a line, for --quiet."""
