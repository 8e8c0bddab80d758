"""`resolve`: lost answers settled by looking the calls up, and by a person's word. It never sends anything."""

import json
import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import click

from campaign.cli.prompts import agreed
from campaign.config.run_plan import RunPlan
from campaign.config.settings import home_from
from campaign.domain.errors import UsageError
from campaign.engine.account import CallingAccount, calling_account_from, opened
from campaign.export.overwrite_guard import refuse_foreign
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger, open_ledger
from campaign.preparation.continue_run import named_run, plan_of_record, refuse_other_service
from campaign.presentation.wording import counted
from campaign.usecases.reports import write_report
from campaign.usecases.resolve import Resolved, not_called, resolve_run, take_word
from campaign.usecases.row_ranges import row_numbers

_REFUSED = (401, 403)
_SHOWN = 50


def resolve(*, run_name: str, sandbox: bool, said: str | None, dry_run: bool, yes: bool, as_json: bool) -> int:
    """The verb `resolve`."""
    rows = row_numbers(said, flag="--not-called") if said is not None else set()
    if rows and dry_run:
        raise UsageError("--dry-run writes nothing, and --not-called is there to be written down; leave one out")
    with open_ledger(home_from(os.environ), now=_now) as ledger:
        record = named_run(ledger, run_name)
        place = calling_account_from(os.environ, sandbox=sandbox, fault=None, seed=0)
        refuse_other_service(record, service=place.service)
        plan = plan_of_record(record, rate=None, max_in_flight=None)
        # Without a write nothing can collide with whoever works on the run.
        with nullcontext() if dry_run else ledger.hold(record, call_again_after=plan.call_again_after):
            resolved = anyio.run(partial(_look_up, ledger, record, plan=plan, place=place, write=not dry_run))
            if not as_json:
                click.echo("\n".join(_lines(record, resolved, dry_run=dry_run)))
            moved = _take_word(ledger, record, resolved, rows=rows, yes=yes) if rows else []
        if not dry_run and record.results_path:
            _write_results(ledger, record)
    code = _exit_code(resolved, moved=moved)
    if as_json:
        click.echo(json.dumps(_as_dict(record, resolved, moved=moved, code=code), indent=2))
    return code


async def _look_up(ledger: Ledger, record: RunRecord, *, plan: RunPlan, place: CallingAccount, write: bool) -> Resolved:
    async with opened(place, home=ledger.home) as account:
        return await resolve_run(ledger, record, plan=plan, account=account, now=_now, write=write)


def _take_word(ledger: Ledger, record: RunRecord, resolved: Resolved, *, rows: set[int], yes: bool) -> list[int]:
    sendings = take_word(ledger, record, resolved=resolved, rows=rows)
    unsure = sorted(rows - set(resolved.offered))
    but = f" For {_rows(unsure)} the list cannot bear that out." if unsure else ""
    question = (
        f"Whoever is in {_rows(sorted(rows))} will be called by the next resume.{but} Sure that nobody called them?"
    )
    if not agreed(question, yes=yes):
        raise UsageError("not agreed; nothing was changed")
    moved = not_called(ledger, sendings)
    click.echo(f"{_rows(moved)}: pending again, on your word; call them with: campaign resume {record.name}", err=True)
    return moved


def _write_results(ledger: Ledger, record: RunRecord) -> None:
    path = Path(record.results_path)
    try:
        refuse_foreign(path)
        write_report(ledger, record.name, path)
    except UsageError as error:
        # The file is a view: what was settled is settled.
        click.echo(f"campaign: {error}", err=True)


def _exit_code(resolved: Resolved, *, moved: list[int]) -> int:
    if resolved.settled.left <= len(moved):
        return 0
    if resolved.recent.listed.trouble is None:
        return 1
    return 4 if resolved.recent.listed.status in _REFUSED else 5


def _lines(record: RunRecord, resolved: Resolved, *, dry_run: bool) -> Iterator[str]:
    settled, listed = resolved.settled, resolved.recent.listed
    if not settled.found and not settled.left:
        yield f"run {record.name}: no answer of it is lost"
        return
    if listed.trouble is not None:
        yield f"AICaller's calls could not be listed to the end: {listed.trouble}"
    would = "would be " if dry_run else ""
    calls = counted(listed.entries, "listed call")
    yield f"run {record.name}: {calls}; {len(settled.found)} {would}found, {settled.left} unknown"
    for row, (call_id, by) in sorted(settled.found.items())[:_SHOWN]:
        yield f"  row {row}: created, {call_id}, known by {by}"
    if len(settled.found) > _SHOWN:
        yield f"  and {len(settled.found) - _SHOWN} more; --json, or the results file, has them all"
    for row, ids in sorted(settled.several.items()):
        yield f"  row {row}: DUPLICATE AT SERVER: {', '.join(ids)}"
    for row, doubt in sorted(settled.doubtful.items()):
        yield f"  row {row}: may be {', '.join(doubt.call_ids)}: {doubt.why}"
    yield from _missing_lines(record, resolved)


def _missing_lines(record: RunRecord, resolved: Resolved) -> Iterator[str]:
    reasons = dict[str, list[int]]()
    for row, why in resolved.doubts.items():
        reasons.setdefault(why, []).append(row)
    for why, rows in reasons.items():
        yield f"  {_rows(sorted(rows))}: not in the list, which proves nothing: {why}"
    if resolved.offered:
        rows = list(resolved.offered)
        yield f"  {_rows(rows)}: probably not called; if you know that they were not: {_say_so(record, rows)}"


def _say_so(record: RunRecord, rows: list[int]) -> str:
    return f"campaign resolve {record.name} --not-called {','.join(map(str, rows))}"


def _rows(rows: list[int]) -> str:
    word = "row" if len(rows) == 1 else "rows"
    return f"{word} {', '.join(map(str, rows))}"


def _as_dict(record: RunRecord, resolved: Resolved, *, moved: list[int], code: int) -> dict[str, Any]:
    settled, listed = resolved.settled, resolved.recent.listed
    missing = [{"row": row, "why": resolved.doubts.get(row)} for row in sorted(settled.missing)]
    return {
        "run": record.name,
        "listed": {"calls": listed.entries, "whole": listed.whole, "trouble": listed.trouble},
        "found": [{"row": row, "_id": found[0], "by": found[1]} for row, found in sorted(settled.found.items())],
        "several": [{"row": row, "_ids": list(ids)} for row, ids in sorted(settled.several.items())],
        "doubtful": [
            {"row": row, "_ids": list(doubt.call_ids), "why": doubt.why}
            for row, doubt in sorted(settled.doubtful.items())
        ],
        "missing": [{**one, "probably_not_called": one["row"] in resolved.offered} for one in missing],
        "not_called": moved,
        "exit_code": code,
    }


def _now() -> datetime:
    return datetime.now(UTC)
