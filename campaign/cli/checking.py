"""`check` and `run --dry-run`: what would be done, shown; nothing is sent and nothing is written."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import click

from campaign.aicaller import CallRequest
from campaign.cli.choosing import choices_from, with_choices
from campaign.cli.masking import masked_email, masked_phone
from campaign.cli.wording import counted
from campaign.model import Problem
from campaign.runs.check import SheetReport, check as check_sheet, dry_run as dry_run_sheet, earlier_from
from campaign.runs.plan import plan_of
from campaign.runs.screening import decided
from campaign.runs.template import read_template
from campaign.runs.webhook import with_webhook
from campaign.settings import DEFAULT_BASE_URL, SANDBOX_SERVICE, checked_base_url, home_from, service_of

_SHOWN = 50
_NOTES_SHOWN = 5


def check(*, sheet: Path, template: Path, region: str | None, sandbox: bool, as_json: bool, **options: Any) -> int:
    """The verb `check`."""
    read = read_template(template, region=region)
    # Which team pays does not change what can be known of a sheet.
    plan = plan_of(read, environment=os.environ, sandbox=True)
    with earlier_from(
        home_from(os.environ), service=_service(sandbox=sandbox), template=read, plan=plan, now=_now
    ) as earlier:
        look = partial(check_sheet, sheet, read, plan=plan, earlier=earlier)
        report = with_choices(lambda choices: look(choices=choices), choices_from(options))
    if as_json:
        click.echo(json.dumps(_as_dict(report), indent=2))
    else:
        click.echo("\n".join(_lines(report)))
    if not report.to_call and not report.skipped:
        return 2
    return 1 if report.invalid else 0


def dry_run(*, sheet: Path, template: Path, limit: int | None, **options: Any) -> int:
    """The flag `run --dry-run`: a JSON line for each request, with numbers and addresses masked."""
    read = read_template(template, region=options["region"])
    plan = plan_of(read, environment=os.environ, sandbox=options["sandbox"])
    if options["webhook"] is not None:
        plan = with_webhook(plan, options["webhook"], environment=os.environ)
    service = _service(sandbox=options["sandbox"])
    # Asked before the first line is printed.
    choices = with_choices(partial(decided, sheet, read), choices_from(options), ask=not options["yes"])
    count = 0
    with earlier_from(home_from(os.environ), service=service, template=read, plan=plan, now=_now) as earlier:
        for row, request in dry_run_sheet(sheet, read, plan=plan, earlier=earlier, choices=choices, limit=limit):
            click.echo(json.dumps({"row": row, "request": _masked(request)}, ensure_ascii=False))
            count += 1
    click.echo(f"{count} requests; nothing was sent", err=True)
    return 0


def problem_lines(problems: list[Problem], *, total: int) -> Iterator[str]:
    """The problems for people, the first fifty."""
    yield from (f"  {problem}" for problem in problems[:_SHOWN])
    if len(problems) > _SHOWN or total > len(problems):
        yield f"  and more: {total} rows cannot be called; --json, or the results file, has them all"


def _lines(report: SheetReport) -> Iterator[str]:
    rows, skipped = counted(report.rows, "row"), report.skipped.total()
    yield f"{rows}: {report.to_call} to call, {report.invalid} invalid, {skipped} skipped"
    yield from (f"  skipped: {count} {reason}" for reason, count in report.skipped.most_common())
    yield from (f"  sheet: {notice}" for notice in report.notices)
    for kind, count in report.noted.items():
        yield f"  {count} {kind.value}:"
        yield from (f"    {note}" for note in islice((one for one in report.notes if one.kind is kind), _NOTES_SHOWN))
    if report.diff.done or report.diff.changed:
        yield str(report.diff)
    yield from (
        f"  changed: row {row}, called {call.at} by run {call.run}, row {call.row}"
        for row, call in islice(report.diff.changed.items(), _SHOWN)
    )
    if report.problems:
        yield f"{counted(report.invalid, 'row')} cannot be called:"
        yield from problem_lines(report.problems, total=report.invalid)


def _as_dict(report: SheetReport) -> Mapping[str, Any]:
    return {
        "rows": report.rows,
        "to_call": report.to_call,
        "invalid": report.invalid,
        "skipped": dict(report.skipped),
        "noted": {kind.value: count for kind, count in report.noted.items()},
        "notes": [
            {"kind": n.kind.value, "row": n.row, "column": n.column, "value": n.value, "text": n.text}
            for n in report.notes
        ],
        "notices": report.notices,
        "compared": {
            "run": report.diff.run,
            "new": report.diff.new,
            "changed": sorted(report.diff.changed),
            "done": sorted(report.diff.done),
            "gone": report.diff.gone,
        },
        "problems": [
            {"row": p.row, "column": p.column, "value": p.value, "reason": p.reason, "cure": p.cure}
            for p in report.problems
        ],
    }


def _masked(request: CallRequest) -> Mapping[str, Any]:
    shown: dict[str, Any] = json.loads(request.to_body())
    shown["toPhoneNumber"] = masked_phone(shown["toPhoneNumber"])
    if "fromPhoneNumber" in shown:
        shown["fromPhoneNumber"] = masked_phone(shown["fromPhoneNumber"])
    if "toEmailAddress" in shown:
        shown["toEmailAddress"] = masked_email(shown["toEmailAddress"])
    return shown


def _service(*, sandbox: bool) -> str:
    if sandbox:
        return SANDBOX_SERVICE
    return service_of(checked_base_url(os.environ.get("AICALLER_BASE_URL") or DEFAULT_BASE_URL))


def _now() -> datetime:
    return datetime.now(UTC)
