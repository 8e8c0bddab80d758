"""`status` and `results`: what the ledger says, shown or written."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from campaign.ledger.store import Ledger, open_ledger
from campaign.results.replace import elsewhere
from campaign.runs.dial import progress_of
from campaign.runs.reports import RunReport, report_all, report_run, write_report
from campaign.settings import home_from


def status(*, run_name: str | None, as_json: bool) -> int:
    """The verb `status`."""
    with open_ledger(home_from(os.environ), now=_now) as ledger:
        reports = [report_run(ledger, run_name)] if run_name else report_all(ledger)
        if as_json:
            shown = [_as_dict(report) for report in reports]
            click.echo(json.dumps(shown[0] if run_name else shown, indent=2))
        elif reports:
            click.echo("\n".join(line for report in reports for line in _lines(report, whole=bool(run_name))))
        else:
            click.echo(_no_runs(ledger), err=True)
    return 0


def results(*, run_name: str, output: Path) -> int:
    """The verb `results`."""
    with open_ledger(home_from(os.environ), now=_now) as ledger:
        written = write_report(ledger, run_name, output)
    if warning := elsewhere(output, written=written):
        click.echo(f"campaign: {warning}", err=True)
    click.echo(str(written))
    return 0


def _lines(report: RunReport, *, whole: bool) -> Iterator[str]:
    tally = ", ".join(f"{count} {status}" for status, count in progress_of(report.counts))
    record = report.record
    yield f"{record.name}  {record.created_at}  {record.sheet}  at {record.service}: {tally}"
    if whole:
        for state, reasons in report.reasons.items():
            for reason, count in reasons:
                yield f"  {state.shown}: {count} {reason}"
        yield f"  results: {record.results_path or 'none written yet'}"


def _as_dict(report: RunReport) -> dict[str, object]:
    record = report.record
    return {
        "run": record.name,
        "sheet": record.sheet,
        "service": record.service,
        "created_at": record.created_at,
        "results": record.results_path or None,
        "counts": dict(progress_of(report.counts)),
        "reasons": {state.shown: dict(reasons) for state, reasons in report.reasons.items()},
    }


def _no_runs(ledger: Ledger) -> str:
    return f"no runs yet in {ledger.home}"


def _now() -> datetime:
    return datetime.now(UTC)
