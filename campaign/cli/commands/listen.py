"""`listen`: webhooks taken as hints, and the calls that they name looked up."""

import os
from functools import partial

import anyio
import click

from campaign.aicaller.read_client import ReadingClient
from campaign.cli.signals import stopping_on_signals
from campaign.config.settings import Account, account_from, home_from
from campaign.domain.clock import WallClock
from campaign.followup.poller import Poller
from campaign.followup.webhook_listener import MOST_WAITING, SECRET_VARIABLE, poll_hinted, refuse_open_door
from campaign.followup.webhook_receiver import Receiver
from campaign.ledger.store import Ledger, open_ledger
from campaign.presentation.follow_events import follow_lines
from campaign.presentation.wording import counted


def listen(*, host: str, port: int, rate: float, quiet: bool) -> int:
    """The verb `listen`."""
    refuse_open_door(host, secret=os.environ.get(SECRET_VARIABLE))
    account = account_from(os.environ)
    with open_ledger(home_from(os.environ), now=WallClock().now) as ledger:
        return anyio.run(partial(_listen, ledger, account=account, address=(host, port), rate=rate, quiet=quiet))


async def _listen(ledger: Ledger, *, account: Account, address: tuple[str, int], rate: float, quiet: bool) -> int:
    clock = WallClock()
    send, hints = anyio.create_memory_object_stream[tuple[str, ...]](MOST_WAITING)
    receiver = Receiver(secret=os.environ.get(SECRET_VARIABLE) or None, ids=send)
    with stopping_on_signals(word="no longer listening") as stopping:
        async with ReadingClient(account, now=clock.now) as reader, anyio.create_task_group() as tasks:
            port = await tasks.start(partial(receiver.serve, address[0], port=address[1]))
            click.echo(f"http://{address[0]}:{port}/")

            async def end_on_stop() -> None:
                await stopping.event.wait()
                send.close()

            tasks.start_soon(end_on_stop)
            poller = Poller(ledger, reader=reader, clock=clock, stop=stopping.event, rate=rate, patient=True)
            async for event in poll_hinted(ledger, service=account.service, poller=poller, hints=hints):
                for line in () if quiet else follow_lines(event, verbose=True):
                    click.echo(line, err=True)
            tasks.cancel_scope.cancel()
    if receiver.refused:
        refused = counted(receiver.refused, "webhook")
        click.echo(f"campaign: {refused} refused: another secret than {SECRET_VARIABLE} came with it", err=True)
    if poller.stopped is not None:
        click.echo(f"campaign: stopped: {poller.stopped.why}", err=True)
        return int(poller.stopped.code)
    return stopping.exit_code or 0
