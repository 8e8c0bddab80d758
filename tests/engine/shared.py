"""Pools of several processes on one ledger file and one virtual clock: real rows and statements, and no thread."""

import random
from bisect import bisect_left
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import anyio
from sqlalchemy import Connection, Engine

from campaign.domain.model import Attempt, ClaimRefused
from campaign.ledger.sqlite.engine import open_engines
from campaign.ledger.writes.account_rate import SharedAccount
from campaign.ledger.writes.group_commit import Writer
from campaign.timing.account_rate import AccountPace
from tests.engine.recording import BEGIN, Recorder, Setup


@dataclass
class Committed:
    """Work that was done at once, and whose commit is heard of after some virtual time."""

    given: Any
    at: float

    @property
    def done(self) -> bool:
        return anyio.current_time() >= self.at

    def result(self) -> Any:
        return self.given

    def __await__(self) -> Generator[Any, Any, Any]:
        yield from anyio.sleep_until(self.at).__await__()
        return self.given


@dataclass
class AtOnce:
    """The writer's part, in the event loop's own thread: a thread's time would not be the virtual clock's."""

    engine: Engine
    takes: Callable[[], float] = lambda: 0.0

    def hand_over(self, work: Callable[[Connection], Any]) -> Committed:
        with self.engine.begin() as connection:
            given = work(connection)
        return Committed(given, anyio.current_time() + self.takes())


class Share(Recorder):
    """A recorder whose claims watch the account's row, as the writer does it."""

    account: SharedAccount
    engine: Engine

    async def claim(self, attempt: Attempt) -> ClaimRefused | None:
        recently = await super().claim(attempt)
        with self.engine.begin() as connection:
            self.account.watch(connection)
        return recently


@dataclass
class Machine:
    """One ledger file, and one wall clock that may be set.

    Attributes:
        set_by: how far the wall clock is off.
        rows: the account's row after each change: (pool's time, row).
    """

    home: Path
    set_by: timedelta = timedelta(0)
    takes: Callable[[], float] = lambda: 0.0
    rows: list[tuple[float, AccountPace]] = field(default_factory=list)
    engines: list[Engine] = field(default_factory=list)

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=anyio.current_time()) + self.set_by

    def process(self, recorder: Share, *, rate: float, rows: int, workers: int = 8, first: int = 0) -> Setup:
        """A pool as another process has it: with connections of its own."""
        writing, reading = open_engines(self.home)
        self.engines += [writing, reading]
        writer = cast("Writer", AtOnce(writing, takes=self.takes))
        account = _Noted(service="s", team="t", writer=writer, reading=reading, now=self.now)
        account.machine = self
        recorder.account, recorder.engine = account, writing
        return Setup(recorder, rows=rows, rate=rate, workers=workers, account=account, now=self.now, first=first)

    def close(self) -> None:
        for engine in self.engines:
            engine.dispose()


class _Noted(SharedAccount):
    machine: Machine

    def _write(self, connection: Connection, pace: AccountPace) -> None:
        super()._write(connection, pace)
        self.machine.rows.append((anyio.current_time(), pace))


@contextmanager
def machine(home: Path, *, takes: Callable[[], float] = lambda: 0.0) -> Iterator[Machine]:
    made = Machine(home, takes=takes)
    try:
        yield made
    finally:
        made.close()


async def run_all(*setups: Setup) -> None:
    """All of them at the same time."""
    async with anyio.create_task_group() as tasks:
        for setup in setups:
            tasks.start_soon(setup.run)


def most_in_a_second(times: list[float]) -> int:
    """How many fall into one second, at the most, wherever that second begins."""
    ordered = sorted(times)
    return max(bisect_left(ordered, start + 1.0) - index for index, start in enumerate(ordered))


def now_and_then(seed: int, longest: float) -> Callable[..., float]:
    """A duration: mostly none, at times up to so much."""
    chance = random.Random(seed)
    return lambda *_: chance.uniform(0.0, longest) if chance.random() < 0.3 else 0.0
