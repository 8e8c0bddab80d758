"""`forget`: people are taken out of the ledger, after it was asked; there is no way back."""

import os
import re
from datetime import UTC, datetime, timedelta

import click

from campaign.cli.prompts import agreed
from campaign.config.settings import home_from
from campaign.domain.errors import UsageError
from campaign.ledger.home import scrub
from campaign.ledger.store import Ledger, open_ledger
from campaign.presentation.wording import counted
from campaign.usecases.forget import Candidate, candidate, forget_run, left_elsewhere, older_than

_AGE = re.compile(r"([1-9][0-9]{0,4})d")


def forget(*, run_name: str | None, age: str | None, unfinished: bool, yes: bool) -> int:
    """The verb `forget`."""
    if (run_name is None) == (age is None):
        raise UsageError("say which runs: campaign forget RUN, or campaign forget --older-than 90d")
    home = home_from(os.environ)
    with open_ledger(home, now=_now) as ledger:
        chosen = _chosen(ledger, run_name, age, unfinished=unfinished)
        _ask(chosen, yes=yes)
        for one in chosen:
            rows = forget_run(ledger, one, unfinished=unfinished)
            done = (
                f"{counted(rows, 'row')} forgotten" if one.forgotten is None else f"forgotten on {one.forgotten[:10]}"
            )
            click.echo(f"run {one.record.name}: {done}; its counts, and hashes of its numbers, are kept")
        left = left_elsewhere(ledger, [one.record for one in chosen])
    if chosen:
        # The rows that were taken out stand in the file until it is written anew.
        scrub(home)
    for path in left:
        click.echo(f"may still hold them, and is yours to remove: {path}", err=True)
    return 0


def _chosen(ledger: Ledger, run_name: str | None, age: str | None, *, unfinished: bool) -> list[Candidate]:
    if run_name is not None:
        return [candidate(ledger, run_name)]
    match = _AGE.fullmatch((age or "").strip())
    if match is None:
        raise UsageError(f"--older-than {age!r} is no age; write days: 90d")
    found = older_than(ledger, timedelta(days=int(match[1])))
    kept = [one for one in found if one.unfinished and not unfinished]
    for one in kept:
        click.echo(
            f"run {one.record.name} is left as it is: {one.waiting} rows still to be called, {one.unknown} unknown "
            "(--unfinished forgets them too)",
            err=True,
        )
    chosen = [one for one in found if one not in kept]
    if not chosen:
        click.echo(f"no run is older than {age} and not forgotten yet", err=True)
    return chosen


def _ask(chosen: list[Candidate], *, yes: bool) -> None:
    new = [one for one in chosen if one.forgotten is None]
    if not new:
        return
    names = ", ".join(one.record.name for one in new[:5]) + (", ..." if len(new) > len(new[:5]) else "")
    rows = counted(sum(one.rows for one in new), "row")
    if not agreed(f"Forget the people of {rows} of {names}? There is no way back.", yes=yes):
        raise UsageError("not agreed; nothing was forgotten")


def _now() -> datetime:
    return datetime.now(UTC)
