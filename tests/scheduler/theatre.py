"""A stage for schedulers: a real ledger, a clock that is told, and runs that take their time without a call.

Two schedulers are two ledgers on one folder. While a run of the one takes its time, the other may look; either may be
killed at any step, which lets go of its locks as the system does, and leaves in the ledger what stands in it.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from campaign.domain.cures import Cure, Message
from campaign.engine.stop import StopRequest
from campaign.ledger.records.runs import Draft
from campaign.ledger.records.schedules import FiringRecord, ScheduleDraft, ScheduleRecord
from campaign.ledger.store import Ledger, open_ledger
from campaign.scheduler.definitions import PresetAnswers, named_schedule, timetable_of
from campaign.scheduler.firing import FiringEnd
from campaign.scheduler.ports import SchedulerPorts
from campaign.scheduler.tick import InstantReport, fire_at_once, tick
from tests.loading import begun, published

START = datetime(2027, 3, 15, 6, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone: nothing after this is done, not even what follows any error."""


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)


class Theatre:
    """Everything that outlives a scheduler.

    Attributes:
        begun: (schedule, instant) -> the runs that were made for it, in order.
        meanwhile: done at each step of a run, which takes as many as `steps`, of `step_minutes` each.
    """

    def __init__(self, home: Path) -> None:
        self.home, self.clock = home, Clock()
        self.begun: dict[tuple[str, datetime], list[str]] = defaultdict(list)
        self.worded: list[Cure] = []
        self.meanwhile: Callable[[str], None] = lambda _step: None
        self.steps, self.step_minutes = 0, 5

    def add(self, name: str, *, cron: str | None = None, at: datetime | None = None, grace: str = "3600") -> None:
        draft = ScheduleDraft(
            name=name,
            timezone="Europe/Berlin",
            cron=cron,
            at=at,
            sheet="/nowhere/sheet.csv",
            template="/nowhere/template.toml",
            service="sandbox",
            answers=PresetAnswers(sandbox=True).model_dump_json(),
            results_folder="/nowhere",
            grace_seconds=int(grace),
            notify_url=None,
        )
        with open_ledger(self.home, now=self.clock) as ledger:
            ledger.schedules.add(draft)

    def words(self, message: Message) -> str:
        """In the place of a front: the facts alone, and the cures kept aside."""
        self.worded += message.cures
        return str(message)

    def fire(
        self, ledger: Ledger, schedule: ScheduleRecord, firing: FiringRecord, *, around: SchedulerPorts
    ) -> FiringEnd | None:
        """In the place of `firing.fire`: loads and publishes a run as it does, and takes its time."""
        self.meanwhile("claimed")
        if around.stop.asked:
            return None
        name = firing.run
        if name is None:
            draft = Draft(service="sandbox", template_fingerprint="t", sheet="s", header=("a",), plan="{}")
            loading = begun(ledger, draft)
            self.meanwhile("loading")
            stem = f"{schedule.name}-{firing.instant:%Y-%m-%d}"
            name = published(ledger, loading, stem=stem, again=True, firing_id=firing.id).run
            self.begun[schedule.name, firing.instant].append(name)
        for _ in range(self.steps):
            self.clock.passes(minutes=self.step_minutes)
            self.meanwhile("dialling")
        return FiringEnd("ended", exit_code=0, run=name)


class Scheduler:
    """One process: a ledger of its own; killed, it is another process afterwards."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre, self._open = theatre, ExitStack()
        self.stop = StopRequest()
        self._start()

    def round(self) -> list[InstantReport]:
        """Sees to every schedule."""
        return [
            told
            for record in self.ledger.schedules.all()
            for told in tick(self.ledger, record, around=self._around(), fire=self._theatre.fire)
        ]

    def at_once(self, name: str) -> list[InstantReport]:
        """Fires one schedule because somebody asks for it."""
        record = named_schedule(self.ledger, name)
        return list(fire_at_once(self.ledger, record, around=self._around(), fire=self._theatre.fire))

    def _around(self) -> SchedulerPorts:
        return SchedulerPorts(
            environment={},
            now=self._theatre.clock,
            wait=_nothing,
            stop=self.stop,
            on_event=_nothing,
            wording=self._theatre.words,
        )

    def restart(self) -> None:
        self._open.close()
        self._start()

    def close(self) -> None:
        self._open.close()

    def _start(self) -> None:
        self.ledger = self._open.enter_context(open_ledger(self._theatre.home, now=self._theatre.clock))


def firings(theatre: Theatre, name: str) -> list[FiringRecord]:
    with open_ledger(theatre.home, now=theatre.clock) as ledger:
        [record] = [each for each in ledger.schedules.all() if each.name == name]
        return ledger.schedules.firings(record.id)


def states(theatre: Theatre, name: str) -> list[tuple[str, str]]:
    """(hour and minute in UTC, state) of each instant that was seen to."""
    return [(f"{firing.instant:%H:%M}", firing.state) for firing in firings(theatre, name)]


class Fate:
    """What happens during runs: the other one looks, or somebody is killed."""

    def __init__(self, theatre: Theatre, *, seed: int, kills: float) -> None:
        self._theatre, self._chance, self._kills = theatre, random.Random(seed), kills
        self._cast = (Scheduler(theatre), Scheduler(theatre))
        self._on_stage: list[Scheduler] = []
        self.killed = 0
        theatre.meanwhile = self._step

    def play(self, *, until: datetime) -> None:
        """Both look soon after each instant, sometimes late, with some outages, and once more after a kill."""
        clock = self._theatre.clock
        while clock.at < until:
            clock.at = self._next_instant()
            self._theatre.steps = self._chance.choice((0, 0, 1, 3))
            self._theatre.step_minutes = self._chance.choice((5, 5, 20, 180))
            clock.passes(minutes=self._chance.choice((0, 1, 1, 5, 20, 45, 45, 600)))
            killed = self.killed
            for scheduler in self._chance.sample(self._cast, k=2):
                self._looks(scheduler)
            if self.killed > killed:
                clock.passes(minutes=self._chance.choice((1, 5, 30, 200)))
                self._looks(self._chance.choice(self._cast))

    def end(self) -> None:
        """No more kills; whatever is open is ended, and what is due is seen to."""
        self._theatre.meanwhile = lambda _step: None
        # A run that took hours would let instants pass that nobody looks at any more.
        self._theatre.steps = 0
        for scheduler in self._cast:
            self._looks(scheduler)
            scheduler.close()

    def _next_instant(self) -> datetime:
        now = self._theatre.clock.at
        coming = [timetable_of(record).following(now, most=1) for record in self._cast[0].ledger.schedules.all()]
        return min(instant for instants in coming for instant in instants)

    def _looks(self, scheduler: Scheduler) -> None:
        self._on_stage.append(scheduler)
        try:
            scheduler.round()
        except Killed:
            self.killed += 1
            scheduler.restart()
        finally:
            self._on_stage.pop()

    def _step(self, _step: str) -> None:
        others = [each for each in self._cast if each not in self._on_stage]
        if others and self._chance.random() < 0.3:
            self._looks(others[0])
        if self._chance.random() < self._kills:
            raise Killed


def _nothing(*_: object) -> None:
    return None
