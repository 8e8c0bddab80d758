"""`follow`: what became of a run's calls, looked up until it is known; with --watch, calls made again that are due."""

import json
import os
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import click

from campaign.cli.signals import stopping_on_signals
from campaign.config.settings import home_from
from campaign.domain.call_outcome import CallEnd
from campaign.domain.clock import WallClock
from campaign.domain.errors import CampaignError
from campaign.engine.account import CallingAccount, calling_account_from
from campaign.export.overwrite_guard import refuse_foreign
from campaign.followup.follow import FollowEnd, Following
from campaign.followup.session import FollowFlags, following, write_followed
from campaign.ledger.outcomes.queries import count_outcomes
from campaign.ledger.outcomes.writes import Looked
from campaign.ledger.queries.runs import RunRecord
from campaign.ledger.store import Ledger, open_ledger
from campaign.preparation.continue_run import named_run, plan_of_record, refuse_other_service, results_path
from campaign.presentation.follow_events import follow_lines
from campaign.presentation.outcomes import tally
from campaign.presentation.wording import counted

_EVERY = 25


@dataclass(frozen=True, slots=True)
class _Shown:
    """What of it is shown."""

    as_json: bool
    quiet: bool
    verbose: bool

    def say(self, line: str) -> None:
        if not self.quiet:
            click.echo(line, err=True)


def follow(  # noqa: PLR0913 - the flags of the verb
    *,
    run_name: str,
    watch: bool,
    deadline: timedelta | None,
    rate: float,
    results: Path | None,
    sandbox: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """The verb `follow`."""
    shown, clock = _Shown(as_json, quiet, verbose), WallClock()
    with open_ledger(home_from(os.environ), now=clock.now) as ledger:
        record = named_run(ledger, run_name)
        place = calling_account_from(os.environ, sandbox=sandbox, fault=None, seed=0)
        refuse_other_service(record, service=place.service)
        flags = FollowFlags(
            plan=plan_of_record(record, rate=None, max_in_flight=None),
            watch=watch,
            deadline=None if deadline is None else clock.now() + deadline,
            rate=rate,
            results=results_path(record, asked=results),
        )
        refuse_foreign(flags.results)
        end, signalled = anyio.run(partial(_follow, ledger, record, flags=flags, place=place, shown=shown))
        if (written := write_followed(ledger, record, plan=flags.plan, path=flags.results)) is None:
            shown.say("another process holds the run: the results are written when it ends, or by: campaign results")
    code = _exit_code(end, signalled=signalled)
    _tell(record, end, code=code, results=written, shown=shown)
    return code


async def _follow(
    ledger: Ledger, record: RunRecord, *, flags: FollowFlags, place: CallingAccount, shown: _Shown
) -> tuple[FollowEnd, int | None]:
    with stopping_on_signals(word="stopping; what was found is written down (again to leave at once)") as stopping:
        async with following(
            ledger, record, flags=flags, place=place, clock=WallClock(), stop=stopping.event, environment=os.environ
        ) as followed:
            counts = count_outcomes(ledger.reading, record.id)
            shown.say(f"run {record.name}: {counted(counts.open, 'call')} to look at, {flags.rate:g} a second")
            await _show(followed, shown=shown, left=counts.open)
        if followed.end is None:
            raise CampaignError(f"run {record.name}: following ended without an account; see: campaign status")
        return followed.end, stopping.exit_code


async def _show(followed: Following, *, shown: _Shown, left: int) -> None:
    ends = Counter[CallEnd]()
    async for event in followed.events():
        for line in follow_lines(event, verbose=shown.verbose):
            shown.say(line)
        if isinstance(event, Looked) and event.is_new and event.outcome.end is not None:
            ends[event.outcome.end] += 1
            if not shown.verbose and ends.total() % _EVERY == 0:
                shown.say(f"{ends.total()} of {max(left, ends.total())} calls over: {tally(ends)}")


def _exit_code(end: FollowEnd, *, signalled: int | None) -> int:
    if end.stop is not None:
        return int(end.stop.code)
    if signalled is not None:
        return signalled
    return 1 if end.counts.on_the_way else 0


def _tell(record: RunRecord, end: FollowEnd, *, code: int, results: Path | None, shown: _Shown) -> None:
    if end.stop is not None:
        click.echo(f"campaign: stopped: {end.stop.why}", err=True)
    ends = tally(Counter(end.counts.ends)) or "none is over"
    shown.say(
        f"run {record.name}: {ends}" + (f"; {end.counts.on_the_way} not known to be over" * bool(end.counts.on_the_way))
    )
    if end.counts.on_the_way:
        shown.say(f"go on with: campaign follow {record.name}")
    for line in _next_steps(record, end):
        shown.say(line)
    if shown.as_json:
        click.echo(json.dumps(_as_dict(record, end, code=code, results=results), indent=2))
    elif results is not None:
        click.echo(str(results))


def _next_steps(record: RunRecord, end: FollowEnd) -> list[str]:
    steps = []
    if end.waiting:
        steps.append(f"{end.waiting} still pending; go on with: campaign resume {record.name}")
    if end.due:
        steps.append(f"{counted(end.due, 'row')} due to be called again: campaign resume {record.name}")
    if end.next_again is not None:
        steps.append(
            f"the next call is to be made again at {end.next_again:%Y-%m-%d %H:%M} UTC: "
            f"campaign follow {record.name} --watch does it at its time, campaign resume {record.name} after it"
        )
    return steps


def _as_dict(record: RunRecord, end: FollowEnd, *, code: int, results: Path | None) -> dict[str, Any]:
    return {
        "run": record.name,
        "outcomes": {ended.value: count for ended, count in end.counts.ends.items()},
        "not_known_to_be_over": end.counts.on_the_way,
        "pending": end.waiting,
        "due": end.due,
        "next_again": end.next_again.isoformat() if end.next_again else None,
        "stopped": end.stop.why if end.stop else None,
        "results": str(results) if results else None,
        "exit_code": code,
    }
