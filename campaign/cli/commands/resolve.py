"""`resolve`: settles lost answers by looking the calls up, and by a person's word. It never sends anything."""

from collections.abc import Iterator
from typing import Any

import anyio

from campaign.cli.options.verbs import ResolveOptions
from campaign.cli.output import echo, echo_json
from campaign.cli.prompts import agreed
from campaign.cli.row_ranges import row_numbers
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.presentation.cures import error_line
from campaign.presentation.dial_events import compared_lines
from campaign.presentation.wording import counted
from campaign.usecases.context import opened_ledger
from campaign.usecases.resolve import Resolved, RunRecord, RunToResolve, run_to_resolve

_SHOWN = 50


def resolve(options: ResolveOptions, terminal: Terminal) -> int:
    """The command `resolve`."""
    rows = row_numbers(options.said, flag="--not-called") if options.said is not None else set()
    write = not options.dry_run
    if rows and not write:
        raise UsageError("--dry-run writes nothing, and --not-called is there to be written down; leave one out")
    with (
        opened_ledger(terminal) as ledger,
        run_to_resolve(ledger, options.run_name, sandbox=options.sandbox, write=write, context=terminal) as run,
    ):
        record, resolved = run.record, anyio.run(run.look_up)
        if not options.as_json:
            echo(*_lines(record, resolved, dry_run=not write))
        moved = _mark_not_called(run, resolved, rows=rows, yes=options.yes, terminal=terminal) if rows else []
        if write:
            # While the run is held: another process that dials it would else write its lines into this file.
            _write_results(run, terminal)
    code = resolved.exit_code(moved=len(moved))
    if options.as_json:
        echo_json(_as_dict(record, resolved, moved=moved, code=code))
    return code


def _mark_not_called(
    run: RunToResolve, resolved: Resolved, *, rows: set[int], yes: bool, terminal: Terminal
) -> list[int]:
    sendings = run.sendings(resolved, rows)
    unsure = sorted(rows - set(resolved.offered))
    but = f" For {_rows(unsure)} the list cannot bear that out." if unsure else ""
    question = f"The next resume calls the people in {_rows(sorted(rows))}.{but} Are you sure that nobody called them?"
    undone = "nothing was changed"
    if not agreed(question, yes=yes, terminal=terminal, undone=undone):
        raise UsageError(f"not agreed; {undone}")
    moved = run.mark_not_called(sendings)
    terminal.say(f"{_rows(moved)}: pending again, on your word; call them with: campaign resume {run.record.name}")
    return moved


def _write_results(run: RunToResolve, terminal: Terminal) -> None:
    try:
        run.write_results()
    except UsageError as error:
        # The file is a view: what was settled is settled.
        terminal.say(f"campaign: {error_line(error)}")


def _lines(record: RunRecord, resolved: Resolved, *, dry_run: bool) -> Iterator[str]:
    settled, listed = resolved.settled, resolved.recent.listed
    if listed.trouble is not None:
        yield f"AICaller's calls could not be listed to the end: {listed.trouble}"
    if (compared := resolved.compared.event) is not None:
        yield from compared_lines(compared)
    if not settled.found and not settled.left:
        yield f"run {record.name}: no answer of it is lost"
        return
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
        command = _not_called_command(record, rows)
        yield f"  {_rows(rows)}: probably not called; if you know that they were not: {command}"


def _not_called_command(record: RunRecord, rows: list[int]) -> str:
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
        "compared": {
            "several": [{"row": row, "_ids": list(ids)} for row, ids in sorted(resolved.compared.several.items())],
            "strangers": [{"row": row, "_id": one} for row, one in sorted(resolved.compared.strangers.items())],
            "called": [{"row": row, "_id": one} for row, one in sorted(resolved.compared.called.items())],
        },
        "not_called": moved,
        "exit_code": code,
    }
