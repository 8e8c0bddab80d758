"""`pace`: shows or changes how fast a run goes."""

from collections.abc import Iterator

from campaign.cli.options.verbs import PaceOptions
from campaign.cli.output import echo, echo_json
from campaign.cli.terminal import Terminal
from campaign.presentation.wording import lasting
from campaign.timing.pace import found_in_words
from campaign.usecases.context import ledger_to_read, opened_ledger
from campaign.usecases.dialling.pace import RunPace, asked_for, change_pace, run_pace


def pace(options: PaceOptions, terminal: Terminal) -> int:
    """The command `pace`."""
    rate, max_in_flight = options.rate, options.max_in_flight
    if rate is None and max_in_flight is None:
        with ledger_to_read(terminal) as ledger:
            shown = run_pace(ledger, options.run_name)
    else:
        with opened_ledger(terminal) as changed:
            shown = change_pace(changed, options.run_name, rate=rate, max_in_flight=max_in_flight)
    if options.as_json:
        echo_json(_as_dict(shown))
    else:
        echo(*_lines(shown))
    return 0


def _lines(shown: RunPace) -> Iterator[str]:
    yield f"{shown.record.name}: {asked_for(shown.plan)}"
    if shown.held_for > 0:
        yield f"  no run of this account sends for {lasting(shown.held_for)}: {shown.account.why}"
    if shown.found is not None and shown.found < shown.plan.calls_per_second:
        part = shown.found / shown.plan.calls_per_second
        found = found_in_words(shown.found)
        yield f"  AICaller was found to take {found} of all runs of this account together:"
        yield f"  {part:.0%} of what was asked for; more is tried after quiet time ({shown.account.why})"


def _as_dict(shown: RunPace) -> dict[str, object]:
    return {
        "run": shown.record.name,
        "calls_per_second": shown.plan.calls_per_second,
        "max_in_flight": shown.plan.max_in_flight,
        "calls_per_second_now": shown.calls_per_second,
        "calls_per_second_found": shown.found,
        "held_for_seconds": max(0.0, shown.held_for),
        "why": shown.account.why or None,
    }
