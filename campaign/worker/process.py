"""Worker process: on duty while the server can be reached, and again when it comes back; carries runs out in threads.

open the ledger --> register --> every second: who is silent? which runs are ordered? --> jobs --> parts
     ^                                                                                      |
     `---- the server was away, or this process was taken for dead: wait, begin anew <------'
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from campaign.domain.errors import BusyError, CampaignError, LedgerError
from campaign.usecases.context import Context, opened_ledger
from campaign.usecases.dialling.ready_run import StopRequest
from campaign.usecases.working.carry_out import CarriedRun
from campaign.usecases.working.duties import PATIENCE, Duties, Ledger, duties_of, orders_for
from campaign.worker.engine import ENGINE_DOWN, Engine, why_down

_TICK_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """Options of a worker.

    Attributes:
        name: for people.
        at_once: so many runs at the same time.
        patience: seconds after which a silent worker is taken for dead.
    """

    name: str
    at_once: int = 8
    patience: float = PATIENCE.total_seconds()


def work(options: WorkerOptions, context: Context, *, stop: StopRequest, say: Callable[[str], None]) -> None:
    """Takes runs until the stop; an outage of the server, of any length, is waited for.

    Raises:
        UsageError: it cannot be a worker as it is.
        LedgerError: the ledger cannot be opened at all.
    """
    wait, begun = 1.0, False
    while not stop.asked:
        try:
            with opened_ledger(context) as ledger:
                duties = duties_of(ledger, context=context)
                with ledger.workers.duty(name=options.name, takes=duties.takes):
                    say(f"worker {options.name}: on duty at {ledger.place}")
                    begun, wait = True, 1.0
                    asyncio.run(_Shift(options, context, ledger, duties, stop=stop, say=say).stand())
        except (LedgerError, *ENGINE_DOWN) as error:
            trouble = error if isinstance(error, LedgerError) else LedgerError(why_down(error))
            if not begun:
                raise trouble from None
            say(f"worker {options.name}: {_one_line(trouble)}; tried again in {wait:.0f} s")
            stop.wait(wait)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)


@dataclass(slots=True)
class _Shift:
    """From one opening of the ledger to its end."""

    options: WorkerOptions
    context: Context
    ledger: Ledger
    duties: Duties
    stop: StopRequest = field(kw_only=True)
    say: Callable[[str], None] = field(kw_only=True)
    _mine: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    _parts_end: StopRequest = field(default_factory=StopRequest)

    async def stand(self) -> None:
        """Until the stop, or until the ledger or the engine cannot be reached any more.

        Raises:
            LedgerError: the ledger cannot be written any more, or this process was taken for dead.
            Exception: the engine's server cannot be reached.
        """
        options = self.options
        asyncio.get_running_loop().set_exception_handler(self._unheard)
        engine = Engine(self.duties, part=self._part, at_once=options.at_once, patience_seconds=options.patience)
        await asyncio.to_thread(engine.migrate)
        async with engine.app.open_async():
            taking = asyncio.create_task(engine.run_worker(options.name))
            hearing = asyncio.create_task(self._hear())
            try:
                while not (self.stop.asked or taking.done()):
                    await self._tick(engine)
                    await asyncio.wait([taking], timeout=_TICK_SECONDS)
                if not self.stop.asked:
                    raise LedgerError("the engine that hands out runs has ended")
            finally:
                taking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await taking
                # What is being dialled ends its calls, and what is followed is left; the order stands. Else a worker
                # that was taken for dead would be away for as long as it follows.
                self._parts_end.ask()
                hearing.cancel()
                if self._mine:
                    await asyncio.wait(list(self._mine.values()))

    async def _tick(self, engine: Engine) -> None:
        """Everything that any worker may do: each act is safe to be done by two at once."""
        if (trouble := self.ledger.workers.trouble()) is not None:
            raise trouble
        for one in self.ledger.workers.reap(patience=timedelta(seconds=self.options.patience)):
            if one.worker.takes is None and not one.unknown:
                continue  # a thread of the same process, with nothing on its way
            self.say(f"worker {one.worker.name} is silent: taken for dead; {one.unknown} of its calls are unknown")
        ordered = {record.name: record.id for record, _ in orders_for(self.ledger, self.duties.queue)}
        held = self.ledger.read.runs.watch.held()
        await engine.give_up_stalled(but={name for name, number in ordered.items() if number in held})
        await engine.submit(ordered)

    async def _hear(self) -> None:
        """Passes the stop on at once: this thread may be waiting for the server."""
        with self.stop.heard() as stopping:
            await stopping.wait()
        self._parts_end.ask()

    def _unheard(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What a task of the engine has raised, and nobody awaits; that its server is away, `_tick` notices itself."""
        del loop
        error = context.get("exception")
        if not isinstance(error, ENGINE_DOWN):
            self.say(f"worker {self.options.name}: {_one_line(error) if error else context['message']}")

    async def _part(self, run: str) -> None:
        working = self._mine[run] = asyncio.ensure_future(asyncio.to_thread(self._carry_out, run))
        working.add_done_callback(lambda _: self._mine.pop(run, None))
        # The engine may be cancelled; what a person's phone is rung for is not.
        await asyncio.shield(working)

    def _carry_out(self, run: str) -> None:
        try:
            with self.ledger.beside() as own:
                CarriedRun(own, run, self.context, self.options.name, self._parts_end, self.say).carry_out()
        except BusyError:
            return  # another process has it
        except CampaignError as error:
            self.say(f"run {run}: {error}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
