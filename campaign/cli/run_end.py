"""Prints how a run ended: text on stderr, and on stdout the results file, or everything as JSON."""

from collections.abc import Callable

from campaign.cli.options.flags import ShownFlags
from campaign.cli.output import echo, echo_json, tell
from campaign.presentation.endings.run_end import end_as_dict, end_lines, warnings_of
from campaign.usecases.dialling.ready_run import DialingEnd, RunRecord


def tell_end(
    record: RunRecord,
    end: DialingEnd,
    *,
    code: int,
    signalled: bool,
    shown: ShownFlags,
    say: Callable[[str], None],
) -> None:
    """Prints how it ended."""
    for line in warnings_of(end):
        tell(f"campaign: {line}")
    for line in [] if shown.quiet else end_lines(record, end, signalled=signalled):
        say(line)
    if shown.as_json:
        echo_json(end_as_dict(record, end, code=code))
    elif end.results is not None:
        echo(str(end.results))
