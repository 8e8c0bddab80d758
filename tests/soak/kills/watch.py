"""Real schedulers on a home whose schedules are due."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from campaign.ledger.records.schedules import ScheduleDraft
from campaign.ledger.store import open_ledger
from campaign.scheduler.definitions import PresetAnswers
from tests.soak.campaigner import StandIn, Start, environment
from tests.soak.checking.checker import KEY
from tests.soak.launched import Launch
from tests.soak.sheets import TEMPLATE, phones, write_sheet
from tests.soak.starting import from_warm_beside

IN_FLIGHT = 4
_GLANCE_SECONDS = 0.005
_LONGEST_SECONDS = 100.0


def _finish(path: Path) -> None:
    """Gives a file an old time, as programs do that put whole files in place: it need not be waited for."""
    os.utime(path, (1_700_000_000, 1_700_000_000))


@dataclass
class Watch:
    """A ledger with schedules that are due, and the schedulers that are started on it."""

    folder: Path
    place: StandIn
    starts: list[Start] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def add(self, *, schedules: int, people: int) -> None:
        """Each with people of its own, added ten minutes ago and due five minutes ago."""
        now = datetime.now(UTC)
        template = self.folder / "template.toml"
        template.write_text(TEMPLATE.format(call_again_after="20h"), encoding="utf-8")
        _finish(template)
        answers = PresetAnswers(skip_invalid=True, rate=100, max_in_flight=IN_FLIGHT)
        sheet = self.folder / "sheet.csv"
        write_sheet(sheet, rows=schedules * people)
        head, *rows = sheet.read_text("utf-8").splitlines(keepends=True)
        with open_ledger(self.home, now=lambda: now - timedelta(minutes=10)) as ledger:
            for number in range(schedules):
                part = self.folder / f"part{number}.csv"
                part.write_text(head + "".join(rows[number::schedules]), encoding="utf-8")
                _finish(part)
                draft = ScheduleDraft(
                    name=f"s{number}",
                    timezone="Europe/Berlin",
                    cron=None,
                    at=now - timedelta(minutes=5),
                    sheet=str(part),
                    template=str(template),
                    service="loopback",
                    answers=answers.model_dump_json(),
                    results_folder=str(self.folder / "results"),
                    grace_seconds=3600,
                    notify_url=None,
                )
                ledger.schedules.add(draft)

    def start(self, *flags: str) -> Start:
        output = self.folder / f"output-{len(self.starts):04d}.txt"
        with output.open("wb") as file:
            process = from_warm_beside(
                Launch(),
                ("schedule", "run", *flags),
                output=file.fileno(),
                folder=self.folder,
                environment=environment(
                    CAMPAIGN_HOME=str(self.home), AICALLER_BASE_URL=self.place.url, AICALLER_API_KEY=KEY
                ),
            )
        self.starts.append(Start(process=process, output=output))
        return self.starts[-1]

    def rings(self) -> int:
        return self.place.truth.read_bytes().count(b"\n") if self.place.truth.exists() else 0

    def has_rung(self, wanted: int) -> bool:
        return self.rings() >= wanted

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / "ledger.db")) as connection:
            return connection.execute(question).fetchall()

    def is_over(self) -> bool:
        return self.ask("SELECT count(*) FROM firing WHERE state = 'ended'") == self.ask(
            "SELECT count(*) FROM schedule"
        )

    def until(self, reached: Callable[[], bool]) -> bool:
        """Waits for a state; False if every start has ended before."""
        for _ in range(int(_LONGEST_SECONDS / _GLANCE_SECONDS)):
            if reached():
                return True
            if all(start.process.poll() is not None for start in self.starts):
                return reached()
            time.sleep(_GLANCE_SECONDS)
        raise AssertionError(f"nothing happened for {_LONGEST_SECONDS} s: {self.starts[-1].said()}")

    def kill(self) -> int:
        """Kills all starts; how many of them were alive."""
        alive = [start for start in self.starts if start.process.poll() is None]
        return sum(start.send(signal.SIGKILL) == -signal.SIGKILL for start in alive)

    def check(self, *, schedules: int, people: int, kills: int) -> None:
        """One firing and one run for each instant; everybody is called once, or is unknown after a kill."""
        assert self.ask("SELECT state, count(*), count(DISTINCT run_id) FROM firing") == [
            ("ended", schedules, schedules)
        ]
        assert self.ask("SELECT count(*) FROM run WHERE state = 'ready'") == [(schedules,)]
        truth = [line.split('"phone": "')[1].split('"')[0] for line in self.place.truth.read_text().splitlines()]
        assert len(truth) == len(set(truth)), "somebody was called twice"
        question = "SELECT sheet_row.state FROM sheet_row JOIN run ON run.id = run_id WHERE run.state = 'ready'"
        states = [state for (state,) in self.ask(question)]
        created, unknown = states.count("created"), states.count("unknown")
        assert created + unknown == schedules * people
        assert unknown <= kills * IN_FLIGHT * schedules
        assert created <= len(truth) <= created + unknown
        assert set(truth) <= set(phones(schedules * people))
        assert len(list((self.folder / "results").rglob("*.results.csv"))) == schedules
