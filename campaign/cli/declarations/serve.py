"""Flags of `serve` and `worker`."""

from pathlib import Path

import click

from campaign.cli.declarations.help import Verb
from campaign.cli.declarations.options import COUNT, seconds, verb
from campaign.cli.options.serve import ServeOptions, WorkerFlags
from campaign.cli.terminal import Terminal


@click.command(cls=Verb, short_help="the page: upload a sheet, launch it, watch it, in a browser")
@click.option("--port", type=click.IntRange(1, 65_535), default=8737, show_default=True, help="Where it listens.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address; another one needs users.")
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A further name under which a proxy passes requests on; repeatable.",
)
@click.option("--secure", is_flag=True, help="People reach it by https, through a proxy.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("templates"),
    show_default=True,
    help="The folder of templates.",
)
@verb(ServeOptions)
def serve(options: ServeOptions, terminal: Terminal) -> int:
    """Serve the page until stopped: for people who have the list and no terminal.

    On this machine alone it needs no users. For a team it stands behind a proxy with https; add a user first, by
    campaign user add NAME. Runs that it was told to dial go on at its next start.
    """
    from campaign.cli.commands.serving.serve import serve as served  # noqa: PLC0415 - start-up: this pays for a server

    return served(options, terminal)


@click.command(cls=Verb, short_help="take runs of a ledger that several machines share")
@click.option("--name", metavar="NAME", help="For people; the machine's own without it.")
@click.option("--runs", "at_once", type=COUNT, default=8, show_default=True, metavar="N", help="So many at once.")
@click.option(
    "--patience",
    type=seconds(least=10),
    default="30",
    show_default=True,
    metavar="SECONDS",
    help="A worker that is silent for so long is taken for dead.",
)
@verb(WorkerFlags)
def worker(options: WorkerFlags, terminal: Terminal) -> int:
    """Dial the runs that are ordered in the ledger that CAMPAIGN_DB names, until stopped.

    Start one on each machine, all with one key, one team and one suppression.key. A run lives on one of them; if that
    dies, another goes on, and the calls it had on their way are looked up.
    """
    from campaign.cli.commands.serving.worker import worker as on_duty  # noqa: PLC0415 - start-up: pays for the engine

    return on_duty(options, terminal)
