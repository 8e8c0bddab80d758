"""Who holds a run gives heartbeats; who is silent is taken for dead, and claims nothing any more."""

import time
from datetime import timedelta

import pytest

from campaign.domain.errors import LedgerError, TakenForDeadError
from campaign.domain.model import Created
from campaign.ledger.records.workers import BEAT_SECONDS, PATIENCE
from campaign.ledger.store import Ledger
from tests.ledger.backend import ADA, BOB, CY, Backend, hold, load, people, states, waiting

pytestmark = pytest.mark.anyio
AT_ONCE = timedelta(0)


class Boot:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def owners(ledger: Ledger) -> list[str]:
    return [one.owner for one in ledger.read.runs.workers.on_duty()]


def take_for_dead(backend: Backend, *, after: timedelta = PATIENCE) -> int:
    """By another process, once that time has passed; how many attempts are unknown by it.

    Its sessions go on: what a server does to them has tests of its own.
    """
    backend.clock.passes(after + timedelta(milliseconds=1))
    with backend.open() as other, other.workers.duty(name="rack-2", takes="q"):
        vars(other._database)["end_sessions"] = lambda *_: None
        return sum(one.unknown for one in other.workers.reap(patience=AT_ONCE))


async def test_who_holds_a_run_is_on_duty_until_it_closes(backend: Backend) -> None:
    with backend.open() as asking:
        with backend.open() as ledger:
            record = load(ledger, people(ADA))
            assert owners(asking) == [], "who only loads a sheet dials nothing"
            with hold(ledger, record):
                assert owners(asking) == [ledger.owner]
            with hold(ledger, record):
                assert owners(asking) == [ledger.owner], "one start, one row"
        assert owners(asking) == []


async def test_every_start_has_a_later_id(backend: Backend) -> None:
    """The id is the fencing token: a later start is never taken for an earlier one."""
    ids = list[int]()
    for _ in range(3):
        with backend.open() as ledger, ledger.workers.duty(name="rack-1", takes="q") as worker:
            ids.append(worker.id)
    assert ids == sorted(set(ids))


def test_heartbeats_are_given_while_nothing_is_written(backend: Backend) -> None:
    """A run that waits for its hours, and a person at a prompt, are alive."""
    boot = Boot()
    with backend.open() as asking, backend.open(boot=boot) as ledger, hold(ledger, load(ledger, people(ADA))):
        [before] = asking.read.runs.workers.on_duty()
        backend.clock.passes(timedelta(minutes=1))
        boot.at += BEAT_SECONDS
        ends = time.monotonic() + 30
        while asking.read.runs.workers.on_duty() == [before] and time.monotonic() < ends:
            time.sleep(0.02)
        [after] = asking.read.runs.workers.on_duty()
        assert after.seen_at == before.seen_at + timedelta(minutes=1)


def test_heartbeats_go_on_after_the_run_for_as_long_as_its_process_is_on_duty(backend: Backend) -> None:
    """A process that follows what it has called is alive: others would end its sessions."""
    boot = Boot()
    with backend.open() as asking, backend.open(boot=boot) as ledger:
        with hold(ledger, load(ledger, people(ADA))):
            [before] = asking.read.runs.workers.on_duty()
        boot.at += BEAT_SECONDS
        assert ledger._membership.due() is not None
        ends = time.monotonic() + 30
        while asking.read.runs.workers.on_duty() == [before] and time.monotonic() < ends:
            time.sleep(0.02)
        [after] = asking.read.runs.workers.on_duty()
        assert after.beats > before.beats


async def test_a_worker_that_was_taken_for_dead_claims_nothing_any_more(backend: Backend) -> None:
    """Its calls are for others to decide about: one more of it would be made beside theirs."""
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA, BOB))) as held:
        ada, bob = waiting(ledger, held.record)
        assert await held.claim(ada) is None
        assert take_for_dead(backend) == 1
        with pytest.raises(TakenForDeadError, match="taken for dead"):
            await held.claim(bob)
        assert isinstance(held.trouble(), TakenForDeadError)
        assert states(backend) == ["unknown", "pending"]
        assert backend.ask("SELECT count(*) FROM attempt") == [(1,)]


async def test_to_be_taken_for_dead_makes_open_attempts_unknown_and_nothing_else(backend: Backend) -> None:
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA, BOB, CY))) as held:
        ada, bob, _ = waiting(ledger, held.record)
        for attempt in (ada, bob):
            await held.claim(attempt)
        await held.settle(ada, Created("id-1"))
        assert take_for_dead(backend) == 1
        assert states(backend) == ["created", "unknown", "pending"]
        before = backend.ask("SELECT * FROM event")
        assert take_for_dead(backend) == 0, "what was done once is not done again"
        assert backend.ask("SELECT * FROM event") == before


async def test_who_is_seen_to_be_silent_for_long_enough_is_taken_for_dead_and_who_beats_is_not(
    backend: Backend,
) -> None:
    """By the clock of the one who looks: two machines' clocks may be minutes apart."""
    boot = Boot()
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        with backend.open(boot=boot) as other, other.workers.duty(name="rack-2", takes="q"):
            assert look(other, boot, seconds=25) == 0
            give_heartbeat(ledger)
            assert look(other, boot, seconds=25) == 0
            assert states(backend) == ["sending"]
            assert look(other, boot, seconds=10) == 1
        assert states(backend) == ["unknown"]


async def test_after_an_outage_nobody_is_taken_for_dead_before_all_can_have_given_a_heartbeat(backend: Backend) -> None:
    """All were silent, and the first that is back must not take the others for dead."""
    boot = Boot()
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        with backend.open(boot=boot) as other, other.workers.duty(name="rack-2", takes="q"):
            assert look(other, boot, seconds=20) == 0
            boot.at += 3600
            assert other.workers.reap(patience=PATIENCE) == (), "its own last heartbeat is too old to judge by"
            assert look(other, boot, seconds=20) == 0, "it is back since 20 seconds"
            assert look(other, boot, seconds=15) == 1
        assert states(backend) == ["unknown"]


def look(other: Ledger, boot: Boot, *, seconds: int) -> int:
    """Looks every five seconds for so long, while it gives heartbeats; how many it takes for dead."""
    found = len(other.workers.reap(patience=PATIENCE))
    for _ in range(seconds // 5):
        boot.at += BEAT_SECONDS
        give_heartbeat(other)
        found += len(other.workers.reap(patience=PATIENCE))
    return found


def give_heartbeat(ledger: Ledger) -> None:
    """At once, and not when the writer's thread comes to it."""
    ledger._membership.done(ledger._writer.do(ledger._membership.join))


async def test_who_was_taken_for_dead_can_begin_anew(backend: Backend) -> None:
    """As another worker: what it had before is not its own any more."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB))
        with hold(ledger, record) as held:
            await held.claim(waiting(ledger, record)[0])
            take_for_dead(backend)
        with hold(ledger, record) as anew:
            [bob] = waiting(ledger, record)
            assert await anew.claim(bob) is None
            await anew.settle(bob, Created("id-2"))
    assert states(backend) == ["unknown", "created"]
    assert len(backend.ask("SELECT DISTINCT owner FROM attempt")) == 2


async def test_who_has_not_begun_claims_nothing(backend: Backend) -> None:
    """A process that nobody can take for dead would be one that nobody can stop."""
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        held._owner = "nobody"
        with pytest.raises(LedgerError, match="not among those that may claim"):
            await held.claim(ada)
    assert states(backend) == ["pending"]
