"""Watching: what a terminal shows of a run that a worker dials. Ctrl-C leaves it running."""

import time

from campaign.cli.options.flags import DialFlags, ShownFlags
from campaign.cli.output import echo
from campaign.cli.terminal import Terminal
from campaign.domain.model import RowState
from campaign.domain.result_row import progress_of
from campaign.usecases.dialling.ready_run import ReadyRun
from campaign.usecases.working.hand_over import HandedOver, hand_over, handed_over, takers

_LOOKS_EVERY_SECONDS = 1.0


def handed_to_worker(
    ready: ReadyRun, *, dial: DialFlags, shown: ShownFlags, detach: bool, terminal: Terminal
) -> int | None:
    """Hands the run to a worker on duty and watches it; its exit code. None where it is to be dialled from here."""
    from_here = dial.sandbox or dial.no_audit or dial.results is not None or dial.notify_url is not None
    workers = () if from_here else takers(ready)
    if not workers:
        return None
    hand_over(ready)
    name = ready.record.name
    if not shown.quiet:
        on_duty = ", ".join(one.name for one in workers)
        terminal.say(f"run {name}: a worker dials it (on duty: {on_duty}); see: campaign status {name}")
    if detach:
        echo(name)
        return 0
    try:
        found = _watched(ready, shown=shown, terminal=terminal)
    except KeyboardInterrupt:
        terminal.say(f"run {name} goes on without this terminal; campaign stop {name} ends its calls")
        return 130
    return _told(found, name=name, terminal=terminal)


def _watched(ready: ReadyRun, *, shown: ShownFlags, terminal: Terminal) -> HandedOver:
    before, silent = "", False
    while True:
        found = handed_over(ready.ledger, ready)
        if silent is not (not takers(ready) and not found.dialled):
            silent = not silent
            if silent:
                terminal.say(f"run {ready.record.name}: no worker gives a heartbeat; it goes on once one is on duty")
        line = ", ".join(f"{count} {status}" for status, count in progress_of(found.counts))
        if line != before and not shown.quiet:
            terminal.say(f"run {ready.record.name}: {line}" + (f"; {found.worker} dials" if found.worker else ""))
        before = line
        if found.dialled:
            return found
        time.sleep(_LOOKS_EVERY_SECONDS)


def _told(found: HandedOver, *, name: str, terminal: Terminal) -> int:
    if found.why_ended is not None:
        terminal.say(f"campaign: the run stopped: {found.why_ended}; go on with: campaign resume {name}")
        return 5
    terminal.say(f"run {name}: its calls are made; campaign results {name} -o FILE writes its results")
    failed = found.counts.get(RowState.REJECTED, 0) + found.counts.get(RowState.UNKNOWN, 0)
    return 1 if failed else 0
