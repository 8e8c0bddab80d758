"""Many moves in one commit: each stands or falls by itself, and none is acknowledged before it is on the disk."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import anyio
import anyio.to_thread
import pytest
from sqlalchemy import text

from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.model import Attempt, ClaimRefused, Created, Outcome, Rejected, Unknown
from campaign.ledger.store import Ledger
from campaign.ledger.writes.run_session import JournaledRun
from tests.ledger.backend import NOT_SENT, REJECTED, UNKNOWN, Backend, hold, intruder, load, people, states, waiting
from tests.ledger.gate import gate_before_commit

pytestmark = pytest.mark.anyio

PHONES = [f"+120255501{number:02d}" for number in range(12)]


@dataclass
class Office:
    """A run that is held, half of its rows on their way, and another run with a number of the first.

    Attributes:
        on_the_way: attempts that are claimed, to be settled.
        next_ones: attempts to be claimed.
    """

    ledger: Ledger
    held: JournaledRun
    on_the_way: list[Attempt]
    next_ones: list[Attempt]
    second: JournaledRun
    seconds: list[Attempt]


@asynccontextmanager
async def office(backend: Backend) -> AsyncIterator[Office]:
    with backend.open() as ledger:
        record, other = load(ledger, people(*PHONES)), load(ledger, people(*PHONES), name="second")
        with hold(ledger, record) as held, hold(ledger, other) as second:
            attempts = waiting(ledger, record)
            for attempt in attempts[:6]:
                await held.claim(attempt)
            yield Office(ledger, held, attempts[:6], attempts[6:], second, waiting(ledger, other))


@dataclass
class Together:
    """Moves that the writer finds waiting, all at once, when it comes from the commit before.

    Attributes:
        endings: what each came to, its error included.
        commits: how many commits they took.
    """

    moves: list[Callable[[], Awaitable[Any]]]
    endings: list[Any] = field(default_factory=list)
    commits: int = 0


async def together(ledger: Ledger, *moves: Callable[[], Awaitable[Any]]) -> Together:
    done = Together(list(moves), [None] * len(moves))

    async def one(index: int) -> None:
        try:
            done.endings[index] = await done.moves[index]()
        except (LedgerError, UsageError) as error:
            done.endings[index] = error

    with gate_before_commit(ledger) as gate:
        gate.shut()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(anyio.to_thread.run_sync, partial(ledger._writer.do, lambda _connection: None)))
            await gate.somebody_waits()
            for index in range(len(moves)):
                tasks.start_soon(one, index)
                await gate.queue_is(index + 1)
            gate.open()
        done.commits = gate.commits - 1
    return done


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_what_waits_together_is_committed_together(backend: Backend) -> None:
    """One fsync for all of them: that is where the speed comes from."""
    async with office(backend) as work:
        settle = [
            partial(work.held.settle, attempt, Created(f"id-{index}")) for index, attempt in enumerate(work.on_the_way)
        ]
        claim = [partial(work.held.claim, attempt) for attempt in work.next_ones]
        done = await together(work.ledger, *settle, *claim)
        assert done.endings == [Created(f"id-{index}") for index in range(6)] + [None] * 6
        assert done.commits == 1
        assert states(backend) == ["created"] * 6 + ["sending"] * 6


def unwritable(connection: Any) -> None:
    connection.execute(text("INSERT INTO run (name) VALUES (:name)"), {"name": "half a character: \ud83d"})


def refused_by_a_rule(connection: Any) -> None:
    connection.exec_driver_sql("UPDATE sheet_row SET state = 'created'")


def asked_for_what_cannot_be(connection: Any) -> None:
    connection.exec_driver_sql("UPDATE sheet_row SET round = 9")
    raise UsageError("no")


def in_a_thread(work: Office, job: Callable[[Any], Any]) -> Callable[[], Awaitable[Any]]:
    return partial(anyio.to_thread.run_sync, partial(work.ledger._writer.do, job))


BAD: dict[str, Callable[[Office], Callable[[], Awaitable[Any]]]] = {
    "a row that is claimed already": lambda w: partial(w.held.claim, w.on_the_way[0]),
    "a claim from an old look": lambda w: partial(w.held.claim, w.next_ones[0]._replace(number=2)),
    "a row that is not there": lambda w: partial(w.held.claim, w.next_ones[0]._replace(row_id=999)),
    "an ending of what was not claimed": lambda w: partial(w.held.settle, w.next_ones[0], REJECTED),
    "an ending of an earlier attempt": lambda w: partial(w.held.settle, w.on_the_way[0]._replace(number=2), UNKNOWN),
    "an ending by another owner": lambda w: partial(in_between(w).settle, w.on_the_way[0], NOT_SENT),
    "a number that no database can hold": lambda w: partial(w.held.settle, w.on_the_way[0], Rejected(2**70, "no")),
    "a text that no database can hold": lambda w: in_a_thread(w, unwritable),
    "a change against a rule": lambda w: in_a_thread(w, refused_by_a_rule),
    "a wish that cannot be met": lambda w: in_a_thread(w, asked_for_what_cannot_be),
}


def in_between(work: Office) -> JournaledRun:
    other = intruder(work.ledger, work.held)
    other._owner = "somebody else"
    return other


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(
    "place",
    [pytest.param(0, marks=pytest.mark.nightly), 2, pytest.param(4, marks=pytest.mark.nightly)],
    ids=["first", "between", "last"],
)
async def test_one_that_cannot_be_done_takes_no_other_along(backend: Backend, bad: str, place: int) -> None:
    """The others' phones ring already: their endings must be written, and their promises may be kept."""
    async with office(backend) as work:
        moves: list[Callable[[], Awaitable[Any]]] = [
            partial(work.held.settle, work.on_the_way[1], Created("id-1")),
            partial(work.held.claim, work.next_ones[1]),
            partial(work.held.settle, work.on_the_way[2], REJECTED),
            partial(work.held.claim, work.next_ones[2]),
        ]
        moves.insert(place, BAD[bad](work))
        done = await together(work.ledger, *moves)
        assert isinstance(done.endings.pop(place), LedgerError | UsageError)
        assert done.endings == [Created("id-1"), None, REJECTED, None]
        assert [states(backend)[index] for index in (0, 1, 2, 6, 7, 8)] == [
            "sending",
            "created",
            "rejected",
            "pending",
            "sending",
            "sending",
        ]
        assert backend.ask("SELECT DISTINCT round FROM sheet_row") == [(0,)]
        assert await work.held.claim(work.next_ones[0]) is None


