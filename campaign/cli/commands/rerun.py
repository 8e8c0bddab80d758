"""`rerun` in words: which run, which rows, why they failed; shown first, then asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from campaign.cli.confirm import require_repairs_agreed
from campaign.cli.prompts import agreed
from campaign.cli.read_choices import choices_from, with_choices
from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.errors import UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import NoteKind
from campaign.intake.files.read_options import Choices
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger
from campaign.preparation.continue_run import named_run, results_path
from campaign.preparation.load_run import fingerprint_of
from campaign.preparation.load_template import read_template
from campaign.preparation.questions import Answers
from campaign.preparation.rerun.corrections import Corrected, held_against
from campaign.preparation.rerun.recognise import recognised
from campaign.preparation.rerun.select_rows import Narrow, Rerun, Span, plan_rerun
from campaign.presentation.masking import masked_text
from campaign.presentation.wording import counted

_SHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_SHOWN = 10
_SPAN = re.compile(r"([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?")
_AGO = re.compile(r"([0-9]{1,6})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Target:
    """The run that is meant, and the results file that was fed back, with how it is read."""

    record: RunRecord
    file: Path | None = None
    choices: Choices | None = None


def target_of(ledger: Ledger, options: Mapping[str, Any]) -> Target:
    """The run that `RUN|RESULTS` names.

    Raises:
        UsageError: there is none, or both a run and a file are called so.
    """
    word: str = options["run_or_file"]
    path = Path(word)
    named = ledger.read.runs.find(word)
    if named is not None and path.is_file():
        raise UsageError(f"{word!r} is a run and a file here; write ./{word} for the file, or go to another folder")
    if named is not None or not (path.exists() or path.suffix.lower() in _SHEETS):
        return Target(named_run(ledger, word))
    return with_choices(
        lambda choices: Target(recognised(ledger, path, choices=choices), path, choices),
        choices_from(options),
        ask=not options["yes"],
    )


def agreed_rerun(ledger: Ledger, target: Target, *, plan: RunPlan, options: Mapping[str, Any]) -> Rerun:
    """What is to be called again, after it was shown and agreed to.

    Raises:
        UsageError: it was not agreed to, or nothing that was asked for may be called again; nothing was sent.
    """
    narrow = narrow_from(options, now=ledger.now())
    template = _template(target.record, plan=plan, options=options)
    fed = _fed(ledger, target, template=template, asked=options["results"])
    answers = Answers(allow_fictitious=options["allow_fictitious"])
    found = plan_rerun(ledger, target.record, plan=plan, narrow=narrow, template=template, fed=fed, answers=answers)
    if not options["quiet"]:
        _show(target, found, fed)
    if not found.rows:
        if narrow != Narrow() or fed is not None:
            raise UsageError(f"no row to call again{_because(found)}; nothing was sent")
        return found
    repaired = sum(note.kind is NoteKind.REPAIRED for note in found.notes)
    require_repairs_agreed(found.notes, total=repaired, said=options["accept_repairs"])
    if not agreed(f"Call {counted(len(found.rows), 'row')} again?", yes=options["yes"]):
        raise UsageError("not agreed; nothing was sent")
    return found


def narrow_from(options: Mapping[str, Any], *, now: datetime) -> Narrow:
    """`--reason`, `--rows` and `--since`.

    Raises:
        UsageError: one of them cannot be read.
    """
    since = options["since"]
    return Narrow(
        reasons=tuple(options["reasons"]),
        rows=() if options["rows"] is None else spans(options["rows"]),
        since=None if since is None else to_text(_instant(since, now=now)),
    )


def spans(text: str) -> tuple[Span, ...]:
    """`3,7-12` as spans.

    Raises:
        UsageError: it is none.
    """
    found = list[Span]()
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first:
            raise UsageError(f"--rows {text!r}: {part.strip()!r} is no row; write rows and spans of them: 3,7-12")
        found.append(Span(first, last))
    return tuple(found)


def _instant(text: str, *, now: datetime) -> datetime:
    ago = _AGO.fullmatch(text.strip())
    if ago is not None:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"--since {text!r} is no time; write how long ago (90m, 24h, 7d), a day (2026-12-01) or 2026-12-01T09:30"
        ) from None
    # Without a zone it is the clock on this person's wall.
    return said.astimezone(UTC)


def _template(record: RunRecord, *, plan: RunPlan, options: Mapping[str, Any]) -> Template | None:
    if options["template"] is None:
        return plan.template
    template = read_template(options["template"], region=options["region"])
    if fingerprint_of(template, plan) != record.template_fingerprint:
        raise UsageError(
            f"{options['template']} makes other calls than the template that run {record.name} was begun with; "
            "leave -t out, or start a new run of the corrected rows: campaign run"
        )
    return template


def _fed(ledger: Ledger, target: Target, *, template: Template | None, asked: Path | None) -> Corrected | None:
    if target.file is None or target.choices is None:
        return None
    fed = held_against(ledger, target.record, target.file, template=template, choices=target.choices)
    results = results_path(target.record, asked=asked)
    if fed.loses and results.exists() and results.samefile(target.file):
        raise UsageError(
            f"{target.file} holds changes that a rerun does not take ({_untaken(fed)}), and would be written over with "
            "the run's results; save it under another name and rerun that, or name another file with --results"
        )
    return fed


def _show(target: Target, found: Rerun, fed: Corrected | None) -> None:
    _say(f"run {target.record.name}: {counted(found.failed.total(), 'failed row')}")
    for reason, count in found.failed.most_common():
        again = found.groups[reason]
        which = "" if again == count else f"; {again} of them now" if again else "; none of them now"
        _say(f"  {count} {masked_text(reason)}{which}")
    for why, rows in found.never.items():
        _say(f"not called: {_rows(rows)} {why}")
    for number, why in list(found.left_out.items())[:_SHOWN]:
        _say(f"left out: row {number}: {masked_text(why)}")
    if len(found.left_out) > _SHOWN:
        _say(f"left out: and {len(found.left_out) - _SHOWN} rows more")
    for one in found.corrected[:_SHOWN]:
        _say(f"corrected: row {one.contact.row}: {', '.join(one.columns)}")
    if len(found.corrected) > _SHOWN:
        _say(f"corrected: and {len(found.corrected) - _SHOWN} rows more")
    for note in found.notes[:_SHOWN]:
        _say(f"  {note.kind.value}: {masked_text(str(note))}")
    if fed is not None and fed.loses:
        _say(f"not taken from {target.file}: {_untaken(fed)}")


def _untaken(fed: Corrected) -> str:
    parts = [f"changes in {counted(count, f'{status} row')}" for status, count in fed.untaken.most_common()]
    parts += [f"column {name!r}" for name in fed.extra[:3]]
    parts += [f"{counted(fed.new, 'row')} of no run"] if fed.new else []
    return ", ".join(parts)


def _because(found: Rerun) -> str:
    parts = [f"{_rows(rows)} {why}" for why, rows in found.never.items()]
    parts += [f"row {number}: {masked_text(why)}" for number, why in list(found.left_out.items())[:3]]
    return f" ({'; '.join(parts)})" if parts else ", of those that were asked for"


def _rows(rows: list[int]) -> str:
    listed = ", ".join(str(row) for row in rows[:_SHOWN])
    return f"{'row' if len(rows) == 1 else 'rows'} {listed}{', ...' if len(rows) > _SHOWN else ''}"


def _say(line: str) -> None:
    click.echo(line, err=True)
