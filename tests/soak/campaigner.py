"""Starts the real program against a stand-in that outlives it, and ends it at every kind of moment.

stand-in (with the tests, truth log, faults, never killed)
    ^
start --> SIGKILL --> start --> SIGTERM --> start --> ... --> resume until nothing is pending --> check
"""

import csv
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FaultPlan
from tests.forked import Process
from tests.in_thread import in_thread
from tests.soak.checking.checker import KEY, Evidence, Tally, check, open_ledger_file
from tests.soak.launched import Launch
from tests.soak.sheets import TEMPLATE, read_sheet, write_sheet
from tests.soak.starting import Spawn, from_warm_beside

RUN = "soak"
MAX_IN_FLIGHT = 16
# These are about the dialling alone: what is lost here must be seen to stay lost.
PACE = ("--rate", "500", "--max-in-flight", str(MAX_IN_FLIGHT), "--no-audit")

# Nothing in these runs takes longer than a few seconds; what does has hung.
_LONGEST_START_SECONDS = 100.0
_GLANCE_SECONDS = 0.001
_UNCOUNTED = Tally(max_in_flight=MAX_IN_FLIGHT)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A running stand-in: where it answers, and where it writes down whose phone rang."""

    url: str
    truth: Path


@contextmanager
def stand_in(folder: Path, *, faults: str = "", seed: int = 0, latency: float = 0.0, **more: Any) -> Iterator[StandIn]:
    """Runs the stand-in, outside of every process that is killed, while the block lasts; `more` configures it."""
    truth = folder / "truth.jsonl"
    plan = FaultPlan.parse(faults, seed=seed)
    config = SandboxConfig(faults=plan, seed=seed, latency=latency, truth=truth, **more)
    with in_thread(config) as sandbox:
        yield StandIn(url=sandbox.base_url, truth=truth)


@dataclass(slots=True, kw_only=True)
class Start:
    """One start of the program."""

    process: Process
    output: Path

    def end(self) -> int:
        """Waits for its end; its exit code, negative for a signal's number."""
        try:
            return self.process.wait(timeout=_LONGEST_START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=_LONGEST_START_SECONDS)
            raise AssertionError(f"it did not end: {self.output.name}\n{self.said()}") from None

    def send(self, number: signal.Signals) -> int:
        """Sends it a signal and waits for its end; a start that has ended already keeps its exit code."""
        self.process.send_signal(number)
        return self.end()

    def said(self) -> str:
        """All that it has said on stdout and stderr."""
        return self.output.read_text(encoding="utf-8")


