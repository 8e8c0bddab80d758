"""`worker`: takes runs of a shared ledger, until a signal."""

import platform
from functools import partial

import anyio
import anyio.to_thread

from campaign.cli.options.serve import WorkerFlags
from campaign.cli.process.signals import stopping_on_signals
from campaign.cli.terminal import Terminal
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import CampaignError, UsageError
from campaign.usecases.dialling.ready_run import StopRequest


def worker(options: WorkerFlags, terminal: Terminal) -> int:
    """The command `worker`.

    Raises:
        UsageError: what it needs is not installed, or it cannot be a worker as it is.
        LedgerError: the ledger cannot be opened.
    """
    try:
        from campaign.worker import process  # noqa: PLC0415 - an extra, which may not be installed
    except ModuleNotFoundError as error:
        raise UsageError(f"worker: {error.name} is not installed", cure=Cure(CureCode.INSTALL_POSTGRES)) from None
    asked = process.WorkerOptions(options.name or platform.node(), at_once=options.at_once, patience=options.patience)
    stop = StopRequest()
    work = partial(process.work, asked, terminal, stop=stop, say=terminal.as_log().say)
    anyio.run(_until_signal, work, stop)
    return 0


async def _until_signal(work: partial[None], stop: StopRequest) -> None:
    trouble: CampaignError | None = None
    with stopping_on_signals(word="ending; calls on their way may end (again to leave at once)") as stopping:
        async with anyio.create_task_group() as tasks:

            async def ask() -> None:
                await stopping.event.wait()
                stop.ask()

            tasks.start_soon(ask)
            try:
                await anyio.to_thread.run_sync(work)
            except CampaignError as error:
                trouble = error  # raised below, not in a group of one
            tasks.cancel_scope.cancel()
    if trouble is not None:
        raise trouble
