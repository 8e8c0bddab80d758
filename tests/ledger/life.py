"""A process as the ledger sees it, and the world outside, where phones ring or do not."""

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio

from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, ClaimRefused, Outcome
from campaign.ledger.records.runs import Draft, RunRecord
from campaign.ledger.store import Ledger
from campaign.ledger.writes.run_session import JournaledRun
from tests.ledger.backend import WINDOW, Backend, hold, waiting
from tests.ledger.gate import break_disk
from tests.loading import begun, published

Ended = Outcome | ClaimRefused | LedgerError | None


@dataclass(frozen=True)
class Promise:
    """An attempt that was claimed, and by which hold: from here on a phone may ring."""

    attempt: Attempt
    held: JournaledRun
    at: datetime

    @property
    def row(self) -> int:
        return self.attempt.row_id


@dataclass
class World:
    """What no ledger can see.

    Attributes:
        rings: the promises that rang.
        may_ring: promises whose request may be on its way still, with nobody to wait for the answer.
        ids: how many calls were made.
    """

    rings: list[Promise] = field(default_factory=list)
    may_ring: list[Promise] = field(default_factory=list)
    ids: int = 0

    def ring(self, promise: Promise) -> None:
        self.rings.append(promise)

    def next_id(self) -> str:
        self.ids += 1
        return f"id-{self.ids}"

    def rang(self, promise: Promise) -> bool:
        return promise in self.rings


class Process:
    """One that can be killed.

    Attributes:
        holds: the runs that it holds.
        on_the_way: what it has promised, and not settled.
        sound: whether its disk still takes commits.
    """

    def __init__(self, backend: Backend, home: Path) -> None:
        self._backend, self._home = backend, home
        self._ledger: Ledger | None = None
        self._runner = asyncio.Runner()
        self._start()

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            self._ledger = self._open.enter_context(self._backend.open())
        return self._ledger

    def hold(self, record: RunRecord) -> JournaledRun:
        stack = ExitStack()
        held = stack.enter_context(hold(self.ledger, record))
        self.holds[record.name] = (held, stack)
        return held

    def leave(self, name: str) -> None:
        _, stack = self.holds.pop(name)
        stack.close()

    def waiting(self) -> Iterator[tuple[JournaledRun, Attempt]]:
        for held, _ in self.holds.values():
            for attempt in waiting(self.ledger, held.record):
                yield held, attempt

    def claim(self, *wanted: tuple[JournaledRun, Attempt]) -> list[Ended]:
        """All at once, as workers do; what was promised is on its way."""
        ended: list[Ended] = [None] * len(wanted)

        async def one(index: int) -> None:
            held, attempt = wanted[index]
            try:
                ended[index] = await held.claim(attempt)
            except LedgerError as error:
                ended[index] = error

        async def together() -> None:
            async with anyio.create_task_group() as tasks:
                for index in range(len(wanted)):
                    tasks.start_soon(one, index)

        self._runner.run(together())
        at = self._backend.clock.at
        for (held, attempt), ending in zip(wanted, ended, strict=True):
            if ending is None:
                self.on_the_way.append(Promise(attempt, held, at))
        return ended

    def settle(self, promise: Promise, outcome: Outcome, **how: Any) -> Outcome | LedgerError:
        self.on_the_way.remove(promise)

        async def settled() -> Outcome:
            return await promise.held.settle(promise.attempt, outcome, **how)

        with contextlib.suppress(LedgerError):
            return self._runner.run(settled())
        return LedgerError("not written")

    def lose_the_disk(self) -> None:
        break_disk(self.ledger)
        self.sound = False

    def crash(self) -> list[Promise]:
        """Dies without a word, to start anew when it is next asked for something; what it had on its way."""
        lost = self.on_the_way
        paths = [self._home / f"run-{held.record.id}.journal" for held, _ in self.holds.values()]
        journals = {path: path.read_bytes() for path in paths}
        self._end()
        for path, content in journals.items():
            path.write_bytes(content)
        self._start()
        return lost

    def end(self) -> None:
        self._end()
        self._runner.close()

    def _start(self) -> None:
        self.holds = dict[str, tuple[JournaledRun, ExitStack]]()
        self.on_the_way = list[Promise]()
        self.sound = True
        self._open = ExitStack()
        self._ledger = None

    def _end(self) -> None:
        for _, stack in self.holds.values():
            stack.close()
        self._open.close()


def load(ledger: Ledger, made: Draft, rows: list[Any], *, content: str, again: bool) -> str | None:
    """As a run is started: loaded, looked at, published or discarded; the name of an earlier run of the same."""
    draft = begun(ledger, made, rows)
    ledger.drafts.skip_called_recently(draft, call_again_after=WINDOW)
    ended = published(ledger, draft, content=content, again=again)
    ledger.drafts.discard(draft)
    return None if ended.by_this_draft else ended.run
