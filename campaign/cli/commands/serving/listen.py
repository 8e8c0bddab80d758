"""`listen`: receives webhooks as hints, and polls the calls that they name."""

from functools import partial

import anyio

from campaign.cli.options.verbs import ListenOptions
from campaign.cli.output import echo
from campaign.cli.process.signals import stopping_on_signals
from campaign.cli.terminal import Terminal
from campaign.presentation.follow_events import follow_lines
from campaign.presentation.wording import counted
from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.listen import (
    SECRET_VARIABLE,
    Listening,
    ListenOptions as Address,
    account_to_listen_for,
    listening,
)


def listen(options: ListenOptions, terminal: Terminal) -> int:
    """The command `listen`."""
    return anyio.run(partial(_listen, options, terminal.as_log()))


async def _listen(options: ListenOptions, terminal: Terminal) -> int:
    address = Address(host=options.host, port=options.port, rate=options.rate)
    account = account_to_listen_for(terminal, address)
    with (
        opened_ledger(terminal) as ledger,
        stopping_on_signals(word="no longer listening") as stopping,
    ):
        async with listening(ledger, account, options=address, context=terminal, stop=stopping.event) as listener:
            echo(listener.url)
            async for event in listener.events:
                for line in () if options.quiet else follow_lines(event, verbose=True):
                    terminal.say(line)
        return _ended(listener, signalled=stopping.exit_code, terminal=terminal)


def _ended(listener: Listening, *, signalled: int | None, terminal: Terminal) -> int:
    if listener.refused:
        refused = counted(listener.refused, "webhook")
        terminal.say(f"campaign: {refused} refused: another secret than {SECRET_VARIABLE} came with it")
    if listener.stopped is not None:
        terminal.say(f"campaign: stopped: {listener.stopped.why}")
        return int(listener.stopped.code)
    return signalled or 0
