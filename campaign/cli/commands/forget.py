"""`forget`: erases people from the ledger after a confirmation; it cannot be undone."""

import re
from datetime import timedelta

import click

from campaign.cli.options.verbs import ForgetOptions
from campaign.cli.prompts import agreed
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.presentation.wording import counted
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.forget import Candidate, candidate, forget_run, left_elsewhere, older_than, wipe

_AGE = re.compile(r"([1-9][0-9]{0,4})d")


def forget(options: ForgetOptions, terminal: Terminal) -> int:
    """The command `forget`."""
    if (options.run_name is None) == (options.age is None):
        raise UsageError("say which runs: campaign forget RUN, or campaign forget --older-than 90d")
    with opened_ledger(terminal) as ledger:
        home, chosen = ledger.home, _chosen(ledger, options, terminal)
        _ask(chosen, yes=options.yes, terminal=terminal)
        for one in chosen:
            rows = forget_run(ledger, one, unfinished=options.unfinished)
            done = (
                f"{counted(rows, 'row')} forgotten" if one.forgotten is None else f"forgotten on {one.forgotten[:10]}"
            )
            click.echo(f"run {one.record.name}: {done}; its counts, and hashes of its numbers, are kept")
        left = left_elsewhere(ledger, [one.record for one in chosen])
    if chosen:
        wipe(home)
    for path in left:
        terminal.say(f"may still hold them, and is yours to remove: {path}")
    return 0


def _chosen(ledger: Ledger, options: ForgetOptions, terminal: Terminal) -> list[Candidate]:
    age = options.age
    if options.run_name is not None:
        return [candidate(ledger, options.run_name)]
    match = _AGE.fullmatch((age or "").strip())
    if match is None:
        raise UsageError(f"--older-than {age!r} is no age; write days: 90d")
    found = older_than(ledger, timedelta(days=int(match[1])))
    kept = [one for one in found if one.unfinished and not options.unfinished]
    for one in kept:
        terminal.say(
            f"run {one.record.name} is left as it is: {one.waiting} rows still to be called, {one.unknown} unknown "
            "(--unfinished forgets them too)"
        )
    chosen = [one for one in found if one not in kept]
    if not chosen:
        terminal.say(f"no run is older than {age} and not forgotten yet")
    return chosen


def _ask(chosen: list[Candidate], *, yes: bool, terminal: Terminal) -> None:
    new = [one for one in chosen if one.forgotten is None]
    if not new:
        return
    names = ", ".join(one.record.name for one in new[:5]) + (", ..." if len(new) > len(new[:5]) else "")
    rows = counted(sum(one.rows for one in new), "row")
    question, undone = f"Forget the people of {rows} of {names}? There is no way back.", "nothing was forgotten"
    if not agreed(question, yes=yes, terminal=terminal, undone=undone):
        raise UsageError(f"not agreed; {undone}")
