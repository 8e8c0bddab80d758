"""Run plan: how a run is dialled, merged from template, environment and flags, and stored with the run."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, field_serializer

from campaign.config.outcome_sections import RetrySection
from campaign.config.template import LimitsSection, Template
from campaign.config.timing_sections import HoursSection, StaggerSection
from campaign.domain.errors import TemplateError, UsageError

# Characters between two ids pasted together, or around one.
_NO_ID = frozenset(" ,;'\"<>(){}[]")


class CallPlan(BaseModel):
    """The parts that are the same in every call of a run; stored with the run, so that a resume sends the same.

    Attributes:
        webhooks: (url, event, name of the environment variable that holds the secret, or None): the secret itself is
            never written down.
        reference: the prompt variable that carries a reference of ours, or None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    team_id: str
    call_template_id: str
    record: bool | None = None
    phone_number_id: str | None = None
    from_phone_number: str | None = None
    telephony_provider: str | None = None
    webhooks: tuple[tuple[str, str, str | None], ...] = ()
    reference: str | None = None


class PlanOrigin(BaseModel):
    """What a plan was made from, so that a later command can tell what was changed since.

    Attributes:
        template: absolute path of the template's file.
        region: the flag that replaced the template's, or None; `timezone` likewise, and `start` its `not_before`.
        calls_per_second: as the template has it, whatever a flag says; `max_in_flight` likewise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: str
    region: str | None
    timezone: str | None
    calls_per_second: float
    max_in_flight: int
    start: datetime | None = None


class RunPlan(BaseModel):
    """All that a resume needs to continue a run unchanged; it contains no secret.

    Attributes:
        call_at: whether rows may ask for a time of their own.
        finish_by: aware; no phone rings from then on.
        cost_of_call: in the template's currency; None where it gives no cost.
        template: reads the sheet's rows; None for a run older than this field, and likewise `origin`.
        cancelled: why nobody of it is called any more, not even back; None while somebody may be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    call: CallPlan
    calls_per_second: float
    max_in_flight: int
    call_again_after: timedelta
    max_calls: int | None = None
    hours: HoursSection | None = None
    stagger: StaggerSection | None = None
    call_at: bool = False
    finish_by: datetime | None = None
    cost_of_call: float | None = None
    template: Template | None = None
    # Runs older than these fields keep the rules that they began with: none.
    calls_per_person_per_day: int | None = None
    retry: RetrySection | None = None
    origin: PlanOrigin | None = None
    cancelled: str | None = None

    @property
    def is_timed(self) -> bool:
        """Whether it matters at what time a row is sent."""
        return self.hours is not None or self.stagger is not None or self.call_at or self.finish_by is not None

    def begins(self, now: datetime) -> datetime:
        """When the first phone may ring at the earliest: now, or `[hours] not_before`."""
        start = None if self.hours is None else self.hours.not_before
        return now if start is None else max(now, start)

    @property
    def delays(self) -> bool:
        """Whether rows are submitted ahead of time with `callDelayedUntil`; otherwise they wait here until then."""
        if self.hours is not None and (self.hours.deliver or self.hours.restricts):
            return self.hours.deliver == "delay"
        return self.stagger is not None or self.call_at

    @field_serializer("template")
    def _only_what_reads_rows(self, template: Template | None) -> dict[str, Any] | None:
        # A row that is corrected later is read as the sheet was; the rest of the template is in the plan already.
        if template is None:
            return None
        return template.model_dump(mode="json", include={"columns", "variables", "phone", "language"})


