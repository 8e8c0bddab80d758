"""`forget`: erases people from the ledger after a confirmation; it cannot be undone."""

import re
from datetime import timedelta

from campaign.cli.options.verbs import ForgetOptions
from campaign.cli.output import echo
from campaign.cli.prompts import agreed, decided
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.presentation.calls_ahead import ahead_line
from campaign.presentation.wording import counted
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.ending.forget import (
    Candidate,
    candidate,
    forget_run,
    left_elsewhere,
    older_than,
    remove_leftovers,
    wipe,
)

_AGE = re.compile(r"([1-9][0-9]{0,4})d")


def forget(options: ForgetOptions, terminal: Terminal) -> int:
    """The command `forget`."""
    if (options.run_name is None) == (options.age is None):
        raise UsageError("say which runs: campaign forget RUN, or campaign forget --older-than 90d")
    with opened_ledger(terminal) as ledger:
        chosen = _chosen(ledger, options, terminal)
        _ask(chosen, yes=options.yes, terminal=terminal)
        _ask_about_calls_ahead(chosen, said=options.calls_ahead or None, terminal=terminal)
        for one in chosen:
            rows = forget_run(ledger, one, unfinished=options.unfinished)
            done = (
                f"{counted(rows, 'row')} forgotten" if one.forgotten is None else f"forgotten on {one.forgotten[:10]}"
            )
            echo(f"run {one.record.name}: {done}; its counts, and hashes of its numbers, are kept")
        for path in remove_leftovers([one.record for one in chosen]):
            terminal.say(f"removed, since a writer that was killed had left it: {path}")
        left = left_elsewhere(ledger, [one.record for one in chosen])
    elsewhere = wipe(terminal) if chosen else None
    for path in left:
        terminal.say(f"may still hold them, and is yours to remove: {path}")
    if elsewhere:
        terminal.say(f"may still hold them, and are for the database's operator: {elsewhere}")
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


def _ask_about_calls_ahead(chosen: list[Candidate], *, said: bool | None, terminal: Terminal) -> None:
    """Asks before a run is forgotten whose calls are still to ring: afterwards nobody can tell whom they ring at."""
    with_calls = [one for one in chosen if one.forgotten is None and one.ahead]
    if not with_calls:
        return
    for line in (ahead_line(call) for one in with_calls for call in one.next_ahead):
        terminal.say(line)
    names = ", ".join(one.record.name for one in with_calls[:5])
    calls = counted(sum(one.ahead for one in with_calls), "call")
    question = f"{calls} of {names} on the way already: AICaller makes them all the same. Forget their people now?"
    flags, undone = "--with-calls-ahead, or wait until they have rung", "nothing was forgotten"
    if not decided(question, said=said, flags=flags, terminal=terminal, undone=undone):
        raise UsageError(f"not agreed; {undone}")
