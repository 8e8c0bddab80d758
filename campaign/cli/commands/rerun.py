"""`resume` and `rerun`: continue an existing run, or show its failed rows, confirm, and call them again."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from campaign.cli.commands.dial import dial_options, dialled, notifying, plan_said
from campaign.cli.confirm import require_repairs_agreed
from campaign.cli.options.verbs import RerunOptions, ResumeOptions
from campaign.cli.process.background import in_background, without_background
from campaign.cli.process.handed_over import handed_to_worker
from campaign.cli.process.user_unit import refuse_background, refuse_secrets
from campaign.cli.prompts import agreed
from campaign.cli.read_choices import choices_from, with_choices
from campaign.cli.row_ranges import instant_since
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.domain.instants import to_text
from campaign.presentation.cures import terminal_text
from campaign.presentation.masking import masked_text
from campaign.presentation.outcomes import ends_from
from campaign.presentation.wording import counted
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.begun.plan_choice import PlanChoice
from campaign.usecases.dialling.ready_run import DialOptions
from campaign.usecases.dialling.rerun_rows import (
    Narrow,
    RerunOptions as RowsOptions,
    RerunView,
    RowRange,
    RowsToRerun,
    rows_to_rerun,
    target_of,
)
from campaign.usecases.dialling.resume_run import plan_of_rest, resume_run

_SHOWN = 10
_SPAN = re.compile(r"([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?")


def resume(options: ResumeOptions, terminal: Terminal) -> int:
    """The command `resume`."""
    if options.background:
        refuse_background(terminal.environment, foreground=without_background())
    dial = dial_options(options.dial)
    with notifying(options.dial, run=options.run_name, terminal=terminal):
        with opened_ledger(terminal) as ledger:
            dial, seen = _with_plan(dial, ledger, options.run_name, options=options, terminal=terminal)
            ready = resume_run(
                ledger, options.run_name, options=dial, context=terminal, template=options.template, seen=seen
            )
            if not options.background:
                by_worker = handed_to_worker(
                    ready, dial=options.dial, shown=options.shown, detach=False, terminal=terminal
                )
                if by_worker is not None:
                    return by_worker
                return dialled(ready, dial=options.dial, shown=options.shown, terminal=terminal)
            refuse_secrets([name for _, _, name in ready.order.plan.call.webhooks if name])
        return in_background(ready, dial=options.dial, shown=options.shown, terminal=terminal)


def rerun(options: RerunOptions, terminal: Terminal) -> int:
    """The command `rerun`."""
    dial = dial_options(options.dial)
    ends = None if options.outcome is None else ends_from(options.outcome)
    if ends is not None and any((options.reasons, options.rows, options.since, options.template)):
        raise UsageError("--outcome takes all rows whose call ended so; leave --reason, --rows, --since and -t out")
    with notifying(options.dial, run=options.run_or_file, terminal=terminal), opened_ledger(terminal) as ledger:
        if ends is not None:
            dial, seen = _with_plan(dial, ledger, options.run_or_file, options=options, terminal=terminal)
            ready = resume_run(ledger, options.run_or_file, options=dial, context=terminal, ends=ends, seen=seen)
            return dialled(ready, dial=options.dial, shown=options.shown, terminal=terminal)
        target = with_choices(
            lambda choices: target_of(ledger, options.run_or_file, choices=choices),
            choices_from(options.reading),
            ask=terminal.interactive and not options.shown.yes,
        )
        dial, _ = _with_plan(dial, ledger, target.record.name, options=options, terminal=terminal)
        rows_options = RowsOptions(
            narrow=narrow_from(options.reasons, rows=options.rows, since=options.since, now=terminal.now()),
            template=options.template,
            region=options.region,
            allow_fictitious=options.allow_fictitious,
            dial=dial,
            accept_repairs=options.accept_repairs,
        )
        with rows_to_rerun(ledger, target, options=rows_options, context=terminal) as rows:
            _agree(rows, options=options, terminal=terminal)
            return dialled(rows.ready(), dial=options.dial, shown=options.shown, terminal=terminal)


def _with_plan(
    dial: DialOptions, ledger: Ledger, run: str, *, options: ResumeOptions | RerunOptions, terminal: Terminal
) -> tuple[DialOptions, PlanChoice]:
    """The options with the plan that holds for the rest of the run, asked for where it is open; what was shown."""
    choice = plan_of_rest(ledger, run, template=options.template, said=dial.plan)
    said = plan_said(choice, run=run, dial=options.dial, shown=options.shown, terminal=terminal)
    return replace(dial, plan=said), choice


def narrow_from(reasons: tuple[str, ...], *, rows: str | None, since: str | None, now: datetime) -> Narrow:
    """The row filter from `--reason`, `--rows` and `--since`.

    Raises:
        UsageError: one of them cannot be read.
    """
    return Narrow(
        reasons=reasons,
        rows=() if rows is None else spans(rows),
        since=None if since is None else to_text(instant_since(since, now=now)),
    )


def spans(text: str) -> tuple[RowRange, ...]:
    """`3,7-12` as spans.

    Raises:
        UsageError: it is none.
    """
    found = list[RowRange]()
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first:
            raise UsageError(f"--rows {text!r}: {part.strip()!r} is no row; write rows and spans of them: 3,7-12")
        found.append(RowRange(first, last))
    return tuple(found)


def _agree(rows: RowsToRerun, *, options: RerunOptions, terminal: Terminal) -> None:
    """Shows what is to be called again, and asks.

    Raises:
        UsageError: it was not agreed to, or nothing that was asked for may be called again; nothing was sent.
    """
    found = rows.found
    if not options.shown.quiet:
        _show(rows, found, terminal)
    if not found.to_call:
        if rows.is_narrowed:
            raise UsageError(f"no row to call again{_because(found)}; nothing was sent")
        return
    if rows.repairs_open:
        require_repairs_agreed(found.notes, total=found.repaired, said=False, terminal=terminal)
        rows.accept_repairs()
    if not agreed(f"Call {counted(found.to_call, 'row')} again?", yes=options.shown.yes, terminal=terminal):
        raise UsageError("not agreed; nothing was sent")


def _show(rows: RowsToRerun, found: RerunView, terminal: Terminal) -> None:
    say, target = terminal.say, rows.target
    failed = sum(found.failed.values())
    say(f"run {target.record.name}: {counted(failed, 'failed row') if failed else 'no failed row to call again'}")
    for reason, count in found.failed.items():
        again = found.groups.get(reason, 0)
        which = "" if again == count else f"; {again} of them now" if again else "; none of them now"
        say(f"  {count} {masked_text(reason)}{which}")
    for why, never in found.never:
        say(f"not called: {_rows(never)} {terminal_text(why)}")
    for number, why in found.left_out.first:
        say(f"left out: row {number}: {masked_text(terminal_text(why))}")
    if beyond := found.left_out.count - len(found.left_out.first):
        say(f"left out: and {beyond} rows more")
    for number, columns in found.corrected.first:
        say(f"corrected: row {number}: {columns}")
    if beyond := found.corrected.count - len(found.corrected.first):
        say(f"corrected: and {beyond} rows more")
    for note in found.notes[:_SHOWN]:
        say(f"  {note.kind.value}: {masked_text(str(note))}")
    if found.not_taken is not None:
        say(f"not taken from {target.file}: {found.not_taken}")


def _because(found: RerunView) -> str:
    parts = [f"{_rows(rows)} {terminal_text(why)}" for why, rows in found.never]
    parts += [f"row {number}: {masked_text(terminal_text(why))}" for number, why in found.left_out.first[:3]]
    return f" ({'; '.join(parts)})" if parts else ", of those that were asked for"


def _rows(rows: Sequence[int]) -> str:
    listed = ", ".join(str(row) for row in rows[:_SHOWN])
    return f"{'row' if len(rows) == 1 else 'rows'} {listed}{', ...' if len(rows) > _SHOWN else ''}"
