"""`status` and `results`: show what the ledger holds, or write it to a file."""

from collections.abc import Iterator

from campaign.cli.options.verbs import ResultsOptions, StatusOptions
from campaign.cli.output import echo, echo_json, echo_json_text
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.domain.result_row import progress_of
from campaign.presentation.endings.run_reasons import reason_lines, reasons_as_dict
from campaign.presentation.masking import Mask, mask_for
from campaign.usecases.context import ReadableLedger, ledger_to_read
from campaign.usecases.reports import RunReport, elsewhere_warning, report_all, report_run, result_lines, write_report


def status(options: StatusOptions, terminal: Terminal) -> int:
    """The command `status`."""
    name, mask = options.run_name, mask_for(show_numbers=options.show_numbers)
    with ledger_to_read(terminal) as ledger:
        if options.why_row is not None:
            return _explain(ledger, name, options.why_row, mask=mask, as_json=options.as_json)
        reports = [report_run(ledger, name)] if name else report_all(ledger)
        if options.as_json:
            shown = [_as_dict(report, mask) for report in reports]
            echo_json(shown[0] if name else shown)
        elif reports:
            echo(*(line for report in reports for line in _lines(report, mask, options)))
        else:
            terminal.say(f"no runs yet in {ledger.home}")
    return 0


def results(options: ResultsOptions, terminal: Terminal) -> int:
    """The command `results`."""
    with ledger_to_read(terminal) as ledger:
        if str(options.output) == "-":
            for line in result_lines(ledger, options.run_name):
                echo_json_text(line, ends=True)
            return 0
        written = write_report(ledger, options.run_name, options.output)
    if warning := elsewhere_warning(options.output, written):
        terminal.say(f"campaign: {warning}")
    echo(str(written))
    return 0


def _explain(ledger: ReadableLedger, run_name: str | None, row: int, *, mask: Mask, as_json: bool) -> int:
    if run_name is None:
        raise UsageError(f"--why {row}: of which run? Say campaign status RUN --why {row}")
    from campaign.presentation.row_history import story_dict, story_lines  # noqa: PLC0415 - start-up: reads numbers
    from campaign.usecases.explain_row import why  # noqa: PLC0415 - start-up: pays for phonenumbers and pydantic

    story = why(ledger, run_name, row)
    if as_json:
        echo_json(story_dict(story, mask=mask), only_ascii=False)
    else:
        echo(*story_lines(story, mask=mask))
    return 0


def _lines(report: RunReport, mask: Mask, options: StatusOptions) -> Iterator[str]:
    tally = ", ".join(f"{count} {status}" for status, count in progress_of(report.counts))
    record = report.record
    yield f"{record.name}  {record.created_at}  {record.sheet}  at {record.service}: {tally}"
    if options.run_name:
        yield from (f"  {line}" for line in reason_lines(report, mask=mask, full=options.verbose))
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
        **reasons_as_dict(report, mask=mask),
    }
