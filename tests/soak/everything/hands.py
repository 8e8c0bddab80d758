"""The hands beside the soak: processes that suppress, run small runs, follow, forget, check and copy, at random.

A hand keeps a journal of what was acknowledged to it, and of what it did; the checker reads it when all is over.
"""

import pickle
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.soak.campaigner import RUN
from tests.soak.checking.checker import open_ledger_file
from tests.soak.checking.everywhere import KnownRun, published_runs
from tests.soak.checking.optouts import OptOut, claims_of
from tests.soak.everything.ground import Ground, fresh_people, main_people, regulars
from tests.soak.everything.listening import Ended, hear
from tests.soak.sheets import read_sheet, write_people

HANDS = 2
STOP = "stop"
_PHONE = 1
_KILLED = 0.2
_LINE_OF_OPT_OUT = re.compile(r"row (\d+) \S+ asked not to be called: on the suppression list now")
_ON_LIST = re.compile(r"on the suppression list (now|since)")
_EXIT_CODES = frozenset({0, 1, 2, 3, 4, 5, 75})
_SMALL = ("--rate", "60", "--max-in-flight", "4", "--yes", "--no-audit")


@dataclass(frozen=True, slots=True)
class Followed:
    """A `follow` that said that all calls are over; `calls` are the ids that the run had when it began."""

    at: float
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a hand has done.

    Attributes:
        done: how often each verb ended in which way.
        kills: verbs that it killed.
    """

    runs: tuple[KnownRun, ...]
    done: dict[str, int]
    broken: tuple[str, ...]
    kills: int
    followed: tuple[Followed, ...]


@dataclass(slots=True)
class Hand:
    """One of them."""

    ground: Ground
    number: int
    chance: random.Random
    runs: dict[str, KnownRun] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    kills: int = 0
    followed: list[Followed] = field(default_factory=list)
    _outputs: int = 0
    _fresh: list[str] = field(default_factory=list)

    @property
    def journal(self) -> Path:
        """Its acknowledged opt-outs, a line each."""
        return self.ground.folder / f"hand-{self.number}.opt-outs.jsonl"

    @property
    def account(self) -> Path:
        """What it has done, written when it ends."""
        return self.ground.folder / f"hand-{self.number}.account.pickle"

    def work(self) -> int:
        """Does one thing after another until it is told to stop; what it has to tell is in its files then."""
        self._fresh = fresh_people(self.ground.rows, hand=self.number, hands=HANDS)
        self.journal.touch()
        acts, weights = list(_ACTS), [weight for _, weight in _ACTS]
        while not (self.ground.folder / STOP).exists():
            if self._published(RUN):
                act, _ = self.chance.choices(acts, weights)[0]
                act(self)
            # How often something happens beside the run is part of what is tried out.
            time.sleep(self.chance.uniform(0.05, 0.6))
        self._end_runs()
        told = Account(
            runs=tuple(self.runs.values()),
            done=dict(self.done),
            broken=tuple(self.broken),
            kills=self.kills,
            followed=tuple(self.followed),
        )
        self.account.write_bytes(pickle.dumps(told))
        return 0

    def suppress_add(self) -> None:
        phones = self._opting_out(self.chance.randint(1, 3))
        count = iter(phones)

        def heard(line: str, at: float) -> None:
            if _ON_LIST.search(line):
                self._acknowledge(next(count), at, "suppress add")

        self._must_say(self._do("suppress", "add", *phones, "--reason", "soak", heard=heard))

    def suppress_import(self) -> None:
        phones = self._opting_out(self.chance.randint(3, 9))
        sheet = self.ground.folder / f"hand-{self.number}.opt-outs.csv"
        sheet.write_text("phone\n" + "".join(f"{phone}\n" for phone in phones), encoding="utf-8")

        def heard(line: str, at: float) -> None:
            if "numbers from column" in line:
                for phone in phones:
                    self._acknowledge(phone, at, "suppress import")

        self._must_say(self._do("suppress", "import", str(sheet), heard=heard))

    def suppress_check(self) -> None:
        phone = self.chance.choice([*main_people(self.ground.rows), *regulars(self.ground.rows)])

        def heard(line: str, at: float) -> None:
            if _ON_LIST.search(line) and "not on" not in line:
                self._acknowledge(phone, at, "suppress check")

        self._do("suppress", "check", phone, heard=heard)

    def small_run(self) -> None:
        """A run of its own: some people of the big sheet's, and some that only this hand knows."""
        people = [self._fresh.pop() for _ in range(6)] if len(self._fresh) > 6 else []
        self._run_small(people + self._next_waiting(3), repeats=False)

    def repeat_run(self) -> None:
        """A run of people whom others have called, which its template allows."""
        self._run_small(self.chance.sample(regulars(self.ground.rows), 12), repeats=True)

    def resume_small(self) -> None:
        if (run := self._any_run()) is not None and self._published(run.name):
            self._dial("resume", run.name, run=run)

    def rerun_small(self) -> None:
        if (run := self._any_run()) is not None and self._published(run.name):
            self._dial("rerun", run.name, run=run)

    def resume_main(self) -> None:
        """Most often another process holds it; now and then it does not."""
        self._do("resume", RUN, *self._results_of_main(), *_SMALL, may_kill=1.0)

    def rerun_main(self) -> None:
        self._do("rerun", RUN, *self._results_of_main(), *_SMALL, may_kill=1.0)

    def follow_small(self) -> None:
        if (run := self._any_run()) is not None and self._published(run.name):
            self._follow(run.name, run.sheet)

    def follow_main(self) -> None:
        self._follow(RUN, self.ground.folder / "sheet.csv")

    def forget_small(self) -> None:
        if (run := self._any_run()) is None or not self._published(run.name):
            return

        def heard(line: str, _at: float) -> None:
            if line.startswith(f"run {run.name}: ") and "forgotten" in line:
                self.runs[run.name] = replace(run, forgotten=True)

        self._do("forget", run.name, "--yes", *self.chance.choice([[], ["--unfinished"]]), heard=heard)

    def check_sheet(self) -> None:
        run = self._any_run()
        if run is not None:
            self._do("check", str(run.sheet), "-t", str(self.ground.often if run.repeats else self.ground.template))

    def copy_home(self) -> None:
        """A copy of a home at work, as a backup program makes it, must be readable, or say in a line why not."""
        copy = self.ground.folder / f"hand-{self.number}.copy"
        try:
            shutil.copytree(self.ground.home, copy, dirs_exist_ok=True, ignore_dangling_symlinks=True)
        except shutil.Error as error:
            # Journals and the ledger's own -wal come and go; a backup program goes on with what there is.
            if not all("No such file" in why for _, _, why in error.args[0]):
                raise
        self._do("status", RUN, home=copy, verb="copy and status")
        shutil.rmtree(copy)

    def status(self) -> None:
        self._do("status", *self.chance.choice([[], [RUN], [RUN, "--why", str(self.chance.randint(2, 200))]]))

    def resolve_main(self) -> None:
        self._do("resolve", RUN, "--yes")

    def _run_small(self, people: list[str], *, repeats: bool) -> None:
        name = f"{'again' if repeats else 'small'}-{self.number}-{len(self.runs)}"
        run = KnownRun(
            name=name,
            mark=f"{name}:",
            sheet=self.ground.folder / f"{name}.csv",
            results=self.ground.folder / f"{name}.results.csv",
            repeats=repeats,
        )
        write_people(run.sheet, people, name=f"Bea {_spelt(len(self.runs) * HANDS + self.number)}", mark=run.mark)
        self.runs[name] = run
        self._start_small(run)

    def _start_small(self, run: KnownRun) -> Ended:
        template = self.ground.often if run.repeats else self.ground.template
        changed = "--call-changed" if run.repeats else "--skip-changed"
        return self._dial("run", str(run.sheet), "-t", str(template), "--name", run.name, changed, run=run)

    def _dial(self, *arguments: str, run: KnownRun, may_kill: float = 0.4) -> Ended:
        return self._do(*arguments, "--results", str(run.results), *_SMALL, may_kill=may_kill)

    def _follow(self, name: str, sheet: Path) -> None:
        people = [row[_PHONE] for row in read_sheet(sheet)]
        known = {number: phone for number, phone in enumerate(people, start=2) if phone.startswith("+")}

        def heard(line: str, at: float) -> None:
            if (said := _LINE_OF_OPT_OUT.search(line)) and (phone := known.get(int(said[1]))):
                self._acknowledge(phone, at, f"follow of {name}")

        results, calls = self.ground.folder / f"hand-{self.number}.followed.csv", self._calls_of(name)
        ended = self._do("follow", name, "--deadline", "2s", "--rate", "100", "--results", str(results), heard=heard)
        if ended.code == 0:
            self.followed.append(Followed(at=ended.at, calls=calls))

    def _end_runs(self) -> None:
        """Everybody in its small runs is to have an ending, too."""
        for run in list(self.runs.values()):
            if run.forgotten:
                continue
            for _ in range(20):
                ended = self._dial("resume", run.name, run=run, may_kill=0) if self._published(run.name) else None
                if (ended or self._start_small(run)).code in (0, 1, 2, 3):
                    break
            self._do("results", run.name, "-o", str(run.results))

    def _do(
        self,
        *arguments: str,
        heard: Callable[[str, float], None] = lambda _line, _at: None,
        may_kill: float = _KILLED,
        home: Path | None = None,
        verb: str | None = None,
    ) -> Ended:
        self._outputs += 1
        output = self.ground.folder / f"output-hand-{self.number}-{self._outputs:05d}.txt"
        kill_after = self.chance.uniform(0.05, 1.2) if self.chance.random() < may_kill else None
        ended = hear(self.ground, arguments, output=output, heard=heard, kill_after=kill_after, home=home)
        named = verb or " ".join(arguments[: 2 if arguments[0] == "suppress" else 1])
        self.done[f"{named} {'killed' if ended.killed else ended.code}"] += 1
        self.kills += ended.killed
        if not ended.killed and ended.code not in _EXIT_CODES:
            self.broken.append(f"ended badly: {' '.join(arguments)} with {ended.code}, see {output.name}")
        return ended

    def _must_say(self, ended: Ended) -> None:
        if not ended.killed and ended.code != 0:
            self.broken.append(
                f"opt-out not taken: exit code {ended.code}, see output {self._outputs} of {self.number}"
            )

    def _acknowledge(self, phone: str, at: float, how: str) -> None:
        said = OptOut(phone=phone, at=at, how=how, claims=claims_of(self.ground.home, phone))
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(said.written() + "\n")

    def _opting_out(self, count: int) -> list[str]:
        """Most of them are just about to be called; some are anywhere, and some have been called long ago."""
        soon = self._next_waiting(count)
        anywhere = self.chance.sample([*main_people(self.ground.rows), *regulars(self.ground.rows)[:10]], count)
        return [a if self.chance.random() < 0.7 else b for a, b in zip(soon, anywhere, strict=False)] or anywhere

    def _next_waiting(self, count: int) -> list[str]:
        with open_ledger_file(self.ground.home) as ledger:
            found = ledger.execute(
                "SELECT phone FROM sheet_row WHERE run_id = (SELECT id FROM run WHERE name = ?)"
                " AND state = 'pending' ORDER BY id LIMIT 12",
                (RUN,),
            ).fetchall()
        waiting = [row["phone"] for row in found]
        return self.chance.sample(waiting, min(count, len(waiting)))

    def _any_run(self) -> KnownRun | None:
        open_runs = [run for run in self.runs.values() if not run.forgotten]
        return self.chance.choice(open_runs[-4:]) if open_runs else None

    def _published(self, name: str) -> bool:
        return name in published_runs(self.ground.home)

    def _calls_of(self, name: str) -> tuple[str, ...]:
        with open_ledger_file(self.ground.home) as ledger:
            found = ledger.execute(
                "SELECT call_id FROM sheet_row WHERE call_id IS NOT NULL"
                " AND run_id = (SELECT id FROM run WHERE name = ?)",
                (name,),
            )
            return tuple(row["call_id"] for row in found)

    def _results_of_main(self) -> tuple[str, str]:
        return "--results", str(self.ground.folder / "results.csv")


_ACTS: tuple[tuple[Callable[[Hand], None], int], ...] = (
    (Hand.suppress_add, 8),
    (Hand.suppress_import, 2),
    (Hand.suppress_check, 2),
    (Hand.small_run, 3),
    (Hand.repeat_run, 3),
    (Hand.resume_small, 3),
    (Hand.rerun_small, 2),
    (Hand.resume_main, 1),
    (Hand.rerun_main, 1),
    (Hand.follow_small, 4),
    (Hand.follow_main, 2),
    (Hand.forget_small, 2),
    (Hand.check_sheet, 1),
    (Hand.copy_home, 2),
    (Hand.status, 2),
    (Hand.resolve_main, 1),
)


def _spelt(number: int) -> str:
    """A surname that no other run has."""
    digits = []
    for _ in range(5):
        number, digit = divmod(number, 26)
        digits.append(chr(ord("a") + digit))
    return "Zq" + "".join(digits)
