"""Prints how a run ended: text on stderr, and on stdout the results file, or everything as JSON."""

import json

import click

from campaign.presentation.run_end import end_as_dict, end_lines, warnings_of
from campaign.usecases.dialling.ready_run import DialingEnd, RunRecord


def tell_end(record: RunRecord, end: DialingEnd, *, code: int, signalled: bool, as_json: bool, quiet: bool) -> None:
    """Prints how it ended."""
    for line in warnings_of(end):
        click.echo(f"campaign: {line}", err=True)
    for line in [] if quiet else end_lines(record, end, signalled=signalled):
        click.echo(line, err=True)
    if as_json:
        click.echo(json.dumps(end_as_dict(record, end, code=code), indent=2))
    elif end.results is not None:
        click.echo(str(end.results))
