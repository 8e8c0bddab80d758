"""`check` and `run --dry-run`: what would be done, shown; nothing is sent and nothing is written."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from campaign.cli.read_choices import answers_from, choices_from, with_choices
from campaign.cli.spool import Spool
from campaign.config.run_plan import plan_of
from campaign.config.settings import DEFAULT_BASE_URL, SANDBOX_SERVICE, checked_base_url, home_from, service_of
from campaign.domain.api_schema import CallRequest
from campaign.export.overwrite_guard import shown
from campaign.preparation.check import Checked, check as check_sheet, dry_run as dry_run_sheet, earlier_from
from campaign.preparation.load_template import read_template
from campaign.preparation.screening import decided
from campaign.preparation.summary import Summary
from campaign.presentation.forecast import forecast_dict, forecast_lines
from campaign.presentation.masking import Mask, mask_for, masked_email, masked_phone
from campaign.presentation.summary import question_lines, summary_as_dict, summary_lines
from campaign.usecases.run_options import with_webhook

_MOST_GROUPS = 50


def check(
    *,
    sheet: Path,
    template: Path,
    region: str | None,
    sandbox: bool,
    as_json: bool,
    verbose: bool,
    problems: Path | None,
    **options: Any,
) -> int:
    """The verb `check`."""
    mask = mask_for(show_numbers=options["show_numbers"])
    read = read_template(template, region=region, timezone=options["timezone"])
    # Which team pays does not change what can be known of a sheet.
    plan = plan_of(read, environment=os.environ, sandbox=True)
    service = _service(sandbox=sandbox)
    with (
        Spool(mask) as spool,
        earlier_from(home_from(os.environ), service=service, template=read, plan=plan, now=_now) as earlier,
    ):
        look = partial(
            check_sheet,
            sheet,
            read,
            plan=plan,
            earlier=earlier,
            answers=answers_from(options),
            problems=problems,
            every=spool.take if as_json or verbose else None,
            now=_now(),
        )
        checked = with_choices(lambda choices: look(choices=choices), choices_from(options))
        code = _code(checked.summary)
        if as_json:
            _tell_json(checked, spool, code=code)
        else:
            _tell(checked, spool if verbose else None, asked=problems, mask=mask)
    return code


def dry_run(*, sheet: Path, template: Path, limit: int | None, **options: Any) -> int:
    """The flag `run --dry-run`: a JSON line for each request, with numbers and addresses masked."""
    read = read_template(template, region=options["region"], timezone=options["timezone"])
    plan = plan_of(read, environment=os.environ, sandbox=options["sandbox"])
    if options["webhook"] is not None:
        plan = with_webhook(plan, options["webhook"], environment=os.environ)
    service = _service(sandbox=options["sandbox"])
    # Asked before the first line is printed.
    choices = with_choices(partial(decided, sheet, read), choices_from(options), ask=not options["yes"])
    count = 0
    dry = partial(dry_run_sheet, choices=choices, answers=answers_from(options), limit=limit, now=_now())
    with earlier_from(home_from(os.environ), service=service, template=read, plan=plan, now=_now) as earlier:
        for row, request in dry(sheet, read, plan=plan, earlier=earlier):
            click.echo(json.dumps({"row": row, "request": _masked(request)}, ensure_ascii=False))
            count += 1
    click.echo(f"{count} requests; nothing was sent", err=True)
    return 0


def _code(summary: Summary) -> int:
    if not summary.to_call and not summary.skipped:
        return 2
    return 1 if summary.invalid or summary.undecided else 0


def _tell(checked: Checked, spool: Spool | None, *, asked: Path | None, mask: Mask) -> None:
    for line in summary_lines(checked.summary, groups=_MOST_GROUPS, mask=mask):
        click.echo(line)
    for line in forecast_lines(checked.outlook):
        click.echo(line)
    for said, found in (("every doubt", spool.notes()), ("every problem", spool.problems())) if spool else ():
        for place, (line, _) in enumerate(found):
            click.echo(f"  {line}" if place else f"{said}:\n  {line}")
    for line in question_lines(checked.summary):
        click.echo(line)
    if checked.problems is not None:
        click.echo(f"rows that cannot be called, to be corrected and run: {shown(checked.problems)}")
    elif asked is not None:
        click.echo(f"every row can be called, so {shown(asked)} was not written")
    elif checked.summary.invalid:
        click.echo("--problems FILE.csv writes these rows as a sheet of their own, -v lists each problem")


def _tell_json(checked: Checked, spool: Spool, *, code: int) -> None:
    """All of it as one object; the long lists are never in memory."""
    known = {
        **summary_as_dict(checked.summary),
        "forecast": forecast_dict(checked.outlook),
        "problems_file": str(checked.problems) if checked.problems else None,
        "exit_code": code,
    }
    click.echo(json.dumps(known, indent=2).removesuffix("\n}"), nl=False)
    for key, found in (("notes", spool.notes()), ("problems", spool.problems())):
        click.echo(f',\n  "{key}": [', nl=False)
        for place, (_, line) in enumerate(found):
            click.echo(f"{',' if place else ''}\n    {line}", nl=False)
        click.echo("\n  ]", nl=False)
    click.echo("\n}")


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