async def test_a_number_called_recently_is_skipped_and_the_others_are_promised(backend: Backend) -> None:
    """It is no error: the run goes on, and the row says why."""
    async with office(backend) as work:
        done = await together(work.ledger, *[partial(work.second.claim, attempt) for attempt in work.seconds[4:8]])
        assert [isinstance(ending, ClaimRefused) for ending in done.endings] == [True, True, False, False]
        assert states(backend, run="second")[4:8] == ["skipped", "skipped", "sending", "sending"]


@pytest.mark.every_database
async def test_two_runs_that_promise_one_number_at_the_same_moment_call_it_once(backend: Backend) -> None:
    """Written in one group, neither would see the other's attempt."""
    async with office(backend) as work:
        done = await together(
            work.ledger, partial(work.held.claim, work.next_ones[0]), partial(work.second.claim, work.seconds[6])
        )
        assert [type(ending) for ending in done.endings] == [type(None), ClaimRefused]
        assert (states(backend)[6], states(backend, run="second")[6]) == ("sending", "skipped")


@pytest.mark.every_database
async def test_one_id_twice_in_one_group_is_the_firsts(backend: Backend) -> None:
    """The second is unknown, as it would be in a commit of its own."""
    async with office(backend) as work:
        one, other, third = work.on_the_way[:3]
        done = await together(
            work.ledger,
            partial(work.held.settle, one, Created("id-1")),
            partial(work.held.settle, other, Created("id-1")),
            partial(work.held.settle, third, Created("id-3")),
        )
        assert [type(ending) for ending in done.endings] == [Created, Unknown, Created]
        assert states(backend)[:3] == ["created", "unknown", "created"]


async def test_a_number_whose_call_was_refused_may_be_promised_in_the_same_group(backend: Backend) -> None:
    """The refusal is as good as on the disk: both are, or neither is."""
    async with office(backend) as work:
        done = await together(
            work.ledger,
            partial(work.held.settle, work.on_the_way[0], REJECTED),
            partial(work.second.claim, work.seconds[0]),
        )
        assert done.endings == [REJECTED, None]


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_nothing_is_acknowledged_before_its_commit(backend: Backend) -> None:
    """The first byte of a call leaves after the acknowledgement, and a power cut may come between the two."""
    acknowledged = anyio.Event()
    async with office(backend) as work:

        async def claim() -> None:
            await work.held.claim(work.next_ones[0])
            assert states(backend)[6] == "sending"
            acknowledged.set()

        with gate_before_commit(work.ledger) as gate:
            gate.shut()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(claim)
                await gate.somebody_waits()
                await anyio.wait_all_tasks_blocked()
                assert not acknowledged.is_set()
                assert states(backend)[6] == "pending"
                gate.open()
    assert acknowledged.is_set()


