"""How a run ends in words."""

import json

import click

from campaign.domain.model import RowState
from campaign.domain.row_counts import progress_of
from campaign.engine.dial_run import RunEnd
from campaign.ledger.queries.runs import RunRecord


def tell_end(record: RunRecord, end: RunEnd, *, code: int, signalled: bool, as_json: bool, quiet: bool) -> None:
    """Says how it ended: the summary on stderr, and on stdout the results file, or all of it as JSON."""
    for ending in end.lost:
        click.echo(f"campaign: could not be written anywhere, so write it down: {ending}", err=True)
    if end.stop is not None:
        click.echo(f"campaign: the run stopped: {end.stop.why}", err=True)
    if end.trouble:
        click.echo(f"campaign: {end.trouble}", err=True)
    if not quiet:
        tally = ", ".join(f"{count} {status}" for status, count in progress_of(end.counts))
        click.echo(f"run {record.name}: {tally}", err=True)
        for line in _next_steps(record, end, signalled=signalled):
            click.echo(line, err=True)
    if as_json:
        click.echo(json.dumps(_as_dict(record, end, code=code), indent=2))
    elif end.results is not None:
        click.echo(str(end.results))


def _next_steps(record: RunRecord, end: RunEnd, *, signalled: bool) -> list[str]:
    steps = []
    waiting = sum(count for state, count in end.counts.items() if state.shown == RowState.PENDING)
    if waiting:
        stopped = "stopped by a signal; " if signalled else ""
        steps.append(f"{stopped}{waiting} still pending; go on with: campaign resume {record.name}")
    if end.counts.get(RowState.REJECTED):
        steps.append(f"rejected rows can be called again with: campaign rerun {record.name}")
    if end.counts.get(RowState.UNKNOWN):
        steps.append(
            "unknown: these may have been called, so they are never sent again by themselves; look them up with: "
            f"campaign resolve {record.name}"
        )
    return steps


def _as_dict(record: RunRecord, end: RunEnd, *, code: int) -> dict[str, object]:
    return {
        "run": record.name,
        "counts": dict(progress_of(end.counts)),
        "stopped": end.stop.why if end.stop else None,
        "results": str(end.results) if end.results else None,
        "exit_code": code,
    }
