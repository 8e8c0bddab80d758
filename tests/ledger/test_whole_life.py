"""Sheets are loaded, runs are held, processes die, disks fill up, phones ring late: nobody is called twice for it.

Whatever the order, nobody is called twice within the time, nobody is called who is on the suppression list, nobody is
forgotten, and the ledger knows of every ring.
More than the everyday dozen lives: LEDGER_LIVES=5000 pytest tests/ledger/test_whole_life.py
"""

import os
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from campaign.domain.errors import BusyError, LedgerError
from campaign.domain.instants import to_text
from campaign.domain.model import (
    Attempt,
    ClaimRefused,
    Created,
    NotSent,
    Outcome,
    Rejected,
    RowState,
    Screened,
    Unknown,
)
from campaign.domain.skip_reason import Duplicate
from campaign.intake.contacts.content_hash import ContentKeys
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.writes.run_session import JournaledRun
from tests.blank import blank_home
from tests.ledger.backend import (
    ADA,
    BOB,
    CY,
    NOT_SENT,
    REJECTED,
    UNKNOWN,
    WINDOW,
    Clock,
    SqliteBackend,
    assert_history_explains_the_present,
    draft,
    intruder,
    named,
    person,
    put_back_rejected,
    states,
)
from tests.ledger.life import Ended, Process, Promise, World, load

EVERYDAY_LIVES = 12
NIGHTLY_LIVES = 60
LIVES = int(os.environ.get("LEDGER_LIVES", EVERYDAY_LIVES))
MOST_RUNS = 4
PHONES = st.sampled_from([ADA, BOB, CY, None])
NAMES = st.sampled_from(["Ada", "Bob"])
SHEETS = st.lists(st.tuples(NAMES, PHONES), min_size=1, max_size=4)
PICK = st.integers(0, 30)
PICKS = st.lists(PICK, max_size=4)
Line = tuple[str, str | None]


def sound(process: Process) -> bool:
    return process.sound


def holds(process: Process) -> bool:
    return bool(process.holds)


def sound_and_holds(process: Process) -> bool:
    return process.sound and bool(process.holds)


def waits(process: Process) -> bool:
    return bool(process.on_the_way)


def is_done(process: Process) -> bool:
    return bool(process.holds) and not process.on_the_way