@pytest.mark.every_database
async def test_a_commit_that_fails_acknowledges_nobody(backend: Backend) -> None:
    """Claims and endings alike: nothing may be sent, nothing is written, and nobody waits for ever."""
    failed = list[str]()
    async with office(backend) as work:

        async def fails(move: Callable[[], Awaitable[Any]]) -> None:
            with pytest.raises(LedgerError) as raised:
                await move()
            failed.append(str(raised.value))

        moves: list[Callable[[], Awaitable[Any]]] = [partial(work.held.claim, attempt) for attempt in work.next_ones]
        moves += [partial(work.held.settle, attempt, REJECTED) for attempt in work.on_the_way]
        with gate_before_commit(work.ledger) as gate:
            gate.shut()
            gate.leads_nowhere = True
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(fails, in_a_thread(work, lambda _connection: None))
                await gate.somebody_waits()
                for count, move in enumerate(moves, 1):
                    tasks.start_soon(fails, move)
                    await gate.queue_is(count)
                gate.open()
            assert gate.commits == 1, "a disk in trouble was tried a second time"
        assert len(failed) == len(moves) + 1
        assert all("disk is full; free some space" in reason for reason in failed)
        assert states(backend) == ["sending"] * 6 + ["pending"] * 6


async def test_what_is_handed_over_first_is_on_the_disk_before_a_later_claim_is_acknowledged(backend: Backend) -> None:
    """A worker goes on without waiting for its last ending; a crash must still not find more open than were dialled."""
    async with office(backend) as here:
        for attempt, next_one in zip(here.on_the_way, here.next_ones, strict=True):
            confirmed = here.held.settle(attempt, Created(f"id-{attempt.row_id}"))
            await here.held.claim(next_one)
            assert states(backend).count("sending") == 6
            assert await confirmed == Created(f"id-{attempt.row_id}")


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_what_is_handed_over_in_one_turn_of_the_loop_is_one_commit(backend: Backend) -> None:
    """As calls end together: the first of them does not leave for the disk without the others."""
    async with office(backend) as here:
        stand = list[Outcome]()

        async def goes_on(ended: Attempt, attempt: Attempt) -> None:
            confirmed = here.held.settle(ended, Created(f"id-{ended.row_id}"))
            time.sleep(0.01)  # noqa: ASYNC251 - the ledger's thread gets its chance to leave with what there is
            await here.held.claim(attempt)
            stand.append(await confirmed)

        with gate_before_commit(here.ledger) as gate:
            async with anyio.create_task_group() as tasks:
                for pair in zip(here.on_the_way, here.next_ones, strict=True):
                    tasks.start_soon(goes_on, *pair)
            assert gate.commits == 1
        assert len(stand) == 6
        assert states(backend) == ["created"] * 6 + ["sending"] * 6


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_a_ledger_that_closes_in_the_same_turn_writes_what_was_handed_over(backend: Backend) -> None:
    """A call that rang must not be lost between the loop and the ledger's thread."""
    async with office(backend) as here:
        confirmed = [here.held.settle(attempt, Created(f"id-{attempt.row_id}")) for attempt in here.on_the_way]
        here.ledger.close()
        with anyio.fail_after(10):
            assert [await one for one in confirmed] == [Created(f"id-{attempt.row_id}") for attempt in here.on_the_way]
    assert states(backend) == ["created"] * 6 + ["pending"] * 6


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_work_that_is_waited_for_comes_after_what_was_handed_over(backend: Backend) -> None:
    """The ledger commits in the order in which it is asked, however it is asked."""
    ended = "SELECT count(*) FROM attempt WHERE outcome IS NOT NULL"
    async with office(backend) as here:
        confirmed = [here.held.settle(attempt, Created(f"id-{attempt.row_id}")) for attempt in here.on_the_way]
        assert here.ledger._writer.do(lambda connection: connection.exec_driver_sql(ended).scalar()) == 6
        assert len([await one for one in confirmed]) == 6


async def test_an_ending_goes_with_the_claim_that_follows_it(backend: Backend) -> None:
    """A paced worker claims some turns after its last ending: one commit for both, where there were two."""
    async with office(backend) as here:
        here.ledger._writer.endings_wait = 60.0
        with gate_before_commit(here.ledger) as gate, anyio.fail_after(10):
            confirmed = [here.held.settle(attempt, Created(f"id-{attempt.row_id}")) for attempt in here.on_the_way]
            for _ in range(5):
                await anyio.lowlevel.checkpoint()
                time.sleep(0.005)  # noqa: ASYNC251 - the ledger's thread gets its chance to leave with what there is
            await here.held.claim(here.next_ones[0])
            assert len([await one for one in confirmed]) == 6
            assert gate.commits == 1


async def test_an_ending_that_no_claim_follows_does_not_wait_for_one(backend: Backend) -> None:
    """The last rows of a run have nobody behind them."""
    async with office(backend) as here:
        with anyio.fail_after(10):
            for attempt in here.on_the_way:
                assert isinstance(await here.held.settle(attempt, Created(f"id-{attempt.row_id}")), Created)
