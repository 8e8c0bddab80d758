"""Prints how a run ended: text on stderr, and on stdout the results file, or everything as JSON."""

from campaign.cli.output import echo, echo_json, tell
from campaign.presentation.endings.run_end import end_as_dict, end_lines, warnings_of
from campaign.usecases.dialling.ready_run import DialingEnd, RunRecord


def tell_end(record: RunRecord, end: DialingEnd, *, code: int, signalled: bool, as_json: bool, quiet: bool) -> None:
    """Prints how it ended."""
    for line in warnings_of(end):
        tell(f"campaign: {line}")
    for line in [] if quiet else end_lines(record, end, signalled=signalled):
        tell(line)
    if as_json:
        echo_json(end_as_dict(record, end, code=code))
    elif end.results is not None:
        echo(str(end.results))
