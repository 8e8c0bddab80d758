"""Four times the rows cost at most 4.6 times the steps, as the database itself counts them: nothing is timed."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from campaign.domain.call_outcome import CallOutcome
from campaign.ledger.records.drafts import DraftRerun
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.store import Ledger, open_ledger
from tests.ledger.backend import SERVICE, load, people
from tests.ledger.plans.readings import AT, NO_RULES, glances, read_whole, walks
from tests.ledger.plans.seeding import seed_rows
from tests.loading import NEW

ROWS, TIMES, MOST_TIMES = 500, 4, 4.6
FEW = 500
"""Steps that a reading may have beside those that grow: to begin a statement, to find the first page empty."""
_EACH = 10


class Steps:
    """Counts the steps of all ledgers that are opened while it counts."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, work: Callable[[], Any]) -> int:
        """How many a piece of work takes."""
        before = self.count
        read_whole(work())
        return self.count - before

    def take(self) -> int:
        """SQLite calls it each so many steps; zero lets it go on."""
        self.count += _EACH
        return 0


@contextmanager
def counting() -> Iterator[Steps]:
    """Counts until the block ends."""
    steps = Steps()

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(steps.take, _EACH)

    event.listen(Engine, "connect", connected)
    try:
        yield steps
    finally:
        event.remove(Engine, "connect", connected)


def seeded(home: Path, *, rows: int, waiting: bool) -> None:
    with open_ledger(home, now=lambda: AT) as opened:
        other = load(opened, people(), name="other")
        record = load(opened, people(), name="december")
        last = load(opened, people(), name="last")
    # Before and behind the run stand others, which must not be read with it.
    for run_id, count in ((other.id, ROWS), (record.id, rows), (last.id, ROWS)):
        seed_rows(home / LEDGER_FILE, run_id=run_id, rows=count, waiting=waiting, followed=waiting)


def run_of(ledger: Ledger, name: str = "december") -> RunRecord:
    record = ledger.read.runs.find(name)
    assert record is not None
    return record


def read_steps(
    home: Path, which: Callable[[Any, RunRecord], Mapping[str, Callable[[], Any]]], *, of: str = "december"
) -> dict[str, int]:
    with counting() as steps, open_ledger(home, now=lambda: AT) as ledger:
        return {name: steps.of(ask) for name, ask in which(ledger, run_of(ledger, of)).items()}


def verb_steps(home: Path) -> dict[str, int]:
    """The verbs that write, one after another on one ledger."""
    with counting() as steps, open_ledger(home, now=lambda: AT + timedelta(days=1)) as ledger:
        return {name: steps.of(verb) for name, verb in verbs(ledger, run_of(ledger)).items()}


def verbs(ledger: Ledger, run: RunRecord) -> Mapping[str, Callable[[], Any]]:
    every = (_hold, _compare, _audit, _rerun, _follow, _forget)
    return {verb.__name__: partial(verb, ledger, run) for verb in every}


def _hold(ledger: Ledger, run: RunRecord) -> None:
    with ledger.hold(run, call_again_after=timedelta(0)):
        pass


def _resume(ledger: Ledger, run: RunRecord) -> None:
    with ledger.hold(run, call_again_after=timedelta(0)):
        ledger.skip_superseded(run)


def _compare(ledger: Ledger, run: RunRecord) -> None:
    phones = [row.phone for row in ledger.read.rows.results(run.id) if row.phone]
    for some in _hundreds(phones):
        ledger.read.earlier.calls_under(some, service=SERVICE, template_fingerprint=run.template_fingerprint)
        ledger.read.earlier.called_since(some, service=SERVICE, since="2026")


def _audit(ledger: Ledger, run: RunRecord) -> None:
    ids = [row.call_id for row in ledger.read.rows.results(run.id) if row.call_id]
    for some in _hundreds(ids):
        ledger.read.lost.recorded(run.id, some)
        ledger.read.lost.known_ids(some)


def _rerun(ledger: Ledger, run: RunRecord) -> None:
    chosen = DraftRerun({row.id: row.attempts for row in ledger.read.reruns.failed(run.id)})
    draft = ledger.drafts.choose(NEW, run, chosen, view="{}")
    with ledger.hold(run, call_again_after=timedelta(0)):
        ledger.drafts.publish_rerun(draft, run)
    read_whole(ledger.read.rows.waiting(run.id, from_round=1))


def _follow(ledger: Ledger, run: RunRecord) -> None:
    while calls := ledger.read.outcomes.due(run.id, at=ledger.now(), first_after=timedelta(0), most=20):
        for call in calls:
            ledger.outcomes.note(call, CallOutcome(call.call_id, status="completed"), rules=NO_RULES)
        ledger.read.outcomes.next_due(run.id, first_after=timedelta(0))


def _forget(ledger: Ledger, run: RunRecord) -> None:
    with ledger.hold(run, call_again_after=timedelta(0)):
        assert ledger.forget(run, drop_waiting=True)


def _hundreds(whole: Sequence[str]) -> Iterator[Sequence[str]]:
    return (whole[first : first + 100] for first in range(0, len(whole), 100))


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A ledger with a short run that is half dialled, and one with a long one."""
    folder = tmp_path_factory.mktemp("steps")
    for name, rows in (("short", ROWS), ("long", TIMES * ROWS)):
        seeded(folder / name, rows=rows, waiting=True)
    return folder / "short", folder / "long"


def too_many(short: Mapping[str, int], long: Mapping[str, int], *, most: float) -> dict[str, tuple[int, int]]:
    return {name: (short[name], long[name]) for name in short if long[name] > most * short[name] + FEW}


def test_what_reads_a_run_whole_costs_as_many_times_the_steps_as_it_has_times_the_rows(
    homes: tuple[Path, Path],
) -> None:
    """A page that sorts costs the square, which nobody notices before a customer's list is long."""
    short, long = (read_steps(home, walks) for home in homes)
    assert long["results"] > 3 * short["results"] > 3 * ROWS, "the steps are counted"
    assert too_many(short, long, most=MOST_TIMES) == {}


def test_what_is_asked_again_and_again_costs_the_same_in_a_long_run(homes: tuple[Path, Path]) -> None:
    short, long = (read_steps(home, glances) for home in homes)
    assert too_many(short, long, most=1.2) == {}


@pytest.mark.parametrize("of", ["other", "last"])
def test_a_short_run_costs_the_same_beside_a_long_one(homes: tuple[Path, Path], of: str) -> None:
    """A page that walks the table instead of its run, or a resume that looks through the calls of all other runs."""

    def every(ledger: Ledger, run: RunRecord) -> Mapping[str, Callable[[], Any]]:
        return {**walks(ledger, run), "resume": partial(_resume, ledger, run)}

    short, long = (read_steps(home, every, of=of) for home in homes)
    assert too_many(short, long, most=1.3) == {}


def test_what_writes_a_run_whole_costs_as_many_times_the_steps_as_it_has_times_the_rows(tmp_path: Path) -> None:
    """Held after a crash, compared, audited, called again, followed, forgotten."""
    for name, rows in (("short", ROWS), ("long", TIMES * ROWS)):
        seeded(tmp_path / name, rows=rows, waiting=False)
    short, long = (verb_steps(tmp_path / name) for name in ("short", "long"))
    assert too_many(short, long, most=MOST_TIMES) == {}
