"""`status` and `results`: what the ledger says, shown or written."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from campaign.config.settings import home_from
from campaign.domain.errors import UsageError
from campaign.domain.row_counts import progress_of
from campaign.export.atomic_write import elsewhere
from campaign.export.printable import visible_line
from campaign.ledger.store import Ledger, open_ledger
from campaign.presentation.masking import Mask, mask_for
from campaign.presentation.row_history import story_dict, story_lines
from campaign.usecases.explain_row import why
from campaign.usecases.reports import RunReport, report_all, report_run, write_report


def status(*, run_name: str | None, as_json: bool, why_row: int | None, show_numbers: bool) -> int:
    """The verb `status`."""
    mask = mask_for(show_numbers=show_numbers)
    with open_ledger(home_from(os.environ), now=_now) as ledger:
        if why_row is not None:
            return _explain(ledger, run_name, why_row, mask=mask, as_json=as_json)
        reports = [report_run(ledger, run_name)] if run_name else report_all(ledger)
        if as_json:
            shown = [_as_dict(report, mask) for report in reports]
            click.echo(json.dumps(shown[0] if run_name else shown, indent=2))
        elif reports:
            click.echo("\n".join(line for report in reports for line in _lines(report, mask, whole=bool(run_name))))
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


def _explain(ledger: Ledger, run_name: str | None, row: int, *, mask: Mask, as_json: bool) -> int:
    if run_name is None:
        raise UsageError(f"--why {row}: of which run? Say campaign status RUN --why {row}")
    story = why(ledger, run_name, row)
    if as_json:
        click.echo(json.dumps(story_dict(story, mask=mask), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(visible_line(line) for line in story_lines(story, mask=mask)))
    return 0


def _lines(report: RunReport, mask: Mask, *, whole: bool) -> Iterator[str]:
    tally = ", ".join(f"{count} {status}" for status, count in progress_of(report.counts))
    record = report.record
    yield f"{record.name}  {record.created_at}  {record.sheet}  at {record.service}: {tally}"
    if whole:
        for state, reasons in report.reasons.items():
            for reason, count in reasons:
                yield f"  {state.shown}: {count} {mask(reason)}"
        yield f"  results: {record.results_path or 'none written yet'}"


def _as_dict(report: RunReport, mask: Mask) -> dict[str, object]:
    record = report.record
    return {
        "run": record.name,
        "sheet": record.sheet,
        "service": record.service,
        "created_at": record.created_at,
        "results": record.results_path or None,
        "counts": dict(progress_of(report.counts)),
        "reasons": {state.shown: _summed(reasons, mask) for state, reasons in report.reasons.items()},
    }


def _summed(reasons: list[tuple[str, int]], mask: Mask) -> dict[str, int]:
    # Two that differ only in a number are one when it is masked.
    summed = Counter[str]()
    for reason, count in reasons:
        summed[mask(reason)] += count
    return dict(summed)


def _no_runs(ledger: Ledger) -> str:
    return f"no runs yet in {ledger.home}"


def _now() -> datetime:
    return datetime.now(UTC)
