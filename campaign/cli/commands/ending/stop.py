"""`stop`: a run begins no new call, in whichever process."""

from campaign.cli.options.verbs import StopOptions
from campaign.cli.output import echo, echo_json
from campaign.cli.terminal import Terminal
from campaign.presentation.wording import counted
from campaign.usecases.context import opened_ledger
from campaign.usecases.ending.stop_run import stop_run


def stop(options: StopOptions, terminal: Terminal) -> int:
    """The command `stop`."""
    with opened_ledger(terminal) as ledger:
        stopped = stop_run(ledger, options.run_name, reason=options.reason)
    name = stopped.record.name
    if options.as_json:
        echo_json({"run": name, "why": stopped.why, "stopped_now": stopped.anew, "waiting": stopped.waiting})
        return 0
    was = "" if stopped.anew else "already "
    echo(f"run {name} is {was}stopped ({stopped.why}): no new call begins; those on their way finish")
    terminal.say(f"{counted(stopped.waiting, 'row')} to call; go on with: campaign resume {name}")
    return 0