class LedgerLife(RuleBasedStateMachine):
    """Two processes over one ledger, and the world."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        home, self.clock = Path(self._folder.name) / "home", Clock()
        self.backend = SqliteBackend(blank_home(home), self.clock)
        self.processes = [Process(self.backend, home) for _ in range(2)]
        self.world = World()
        self.sheets = list[list[Line]]()
        self.runs = dict[str, int]()
        self.latest_of = dict[str, str]()
        self.journaled = dict[str, dict[int, Outcome]]()
        self.looked_at = list[tuple[JournaledRun, Attempt]]()
        self.promises = list[Promise]()
        self.harmless = set[tuple[int, int]]()
        self.suppressed = dict[str, int]()

    def teardown(self) -> None:
        try:
            self.everybody_who_still_waits_is_called_in_the_end()
        finally:
            for process in self.processes:
                process.end()
            self.backend.close()
            self._folder.cleanup()
        super().teardown()

    # What people do

    @precondition(lambda self: len(self.runs) < MOST_RUNS and any(map(sound, self.processes)))
    @rule(pick=PICK, lines=SHEETS, again=st.booleans(), picks=PICKS)
    def run(self, pick: int, lines: list[Line], *, again: bool, picks: list[int]) -> None:
        self._run(self._one(pick, of=sound), lines, again=again, picks=picks)

    @precondition(lambda self: 0 < len(self.runs) < MOST_RUNS and any(map(sound, self.processes)))
    @rule(pick=PICK, changed=st.none() | st.tuples(NAMES, PHONES), data=st.data(), picks=PICKS)
    def run_the_same_again(self, pick: int, *, changed: Line | None, data: st.DataObject, picks: list[int]) -> None:
        lines = data.draw(st.permutations(self.sheets[pick % len(self.sheets)]))
        if changed is not None:
            lines[pick % len(lines)] = changed
        self._run(self._one(pick, of=sound), lines, again=False, picks=picks)

    @precondition(lambda self: self.runs and any(map(sound, self.processes)))
    @rule(pick=PICK, which=PICK, picks=PICKS)
    def resume(self, pick: int, *, which: int, picks: list[int]) -> None:
        self._resume(self._one(which, of=sound), list(self.runs)[pick % len(self.runs)], picks=picks)

    @precondition(lambda self: any(map(sound_and_holds, self.processes)))
    @rule(pick=PICK, picks=PICKS)
    def rerun(self, pick: int, picks: list[int]) -> None:
        process = self._one(pick, of=sound_and_holds)
        held, _ = list(process.holds.values())[pick % len(process.holds)]
        rejected = states(self.backend, run=held.record.name).count("rejected")
        assert put_back_rejected(process.ledger, held.record) == rejected
        self._claim_some(process, picks)

    @precondition(lambda self: any(map(is_done, self.processes)))
    @rule(pick=PICK)
    def leave(self, pick: int) -> None:
        process = self._one(pick, of=is_done)
        process.leave(list(process.holds)[pick % len(process.holds)])

    @precondition(lambda self: any(map(sound, self.processes)))
    @rule(pick=PICK, phone=st.sampled_from([ADA, BOB, CY]), again=st.booleans())
    def suppress(self, pick: int, phone: str, *, again: bool) -> None:
        """Put on the list, or taken off it: whoever is told so relies on it from then on."""
        suppression = self._one(pick, of=sound).ledger.suppression
        if phone in self.suppressed and again:
            assert suppression.remove(phone, reason="asked for a call")
            del self.suppressed[phone]
        else:
            assert suppression.add([phone], reason="", source="cli") == [phone not in self.suppressed]
            self.suppressed.setdefault(phone, len(self.promises))

    # What workers do

    @precondition(lambda self: any(map(holds, self.processes)))
    @rule(pick=PICK, picks=PICKS)
    def claim(self, pick: int, picks: list[int]) -> None:
        self._claim_some(self._one(pick, of=holds), picks)

    @precondition(lambda self: self.looked_at)
    @rule(pick=PICK, which=st.integers(0, 1), counted=st.booleans())
    def claim_without_the_lock_from_an_old_look(self, pick: int, *, which: int, counted: bool) -> None:
        held, attempt = self.looked_at[pick % len(self.looked_at)]
        [(state, made)] = self.backend.ask("SELECT state, attempts FROM sheet_row WHERE id = :id", id=attempt.row_id)
        if counted:
            attempt = attempt._replace(number=made + 1)
        stands_so = state == attempt.waiting_as and made == attempt.number - 1
        process = self.processes[which]
        [ended] = self._claim(process, (intruder(process.ledger, held), attempt), sure=False)
        assert stands_so or ended is not None

    @precondition(lambda self: any(map(waits, self.processes)))
    @rule(pick=PICK)
    def a_phone_rings(self, pick: int) -> None:
        on_the_way = self._one(pick, of=waits).on_the_way
        promise = on_the_way[pick % len(on_the_way)]
        if not self.world.rang(promise):
            self.world.ring(promise)

    @precondition(lambda self: self.world.may_ring)
    @rule(pick=PICK)
    def a_phone_rings_late(self, pick: int) -> None:
        self.world.ring(self.world.may_ring.pop(pick % len(self.world.may_ring)))

    @precondition(lambda self: any(map(waits, self.processes)))
    @rule(pick=PICK, rings=st.booleans(), kind=st.sampled_from(["sure", "sure", "put back", "unknown", "an old id"]))
    def end(self, pick: int, *, rings: bool, kind: str) -> None:
        process = self._one(pick, of=waits)
        promise = process.on_the_way[pick % len(process.on_the_way)]
        if rings and not self.world.rang(promise):
            self.world.ring(promise)
        outcome = self._ending(promise, kind=kind, pick=pick, sound=process.sound)
        self._settle(process, promise, outcome, requeue=kind == "put back")

    # What happens

    @precondition(lambda self: any(map(waits, self.processes)))
    @rule(pick=PICK)
    def crash(self, pick: int) -> None:
        self._crash(self._one(pick, of=waits))

    @precondition(lambda self: any(map(waits, self.processes)))
    @rule(pick=PICK)
    def the_disk_fills_up(self, pick: int) -> None:
        self._one(pick, of=waits).lose_the_disk()

    @precondition(lambda self: not all(map(sound, self.processes)))
    @rule()
    def somebody_frees_the_disk_and_starts_again(self) -> None:
        for process in self.processes:
            if not process.sound:
                self._crash(process)

    @precondition(lambda self: self.promises)
    @rule(hours=st.sampled_from([1, 11, 23, 25]))
    def time_passes(self, hours: int) -> None:
        self.clock.passes(timedelta(hours=hours))

    # What holds at every moment

    @invariant()
    def nobody_is_called_twice_within_the_time(self) -> None:
        assert max(Counter(ring.row for ring in self.world.rings).values(), default=1) == 1
        for phone in (ADA, BOB, CY):
            at = sorted(ring.at for ring in self.world.rings if ring.attempt.phone == phone)
            assert all(later - earlier >= WINDOW for earlier, later in pairwise(at)), f"{phone} was called at {at}"

    @invariant()
    def nobody_hears_the_same_from_two_runs_that_go_on_at_once(self) -> None:
        for later in self.world.rings:
            run = later.held.record
            for ring in () if run.again else self.world.rings:
                if ring.attempt.phone == later.attempt.phone and ring.held.record.id != run.id:
                    beside = run.created_at <= to_text(ring.at) <= to_text(later.at)
                    assert not (beside and ring.attempt.said == later.attempt.said)

    @invariant()
    def nobody_is_called_who_was_on_the_list_before_the_promise(self) -> None:
        for phone, promised_before in self.suppressed.items():
            later = self.promises[promised_before:]
            assert not [promise for promise in later if promise.attempt.phone == phone], f"{phone} is on the list"

    @invariant()
    def every_ring_is_known_and_every_row_is_somewhere(self) -> None:
        rows = self.backend.ask(
            "SELECT r.id, r.state, call_id, name FROM sheet_row r JOIN run ON run.id = run_id WHERE run.state = 'ready'"
        )
        assert Counter(row.name for row in rows) == self.runs
        stands = {row.id: row.state for row in rows}
        rang = {ring.row for ring in self.world.rings}
        assert all(stands[row] in {"created", "unknown", "sending"} for row in rang)
        assert all(row in rang for row, state in stands.items() if state == "created")
        ids = [row.call_id for row in rows if row.call_id is not None]
        assert len(set(ids)) == len(ids)

    @invariant()
    def the_history_explains_the_present(self) -> None:
        assert_history_explains_the_present(self.backend)

    def everybody_who_still_waits_is_called_in_the_end(self) -> None:
        for one in self.processes:
            self._crash(one)
        process = self.processes[0]
        for name in self.runs:
            self.clock.passes(WINDOW)
            self._hold(process, named(process.ledger, name))
            self._claim(process, *process.waiting())
            for promise in list(process.on_the_way):
                self.world.ring(promise)
                self._settle(process, promise, Created(self.world.next_id()))
            process.leave(name)
            assert not {"pending", "retry_wait", "sending"} & set(states(self.backend, run=name))
        self.nobody_is_called_twice_within_the_time()
        self.nobody_is_called_who_was_on_the_list_before_the_promise()
        self.every_ring_is_known_and_every_row_is_somewhere()

    # How it is done

    def _one(self, pick: int, *, of: Callable[[Process], bool]) -> Process:
        fit = list(filter(of, self.processes))
        return fit[pick % len(fit)]

    def _crash(self, process: Process) -> None:
        self.world.may_ring += [promise for promise in process.crash() if not self.world.rang(promise)]

    def _run(self, process: Process, lines: list[Line], *, again: bool, picks: list[int]) -> None:
        self._resume(process, self._load(process, lines, again=again), picks=picks)

    def _resume(self, process: Process, name: str, *, picks: list[int]) -> None:
        record = named(process.ledger, name)
        if any(name in one.holds for one in self.processes):
            with pytest.raises(BusyError):
                process.hold(record)
        else:
            self._hold(process, record)
            self._claim_some(process, picks)

    def _claim_some(self, process: Process, picks: list[int]) -> None:
        if found := list(process.waiting()):
            self.looked_at = (self.looked_at + found)[-8:]
            wanted = {index % len(found): found[index % len(found)] for index in picks}
            self._claim(process, *wanted.values())

    def _load(self, process: Process, lines: list[Line], *, again: bool) -> str:
        """The name of the run that the sheet became, or was before."""
        keys, seen, rows = ContentKeys(("Name", "Mobile")), set[str | None](), list[tuple[str, Screened]]()
        for number, (name, phone) in enumerate(lines, 2):
            row = person(number, phone, name=name, skip=Duplicate(2) if phone in seen else None)
            seen.add(phone)
            rows.append((keys.key(row), row))
        content = keys.fingerprint()
        same = load(process.ledger, draft(), rows, content=content, again=again)
        assert same == (None if again else self.latest_of.get(content))
        if same is not None:
            return same
        name = process.ledger.read.runs.all()[-1].name
        self.latest_of[content], self.runs[name] = name, len(lines)
        self.sheets.append(lines)
        return name

    def _hold(self, process: Process, record: RunRecord) -> None:
        still_open = self.backend.ask(
            "SELECT row_id FROM attempt WHERE run_id = :run AND outcome IS NULL", run=record.id
        )
        journaled = self.journaled.pop(record.name, {})
        taken = {call_id for (call_id,) in self.backend.ask("SELECT call_id FROM attempt WHERE call_id IS NOT NULL")}
        held = process.hold(record)
        assert held.recovered == len(still_open) - len(journaled)
        for row_id, outcome in journaled.items():
            [row] = self.backend.ask("SELECT state, call_id, attempts FROM sheet_row WHERE id = :id", id=row_id)
            if isinstance(outcome, Created) and outcome.call_id not in taken:
                assert (row.state, row.call_id) == ("created", outcome.call_id)
            elif isinstance(outcome, Rejected):
                assert row.state == "rejected"
                self.harmless.add((row_id, row.attempts))
            else:
                assert row.state == "unknown"
        assert "sending" not in states(self.backend, run=record.name)

    def _claim(self, process: Process, *wanted: tuple[JournaledRun, Attempt], sure: bool = True) -> list[Ended]:
        before = len(process.on_the_way)
        ended = process.claim(*wanted)
        self.promises += process.on_the_way[before:]
        for (held, attempt), ending in zip(wanted, ended, strict=True):
            if isinstance(ending, ClaimRefused):
                reasons = attempt.phone in self.suppressed, self._recently(attempt), self._said_beside(held, attempt)
                assert any(reasons), f"row {attempt.row_id} was forgotten"
            if isinstance(ending, LedgerError):
                assert not process.sound or not sure
        return ended

    def _recently(self, attempt: Attempt) -> bool:
        """Whether another row's promise to this number, which may have rung, is younger than the time between calls."""
        return any(
            promise.attempt.phone == attempt.phone
            and promise.row != attempt.row_id
            and promise.at > self.clock.at - WINDOW
            and (promise.row, promise.attempt.number) not in self.harmless
            for promise in self.promises
        )

    def _said_beside(self, held: JournaledRun, attempt: Attempt) -> bool:
        """Whether another run's promise with the same words, which may have rung, is younger than this run's load."""
        return not held.record.again and any(
            promise.attempt.phone == attempt.phone
            and promise.attempt.said == attempt.said
            and promise.held.record.id != held.record.id
            and to_text(promise.at) >= held.record.created_at
            and (promise.row, promise.attempt.number) not in self.harmless
            for promise in self.promises
        )

    def _ending(self, promise: Promise, *, kind: str, pick: int, sound: bool) -> Outcome:
        """One that does not lie: an id or a doubt for what rang, and anything but an id for what did not."""
        if kind == "unknown":
            return UNKNOWN
        if not self.world.rang(promise):
            return REJECTED if pick % 2 and kind == "sure" else NOT_SENT
        old = kind == "an old id" and sound and self.world.ids > 0
        return Created(f"id-{1 + pick % self.world.ids}" if old else self.world.next_id())

    def _settle(self, process: Process, promise: Promise, outcome: Outcome, *, requeue: bool = False) -> None:
        row, number, name = promise.row, promise.attempt.number, promise.held.record.name
        [(ended,)] = self.backend.ask("SELECT outcome FROM attempt WHERE row_id = :r AND number = :n", r=row, n=number)
        taken = isinstance(outcome, Created) and self.backend.ask(
            "SELECT 1 FROM attempt WHERE call_id = :call_id", call_id=outcome.call_id
        )
        wait_as = promise.attempt.waiting_as if requeue else RowState.RETRY_WAIT
        stands = process.settle(promise, outcome, wait_as=wait_as)
        if isinstance(outcome, Unknown) and not self.world.rang(promise):
            self.world.may_ring.append(promise)
        if isinstance(stands, LedgerError):
            assert ended is not None or not process.sound
            has_journal = name in process.holds and process.holds[name][0] is promise.held
            if ended is None and has_journal and not isinstance(outcome, NotSent):
                self.journaled.setdefault(name, {})[row] = outcome
            return
        assert ended is None
        assert isinstance(stands, Unknown) if taken else stands == outcome
        if isinstance(stands, Rejected | NotSent):
            self.harmless.add((row, number))


def _settings(lives: int, *, the_same: bool) -> settings:
    return settings(
        max_examples=lives,
        stateful_step_count=25,
        derandomize=the_same,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


# The same lives each time in the suite; by hand, others each time.
TestLedgerLife = LedgerLife.TestCase
TestLedgerLife.settings = _settings(LIVES, the_same=LIVES == EVERYDAY_LIVES)


@pytest.mark.nightly
class TestManyLives(TestLedgerLife):  # type: ignore[misc,valid-type]  # hypothesis makes the class
    settings = _settings(NIGHTLY_LIVES, the_same=True)
