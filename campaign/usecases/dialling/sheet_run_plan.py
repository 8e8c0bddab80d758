"""Plan of a sheet's run: its options, and all that can be validated of them before the sheet is read."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from campaign.config.run_plan import RunPlan, origin_of, plan_of
from campaign.config.template import Template
from campaign.domain.bounds import YEARS_IN_WORDS, is_in_reach
from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.engine.account import CallingAccount
from campaign.export.overwrite_guard import refuse_foreign
from campaign.followup.canary import canary_bounds
from campaign.intake.edits import NO_EDITS, Edits
from campaign.preparation.drafts.publish import refuse_unusable_name
from campaign.preparation.load_template import read_template
from campaign.timing.zones.start_text import read_start
from campaign.timing.zones.time_text import TimeFault
from campaign.usecases.context import Context
from campaign.usecases.dialling.ready_run import DialOptions, account_of, faults_of
from campaign.usecases.dialling.webhook import with_webhook


@dataclass(frozen=True, slots=True)
class SheetRunOptions:
    """Options of a run: the sheet, its template, and what replaces the template's settings.

    Attributes:
        region: replaces the template's; `timezone` likewise.
        name: of the run; None for one that is made of template and date.
        webhook: one more address to which AICaller sends a webhook when a call is over.
        canary: call so many rows first, and the rest if the outcomes of these allow it.
        again: begin a new run of a sheet that was run before.
        start: no phone rings before; as a person says it, `tomorrow 9am`.
        shown: the name that people know the sheet by, where the file has another.
        edits: cells and rows of the sheet that its owner has changed since.
        said: names all that the owner had said; the draft keeps it.
    """

    sheet: Path
    template: Path
    region: str | None
    timezone: str | None
    name: str | None
    webhook: str | None
    canary: int | None
    again: bool
    dial: DialOptions
    start: str | None = None
    shown: str | None = None
    edits: Edits = NO_EDITS
    said: str = ""


@dataclass(frozen=True, slots=True)
class SheetRun:
    """Run of a sheet, validated as far as it can be without reading the sheet."""

    options: SheetRunOptions
    template: Template
    plan: RunPlan
    account: CallingAccount


def plan_sheet_run(options: SheetRunOptions, *, context: Context, account: CallingAccount | None = None) -> SheetRun:
    """Validates all that can be validated before the sheet is read.

    Args:
        options: what is to be run.
        context: clock and environment.
        account: where it is to be called; None for the one that options and environment name.

    Raises:
        UsageError: the environment, the template or a flag will not do; nothing was sent.
    """
    account = account or account_of(context, options.dial.account)
    template, start = template_from(options.start, options, now=context.now())
    plan = plan_of(
        template,
        environment=context.environment,
        rate=options.dial.rate,
        max_in_flight=options.dial.max_in_flight,
        sandbox=options.dial.account.sandbox,
        origin=origin_of(template, options.template, region=options.region, timezone=options.timezone, start=start),
    )
    if options.webhook is not None:
        plan = with_webhook(plan, options.webhook, environment=context.environment)
    refuse_unusable(options, template=template)
    return SheetRun(options, template, plan, account)


class TemplateOptions(Protocol):
    """Options that name a template, and what replaces its settings."""

    @property
    def template(self) -> Path:
        """The template's file."""

    @property
    def region(self) -> str | None:
        """Replaces the template's."""

    @property
    def timezone(self) -> str | None:
        """Likewise."""


def template_from(text: str | None, options: TemplateOptions, *, now: datetime) -> tuple[Template, datetime | None]:
    """The template, and the instant before which no phone rings, as a person says it; None where nobody does.

    Raises:
        UsageError: the template will not do, or the text is no time to come.
    """
    template = read_template(options.template, region=options.region, timezone=options.timezone)
    if text is None:
        return template, None
    start = _start(text, template, now=now)
    return read_template(options.template, region=options.region, timezone=options.timezone, start=start), start


def _start(text: str, template: Template, *, now: datetime) -> datetime:
    """The instant before which no phone rings: a local time of the template's one zone, else of this machine.

    Raises:
        UsageError: it is no time, or is over.
    """
    zone = None if template.hours is None or template.hours.fixed_zone is None else ZoneInfo(template.hours.fixed_zone)
    there = now.astimezone(zone)
    found = read_start(text, today=there.date())
    if isinstance(found, TimeFault):
        raise UsageError(Setting.START, f" {text!r}: {found.reason}; {found.cure}")
    if not is_in_reach(found):
        raise UsageError(Setting.START, f" {text!r}: write a year {YEARS_IN_WORDS}")
    start = found if found.tzinfo is not None else found.replace(tzinfo=zone) if zone else found.astimezone()
    if start <= now:
        raise UsageError(Setting.START, f" {text!r} is over: it is {there:%Y-%m-%d %H:%M %Z}")
    return start.astimezone(UTC)


def refuse_unusable(options: SheetRunOptions, *, template: Template) -> None:
    """Refuses options that would be refused whatever sheet, account and ledger hold; a dry run refuses them as well.

    Raises:
        UsageError: one of them will not do; nothing was sent.
    """
    faults_of(options.dial.account)
    if options.name is not None:
        refuse_unusable_name(options.name)
    if options.canary is not None:
        canary_bounds(template)
    if options.dial.results is not None:
        _refuse_results_on_sheet(options.dial.results, options.sheet)
        refuse_foreign(options.dial.results)


def _refuse_results_on_sheet(results: Path, sheet: Path) -> None:
    if results.exists() and sheet.exists() and results.samefile(sheet):
        raise UsageError(Setting.RESULTS, f" {results} is the sheet itself, and would be replaced; name another file")
