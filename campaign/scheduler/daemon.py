"""Scheduler daemon: fires all schedules of a ledger, once or until stopped; several fire in parallel.

Each firing has a thread, a ledger and an event loop of its own, as a `campaign run` has; what they share is the disk.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Any

import anyio
import anyio.to_thread

from campaign.config.database import LedgerPlace
from campaign.domain.errors import CampaignError, OpenFilesError
from campaign.domain.instants import to_text
from campaign.domain.system_errors.open_files import NO_OPEN_FILES_LEFT, is_of_open_files
from campaign.followup.notification import REASONS, post_json, posting_from, summary_text
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.schedules import ScheduleRecord
from campaign.ledger.store import open_ledger
from campaign.scheduler.definitions import named_schedule, since_of, timetable_of
from campaign.scheduler.events import SummaryRefused
from campaign.scheduler.ports import SchedulerPorts
from campaign.scheduler.tick import InstantReport, fire_at_once, is_due, tick

MOST_AT_ONCE = 16
# Checked so often even if nothing is due: schedules are added, clocks are set, laptops sleep.
_LOOK_EVERY_SECONDS = 20.0


class Scheduler:
    """See the module. `tell` is called for every instant that was handled, from any thread."""

    def __init__(self, place: LedgerPlace, *, around: SchedulerPorts, tell: Callable[[InstantReport], None]) -> None:
        self._place, self._around, self._tell = place, around, tell
        self._busy = set[int]()
        self._trouble: CampaignError | None = None

    async def once(self) -> None:
        """Fires what is due, and returns when that has ended.

        Raises:
            LedgerError: the ledger or its disk is in trouble.
        """
        with self._opened() as ledger:
            await self._until_done(ledger, keep_running=False)

    async def run(self) -> None:
        """Fires until it is asked to stop.

        Raises:
            LedgerError: the ledger or its disk is in trouble.
        """
        with self._opened() as ledger:
            await self._until_done(ledger, keep_running=True)

    async def at_once(self, name: str) -> None:
        """Fires the schedule of that name now, once, whatever its timetable says.

        Raises:
            UsageError: there is none, or it is paused.
            BusyError: a firing of it is under way.
            LedgerError: the ledger or its disk is in trouble.
        """
        with self._opened() as ledger:
            record = named_schedule(ledger, name)
            await anyio.to_thread.run_sync(partial(self._tick_and_notify, ledger, record, tick=fire_at_once))

    def _opened(self) -> AbstractContextManager[Ledger]:
        return open_ledger(self._place.home, now=self._around.now, address=self._place.address)

    async def _until_done(self, ledger: Ledger, *, keep_running: bool) -> None:
        limiter = anyio.CapacityLimiter(MOST_AT_ONCE)
        with self._around.stop.heard() as stop:
            async with anyio.create_task_group() as tasks:
                while not self._around.stop.asked:
                    for record in ledger.schedules.all():
                        if record.id not in self._busy and is_due(ledger, record):
                            self._busy.add(record.id)
                            tasks.start_soon(partial(self._guarded_tick, ledger, record, limiter=limiter))
                    if not keep_running:
                        break
                    with anyio.move_on_after(_seconds_to_next(ledger, now=self._around.now())):
                        await stop.wait()
        if self._trouble is not None:
            raise self._trouble

    async def _guarded_tick(self, ledger: Ledger, record: ScheduleRecord, *, limiter: anyio.CapacityLimiter) -> None:
        try:
            await anyio.to_thread.run_sync(self._tick_and_notify, ledger, record, limiter=limiter)
        except CampaignError as error:
            # A failing ledger concerns all schedules: the others stop gracefully, and then it is raised.
            self._trouble = error
            self._around.stop.ask()
        except OSError as error:
            if not is_of_open_files(error):
                raise
            self._trouble = OpenFilesError(NO_OPEN_FILES_LEFT)
            self._around.stop.ask()
        finally:
            self._busy.discard(record.id)

    def _tick_and_notify(
        self, opened: Ledger, record: ScheduleRecord, *, tick: Callable[..., Iterator[InstantReport]] = tick
    ) -> None:
        missed: list[InstantReport] = []
        with opened.beside() as ledger:
            for told in tick(ledger, record, around=self._around):
                self._tell(told)
                if told.ended is not None:
                    notify(told, around=self._around)
                elif told.state == "missed":
                    missed.append(told)
        if missed:  # One post for all of them: a night without a scheduler must not cause hundreds of posts.
            notify(missed[-1], around=self._around, missed=len(missed))


def notify(told: InstantReport, *, around: SchedulerPorts, missed: int = 0) -> None:
    """Posts the summary of a firing to the schedule's address, if it has one; a failure is only reported."""
    url = told.schedule.notify_url
    if url is None:
        return
    posted = partial(post_json, url, {**summary_of(told), "missed": missed}, posting=posting_from(around.environment))
    if (trouble := anyio.run(posted)) is not None:
        around.on_event(told.schedule.name, SummaryRefused(trouble))


def summary_of(told: InstantReport) -> Mapping[str, Any]:
    """The summary that is posted: counts only. No name, number or cell of the sheet; reasons would quote those."""
    ended = told.ended
    counts = dict(ended.counts) if ended else {}
    results = str(ended.results) if ended and ended.results else None
    reason = REASONS.get(told.exit_code) if told.state == "ended" else told.state
    subject = f"schedule {told.schedule.name}" + (f", run {ended.run}" if ended and ended.run else "")
    return {
        "schedule": told.schedule.name,
        "instant": to_text(told.instant),
        "state": told.state,
        "exit_code": told.exit_code,
        "run": ended.run if ended else None,
        "counts": counts,
        "reason": reason,
        "results": results,
        "text": summary_text(subject, counts=counts, reason=reason, results=results),
    }


def _seconds_to_next(ledger: Ledger, *, now: datetime) -> float:
    coming = (
        (each - now).total_seconds()
        for record in ledger.schedules.all()
        for each in timetable_of(record).following(max(now, since_of(ledger, record)), most=1)
    )
    return min([_LOOK_EVERY_SECONDS, *coming])
