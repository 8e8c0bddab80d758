"""Goes on with a prepared run in the background: a unit of systemd dials it, by the plan and flags that were said."""

import shlex
import sys

from campaign.cli.commands.dial import dial_words
from campaign.cli.options.flags import DialFlags, ShownFlags
from campaign.cli.output import echo, echo_json
from campaign.cli.process.user_unit import begin_unit
from campaign.cli.terminal import Terminal
from campaign.usecases.dialling.ready_run import ReadyRun


def in_background(ready: ReadyRun, *, dial: DialFlags, shown: ShownFlags, terminal: Terminal) -> int:
    """Begins the unit, and says how it is watched and stopped; returns the exit code.

    The ledger must be closed: the unit opens it.

    Raises:
        NotStartedError: systemd does not take the unit; the run waits in the ledger.
    """
    run = ready.record.name
    begun = begin_unit(run, ["resume", run, "--yes", *dial_words(dial)], environment=terminal.environment)
    if not shown.quiet:
        terminal.say(f"run {run} goes on in the background, as {begun.unit}")
        terminal.say(f"  how it stands: campaign status {run}; its lines: journalctl --user -u {begun.unit} -f")
        terminal.say(f"  stop it: systemctl --user stop {begun.unit}; go on later: campaign resume {run}")
        if begun.ends_at_logout:
            terminal.say("  it ends when you log out, unless you say once: loginctl enable-linger")
    if shown.as_json:
        echo_json({"run": run, "unit": begun.unit, "results": str(ready.order.results)})
    else:
        echo(str(ready.order.results))
    return 0


def without_background() -> list[str]:
    """The words of this command without the background, for a person who starts it otherwise."""
    return ["campaign", *(shlex.quote(word) for word in sys.argv[1:] if word not in ("--background", "--yes"))]
