"""View of a run for its page, from the ledger and from what this server does with it."""

from datetime import datetime, timedelta

from campaign.domain.model import RowState
from campaign.presentation.page.runs.run_bar import run_line
from campaign.presentation.page.runs.run_view import (
    RunView,
    end_counts,
    ending_of,
    mask_of,
    minutes_plot,
    speed_facts,
    trouble_of,
)
from campaign.presentation.page.runs.run_words import idle_words, phase_words
from campaign.usecases.context import Ledger
from campaign.usecases.dialling.pace import asked_for, run_pace
from campaign.usecases.serving.dialling import WhyEnded, ordered_of
from campaign.usecases.serving.orders import order_of
from campaign.usecases.watching.run import WatchedRun, watch_run
from campaign.web.dialling.live import Snapshot
from campaign.web.site import Site

_ATTEMPTS_SHOWN = 12
_LINES_SHOWN = 12
_RECENT = timedelta(seconds=20)
"""A call so recent means that some process dials, where the system does not say who holds what."""


def is_live(site: Site, run: WatchedRun, ledger: Ledger) -> bool:
    """Whether the run may change by itself: this server, or another process, works on it."""
    here = site.desk.snapshot(run.record.name)
    if (here is not None and not here.is_over) or run.is_held:
        return True
    last = ledger.read.runs.last_claim(run.record.id) if run.waiting else None
    return last is not None and site.around.now() - last < _RECENT


def run_view(site: Site, ledger: Ledger, name: str, *, is_viewer: bool) -> RunView:
    """All that moves on the run's page.

    Raises:
        UsageError: there is no such run.
    """
    run, now = watch_run(ledger, name), site.around.now()
    record, mask = run.record, mask_of(is_viewer=is_viewer)
    here = site.desk.snapshot(name)
    active = here if here is not None and not here.is_over else None
    minutes = site.watcher.minutes(ledger, record.id)
    attempts = [ending_of(one, mask=mask) for one in ledger.read.runs.watch.attempts(record.id, most=_ATTEMPTS_SHOWN)]
    lines = [(f"{at.astimezone():%H:%M:%S}", mask(line)) for at, line in reversed(here.lines)] if here else []
    return RunView(
        line=run_line(run.report),
        now=_now_words(run, active, begun=bool(minutes), now=now),
        facts=speed_facts(
            minutes,
            asked=asked_for(run_pace(ledger, name).plan),
            left=active.left if active else None,
            now=now,
        ),
        plot=minutes_plot(minutes),
        endings=attempts,
        ends=end_counts(site.watcher.ends(ledger, record.id)),
        lines=lines[:_LINES_SHOWN],
        trouble=trouble_of(None if active else _why_ended(ledger, name, here=here, now=now), mask=mask),
        may=_may(run, active) if not is_viewer else frozenset(),
        is_live=is_live(site, run, ledger),
    )


def _why_ended(ledger: Ledger, name: str, *, here: Snapshot | None, now: datetime) -> WhyEnded | None:
    """Why the run was given up: as its order says, or, where that could not be written, as this server knows."""
    order = order_of(ledger, name)
    if order is not None and (ended := ordered_of(order).ended) is not None:
        return ended
    if here is not None and here.phase == "failed" and here.trouble:
        return WhyEnded(by="failed", text=here.trouble, at=here.lines[-1][0] if here.lines else now)
    return None


def _now_words(run: WatchedRun, active: Snapshot | None, *, begun: bool, now: datetime) -> str:
    if active is not None:
        return phase_words(active.phase, until=active.until, now=now, waiting=run.waiting)
    if run.is_held:
        return "Another process works on this run, in a terminal perhaps. It is shown here, and not touched."
    return idle_words(waiting=run.waiting, begun=begun, forgotten=run.forgotten)


def _may(run: WatchedRun, active: Snapshot | None) -> frozenset[str]:
    """What may be done with the run now."""
    if run.forgotten is not None:
        return frozenset()
    rejected, unknown = run.count(RowState.REJECTED), run.count(RowState.UNKNOWN)
    failed = {"rerun"} if rejected else set[str]()
    if active is not None and active.phase == "following":
        return frozenset({"stop following", "pace"} | failed | ({"resume"} if run.waiting else set()))
    if active is not None:
        return frozenset({"stop", "pace"})
    if run.is_held:
        return frozenset({"pace"})
    waiting = {"resume", "cancel", "pace"} if run.waiting else set[str]()
    follow = {"follow"} if run.count(RowState.CREATED) and not run.waiting else set[str]()
    return frozenset(waiting | follow | failed | ({"resolve"} if unknown else set()) | {"forget"})
