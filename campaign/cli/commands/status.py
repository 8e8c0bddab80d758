"""`status` and `results`: show what the ledger holds, or write it to a file."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from campaign.cli.options.verbs import ResultsOptions, StatusOptions
from campaign.cli.output import echo, echo_json, echo_json_text
from campaign.cli.row_ranges import instant_since
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.domain.instants import from_text, to_text
from campaign.domain.result_row import progress_of
from campaign.presentation.endings.run_reasons import reason_lines, reasons_as_dict
from campaign.presentation.masking import Mask, mask_for
from campaign.presentation.wording import local_time
from campaign.usecases.context import ReadableLedger, ledger_to_read
from campaign.usecases.reports import (
    WORKER_PATIENCE,
    RunReport,
    elsewhere_warning,
    report_all,
    report_run,
    result_lines,
    write_report,
)

_HEADER = "run  begun  sheet  at: rows"


def status(options: StatusOptions, terminal: Terminal) -> int:
    """The command `status`."""
    name, mask = options.run_name, mask_for(show_numbers=options.show_numbers)
    with ledger_to_read(terminal) as ledger:
        if options.why_row is not None:
            return _explain(ledger, name, options.why_row, mask=mask, as_json=options.as_json)
        reports = [report_run(ledger, name)] if name else _chosen(report_all(ledger), options, now=terminal.now())
        if options.as_json:
            shown = [_as_dict(report, mask) for report in reports]
            echo_json(shown[0] if name else shown)
        elif reports:
            echo(*([] if name else [_HEADER]))
            echo(*(line for report in reports for line in _lines(report, mask, options)))
            echo(*worker_lines(ledger, now=terminal.now()))
        else:
            narrowed = any((options.with_status, options.since, options.limit))
            terminal.say(f"no such runs in {ledger.place}" if narrowed else f"no runs yet in {ledger.place}")
    return 0


def _chosen(reports: list[RunReport], options: StatusOptions, *, now: datetime) -> list[RunReport]:
    since = None if options.since is None else to_text(instant_since(options.since, now=now))
    found = [
        report
        for report in reports
        if (since is None or report.record.created_at >= since)
        and (options.with_status is None or dict(progress_of(report.counts)).get(options.with_status))
    ]
    return found if options.limit is None else found[-options.limit :]


def results(options: ResultsOptions, terminal: Terminal) -> int:
    """The command `results`."""
    with ledger_to_read(terminal) as ledger:
        if str(options.output) == "-":
            for line in result_lines(ledger, options.run_name, all_runs=options.all_runs):
                echo_json_text(line, ends=True)
            return 0
        written = write_report(ledger, options.run_name, options.output, all_runs=options.all_runs)
    if warning := elsewhere_warning(options.output, written):
        terminal.say(f"campaign: {warning}")
    echo(str(written))
    return 0


def _explain(ledger: ReadableLedger, run_name: str | None, row: int, *, mask: Mask, as_json: bool) -> int:
    if run_name is None:
        raise UsageError(f"--why {row}: of which run? Say campaign status RUN --why {row}")
    from campaign.presentation.row_history import story_dict, story_lines  # noqa: PLC0415 - start-up: reads numbers
    from campaign.usecases.watching.explain_row import why  # noqa: PLC0415 - start-up: pays for phonenumbers and pydantic

    story = why(ledger, run_name, row)
    if as_json:
        echo_json(story_dict(story, mask=mask), only_ascii=False)
    else:
        echo(*story_lines(story, mask=mask))
    return 0


def _lines(report: RunReport, mask: Mask, options: StatusOptions) -> Iterator[str]:
    tally = ", ".join(f"{count} {status}" for status, count in progress_of(report.counts))
    record = report.record
    begun = local_time(from_text(record.created_at), pattern="%Y-%m-%d %H:%M %Z")
    yield f"{record.name}  {begun}  {record.sheet}  at {record.service}: {tally}"
    if options.run_name:
        yield from (f"  {line}" for line in reason_lines(report, mask=mask, full=options.verbose))
        yield f"  results: {record.results_path or 'none written yet'}"


def worker_lines(ledger: ReadableLedger, *, now: datetime) -> Iterator[str]:
    """The workers that have begun and not ended; one that died stands here until another notices."""
    for one in ledger.read.runs.workers.on_duty():
        if one.takes is not None:
            silent, since = max(now - one.seen_at, timedelta(0)), local_time(one.started_at)
            seconds = round(silent.total_seconds())
            if silent > WORKER_PATIENCE:
                yield f"worker {one.name}: silent for {seconds} s, so it dials nothing; begun {since}"
            else:
                yield f"worker {one.name}: on duty since {since}, last heartbeat {seconds} s ago"


def _as_dict(report: RunReport, mask: Mask) -> dict[str, object]:
    record = report.record
    return {
        "run": record.name,
        "sheet": record.sheet,
        "service": record.service,
        "created_at": record.created_at,
        "results": record.results_path or None,
        "counts": dict(progress_of(report.counts)),
        **reasons_as_dict(report, mask=mask),
    }
