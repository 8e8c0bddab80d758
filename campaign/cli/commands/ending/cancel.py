"""`cancel`: ends a run's waiting rows for good after a confirmation, and says what cannot be taken back."""

from campaign.cli.options.verbs import CancelOptions
from campaign.cli.output import echo, echo_json
from campaign.cli.prompts import agreed
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.domain.result_row import progress_of
from campaign.presentation.calls_ahead import ahead_dict, ahead_line
from campaign.presentation.wording import counted
from campaign.usecases.context import opened_ledger
from campaign.usecases.ending.cancel_run import RunToCancel, cancel_run, run_to_cancel


def cancel(options: CancelOptions, terminal: Terminal) -> int:
    """The command `cancel`."""
    undone = "nothing was cancelled"
    with opened_ledger(terminal) as ledger:
        run = run_to_cancel(ledger, options.run_name)
        question = f"Cancel {_what(run)} of run {run.record.name}? No command calls them after that."
        if not agreed(question, yes=options.yes, terminal=terminal, undone=undone):
            raise UsageError(f"not agreed; {undone}")
        counts = dict(progress_of(cancel_run(ledger, run, reason=options.reason)))
    if options.as_json:
        ahead = [ahead_dict(call) for call in run.next_ahead]
        told = {"run": run.record.name, "counts": counts, "ahead": run.ahead, "calls_ahead": ahead}
        echo_json({**told, "call_backs": run.call_backs, "waiting_elsewhere": dict(run.elsewhere)})
        return 0
    echo(f"run {run.record.name} is cancelled: {', '.join(f'{count} {status}' for status, count in counts.items())}")
    if run.call_backs:
        terminal.say(f"{counted(run.call_backs, 'called row')} will not be called back")
    for name, people in run.elsewhere.items():
        terminal.say(
            f"run {name} has {people} of these people waiting as well, and calls them: campaign cancel {name} ends that"
        )
    if run.ahead:
        terminal.say(f"{counted(run.ahead, 'call')} at AICaller already, which nothing here can take back:")
        for call in run.next_ahead:
            terminal.say(ahead_line(call))
    if unknown := counts.get("unknown"):
        terminal.say(f"{counted(unknown, 'row')} unknown: their phones may have rung; campaign resolve looks them up")
    return 0


def _what(run: RunToCancel) -> str:
    rows = [counted(run.waiting, "row")] if run.waiting else []
    return " and ".join([*rows, *([counted(run.call_backs, "call-back")] if run.call_backs else [])])