@dataclass(slots=True, kw_only=True)
class Camp:
    """One sheet, one ledger, one stand-in; every start of the program, and what each left on the disk.

    Attributes:
        folder: everything that the program is to read and write.
        place: the stand-in.
        launch: the circumstances of every start.
        flags: more flags for every start.
        spawn: how a start becomes a process.
        ring: what stands once in every line of the truth log that is a ring of this run.
        told: row number -> what a results file said of it at some time: a later start must not go back on it.
    """

    folder: Path
    place: StandIn
    launch: Launch = field(default_factory=Launch)
    flags: tuple[str, ...] = PACE
    spawn: Spawn = from_warm_beside
    ring: bytes = b"\n"
    starts: list[Start] = field(default_factory=list)
    told: dict[int, tuple[str, str]] = field(default_factory=dict)
    more_environment: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    @property
    def sheet(self) -> Path:
        return self.folder / "sheet.csv"

    @property
    def template(self) -> Path:
        return self.folder / "template.toml"

    @property
    def results(self) -> Path:
        return self.folder / "results.csv"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def prepare(self, *, rows: int, call_again_after: str = "72h") -> None:
        """Writes the sheet, with `rows` numbers to call, and its template."""
        write_sheet(self.sheet, rows=rows)
        self.template.write_text(TEMPLATE.format(call_again_after=call_again_after), encoding="utf-8")

    def run(self, *flags: str, sheet: Path | None = None) -> Start:
        """Starts `campaign run` on the sheet."""
        named = ("--name", RUN) if sheet is None else ()
        return self._start("run", str(sheet or self.sheet), "-t", str(self.template), *named, *flags)

    def resume(self, *flags: str) -> Start:
        """Starts `campaign resume`."""
        return self._start("resume", RUN, *flags)

    def rerun(self, *flags: str) -> Start:
        """Starts `campaign rerun`."""
        return self._start("rerun", RUN, *flags)

    def beside(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another verb on the same home, to its end; both of its outputs in `stdout`."""
        output = self.folder / f"beside-{len(list(self.folder.glob('beside-*')))}.txt"
        with output.open("wb") as file:
            process = from_warm_beside(
                Launch(), arguments, output=file.fileno(), folder=self.folder, environment=self.environment()
            )
            try:
                code = process.wait(timeout=_LONGEST_START_SECONDS)
            finally:
                process.kill()
        return subprocess.CompletedProcess(arguments, code, stdout=output.read_text(encoding="utf-8"))

    def has_rung(self) -> bool:
        """Whether any phone has."""
        return self.place.truth.stat().st_size > 0

    def await_ring(self, start: Start, *, rings: int = 1) -> bool:
        """Waits until the start dials, and that many more phones have rung; False when it ended before."""
        rung = self._more_lines(rings)
        # A call that a killed start had sent may reach the stand-in only now: a ring alone does not say who dials.
        return self.await_state(start, lambda: rung() and "to call; results in" in start.said())

    def await_state(self, start: Start, reached: Callable[[], bool]) -> bool:
        """Waits until the state is reached; False when the start ended before."""
        for _ in range(int(_LONGEST_START_SECONDS / _GLANCE_SECONDS)):
            if reached():
                return True
            if start.process.poll() is not None:
                return reached()
            time.sleep(_GLANCE_SECONDS)
        raise AssertionError(f"nothing happened for {_LONGEST_START_SECONDS} s:\n{start.said()}")

    def finish(self, *, most: int = 30) -> int:
        """Resumes until nothing is pending; the last exit code."""
        code = 5
        for _ in range(most):
            code = (self.resume() if self.published() else self.run()).end()
            self.note_results()
            if code != 5:
                break
        assert code in (0, 1), self.starts[-1].said()
        return code

    def published(self) -> bool:
        """Whether the sheet is a run already."""
        if not (self.home / "ledger.db").exists():
            return False
        with open_ledger_file(self.home) as ledger:
            tables = ledger.execute("SELECT count(*) FROM sqlite_master WHERE name = 'run'").fetchone()[0]
            return bool(tables and ledger.execute("SELECT 1 FROM run WHERE name = ?", (RUN,)).fetchone())

    def ledger_stamp(self) -> tuple[int, int] | None:
        """Changes whenever the ledger is written to."""
        log = self.home / "ledger.db-wal"
        return (log.stat().st_size, log.stat().st_mtime_ns) if log.exists() else None

    def open_attempts(self) -> int:
        """How many promises to call have no ending in the ledger."""
        with open_ledger_file(self.home) as ledger:
            return int(ledger.execute("SELECT count(*) FROM attempt WHERE outcome IS NULL").fetchone()[0])

    def note_results(self) -> None:
        """Remembers what the results file says now; a start may have died in the middle of its last line."""
        if not self.results.exists():
            return
        text = self.results.read_bytes().decode("utf-8-sig")
        lines = list(csv.reader(text[: text.rfind("\r\n") + 2].splitlines(keepends=True)))
        header, rows = lines[0], [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
        assert ",_row,_status,_id," in ",".join(header), header
        numbers = [int(row["_row"]) for row in rows]
        whole = numbers == sorted(set(numbers)) and any(row["_status"] == "pending" for row in rows)
        whole = whole and len(rows) == len(read_sheet(self.sheet))
        for number in {number for number in numbers if numbers.count(number) > 1}:
            self.broken.append(f"told twice: row {number} stands twice in the results file")
        for number, row in zip(numbers, rows, strict=True):
            if row["_status"] != "pending":
                self._note(number, (row["_status"], row["_id"]))
            elif not whole:
                self.broken.append(f"told too early: row {number} stands in the growing results file as pending")

    def _note(self, number: int, said: tuple[str, str]) -> None:
        before = self.told.get(number, said)
        # A rejected row may be called again, a lost answer found; every other ending is for good.
        found = before[0] == "unknown" and said[0] == "created"
        if before != said and before[0] != "rejected" and not found and not self._was_doubted(number, said[0]):
            self.broken.append(f"told otherwise: row {number} was shown as {before}, and then as {said}")
        self.told[number] = said

    def _was_doubted(self, number: int, state: str) -> bool:
        """Whether a created row became unknown since an answer, or the list, spoke against its id."""
        query = (
            "SELECT 1 FROM event JOIN sheet_row ON sheet_row.id = event.row_id JOIN run ON run.id = sheet_row.run_id"
            " WHERE run.name = ? AND sheet_row.number = ? AND from_state = 'created' AND to_state = 'unknown'"
        )
        if state != "unknown":
            return False
        with open_ledger_file(self.home) as ledger:
            return ledger.execute(query, (RUN, number)).fetchone() is not None

    def evidence(self, tally: Tally, *, ended: bool) -> Evidence:
        """What there is to be checked."""
        return Evidence(
            folder=self.folder,
            home=self.home,
            run=RUN,
            sheet=self.sheet,
            results=self.results,
            truth=self.place.truth,
            outputs=tuple(start.output for start in self.starts),
            told=dict(self.told),
            tally=tally,
            ended=ended,
        )

    def check(self, tally: Tally = _UNCOUNTED, *, ended: bool = True) -> list[str]:
        """All violations, those seen on the way first; `ended` when no row may wait any more."""
        return self.broken + check(self.evidence(tally, ended=ended))

    def _start(self, *arguments: str) -> Start:
        output = self.folder / f"output-{len(self.starts):04d}.txt"
        with output.open("wb") as file:
            process = self.spawn(
                self.launch,
                [*arguments, "--yes", "--results", str(self.results), *self.flags],
                output=file.fileno(),
                folder=self.folder,
                environment=self.environment(),
            )
        self.starts.append(Start(process=process, output=output))
        return self.starts[-1]

    def environment(self) -> dict[str, str]:
        """The program's: the ledger's home, the stand-in's address, a key."""
        own = {"CAMPAIGN_HOME": str(self.home), "AICALLER_BASE_URL": self.place.url, "AICALLER_API_KEY": KEY}
        return environment(**{**own, **self.more_environment})

    def _more_lines(self, rings: int) -> Callable[[], bool]:
        truth, before = self.place.truth, self.place.truth.stat().st_size

        def reached() -> bool:
            if truth.stat().st_size == before:
                return False
            with truth.open("rb") as file:
                file.seek(before)
                return file.read().count(self.ring) >= rings

        return reached


@contextmanager
def camp(
    folder: Path,
    place: StandIn,
    *,
    planted: str | None = None,
    launch: Launch = Launch(),  # noqa: B008 - frozen
    flags: tuple[str, ...] = PACE,
    spawn: Spawn = from_warm_beside,
) -> Iterator[Camp]:
    """A camp in this folder; whatever it has started ends with the block."""
    made = Camp(folder=folder, place=place, launch=replace(launch, planted=planted), flags=flags, spawn=spawn)
    try:
        yield made
    finally:
        for start in made.starts:
            if start.process.poll() is None:
                start.process.kill()
            start.process.wait(timeout=_LONGEST_START_SECONDS)


def environment(**more: str) -> dict[str, str]:
    """Nothing of this process's own environment but what every process needs, two ids, and `more`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    ids = {"AICALLER_TEAM_ID": "team", "AICALLER_CALL_TEMPLATE_ID": "call-template"}
    return {**kept, **ids, **more}