def plan_of(
    template: Template,
    *,
    environment: Mapping[str, str],
    rate: float | None = None,
    max_in_flight: int | None = None,
    sandbox: bool = False,
    origin: PlanOrigin | None = None,
) -> RunPlan:
    """Builds the plan: flags override the environment, which overrides the template, which overrides defaults.

    `origin` is stored with it; None for a plan that no run begins with.

    Raises:
        TemplateError: no team or no call template is named anywhere, or a webhook's secret is not set.
    """
    for webhook in template.call.webhooks:
        if webhook.secret_env and not environment.get(webhook.secret_env):
            raise TemplateError(
                f"the webhook {webhook.url} wants its secret in {webhook.secret_env}; set it, or take secret_env out"
            )
    call = CallPlan(
        team_id=_named("team_id", template.call.team_id, environment, sandbox=sandbox),
        call_template_id=_named("call_template_id", template.call.call_template_id, environment, sandbox=sandbox),
        record=template.call.record,
        phone_number_id=template.call.phone_number_id,
        from_phone_number=template.call.from_phone_number,
        telephony_provider=template.call.telephony_provider,
        webhooks=tuple((hook.url, hook.subscribed_event, hook.secret_env) for hook in template.call.webhooks),
        reference=template.call.reference,
    )
    return RunPlan(
        call=call,
        calls_per_second=rate or template.pace.per_second,
        max_in_flight=max_in_flight or template.pace.max_in_flight,
        call_at=template.columns.call_at is not None,
        template=template,
        origin=origin,
        **_rules_of(template),
    )


def replanned(begun: RunPlan, template: Template, *, origin: PlanOrigin) -> RunPlan:
    """The plan of a begun run with what the template says now of times, retries, limits and pace.

    Its calls and its columns stay. So does its pace, which a flag or a person may have set since, unless the
    template's own was changed.
    """
    rules = _rules_of(template)
    paces = ("calls_per_second", "max_in_flight")
    if begun.origin is not None and any(getattr(begun.origin, name) != getattr(origin, name) for name in paces):
        rules |= {name: getattr(origin, name) for name in paces}
    return begun.model_copy(update={**rules, "origin": origin})


def _rules_of(template: Template) -> dict[str, Any]:
    """What a template says of the way its rows are dialled."""
    limits = template.limits
    return {
        "call_again_after": limits.call_again_after,
        "max_calls": limits.max_calls,
        "hours": template.hours,
        "stagger": template.stagger,
        "finish_by": limits.finish_by,
        "cost_of_call": _cost_of_call(limits),
        "calls_per_person_per_day": limits.calls_per_person_per_day,
        "retry": template.retry,
    }


def origin_of(
    template: Template, path: Path, *, region: str | None, timezone: str | None, start: datetime | None = None
) -> PlanOrigin:
    """The origin of a plan that is made from this file with these flags."""
    return PlanOrigin(
        template=str(path.absolute()),
        region=region,
        timezone=timezone,
        calls_per_second=template.pace.per_second,
        max_in_flight=template.pace.max_in_flight,
        start=start,
    )


def fingerprint_of(template: Template, plan: RunPlan) -> str:
    """Names what a run makes of a sheet: two runs that share it say the same to the same person."""
    # Ids from the environment make other calls as much as ids from the file do.
    return f"{template.fingerprint()[:40]}-{plan.call.team_id}-{plan.call.call_template_id}"


def faster(plan: RunPlan, *, rate: float | None, max_in_flight: int | None) -> RunPlan:
    """The plan, changed by the flags of a resume."""
    return plan.model_copy(
        update={
            "calls_per_second": rate or plan.calls_per_second,
            "max_in_flight": max_in_flight or plan.max_in_flight,
        }
    )


def secrets_of(plan: RunPlan, environment: Mapping[str, str]) -> Mapping[str, str]:
    """The webhook secrets of a plan, keyed by the names of their environment variables.

    Raises:
        UsageError: one is not set any more.
    """
    names = [name for _, _, name in plan.call.webhooks if name]
    for name in names:
        if not environment.get(name):
            raise UsageError(f"the run's webhook wants its secret in {name}; set it, then go on")
    return {name: environment[name] for name in names}


def _cost_of_call(limits: LimitsSection) -> float | None:
    if limits.cost_per_call is None and limits.cost_per_minute is None:
        return None
    return (limits.cost_per_call or 0.0) + (limits.cost_per_minute or 0.0) * (limits.minutes_per_call or 0.0)


def _named(key: str, written: str | None, environment: Mapping[str, str], *, sandbox: bool) -> str:
    variable = f"AICALLER_{key.upper()}"
    value = environment.get(variable) or written or (f"sandbox-{key.replace('_', '-')}" if sandbox else "")
    if not value:
        raise TemplateError(f"no {key}: set {variable}, or write it under [call] in the template")
    if not value.isascii() or not value.isprintable() or _NO_ID & set(value):
        raise TemplateError(f"{key} {value!r} holds a character that no id has; copy it anew from AICaller")
    return value
