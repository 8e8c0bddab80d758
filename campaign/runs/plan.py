"""How a run is dialled: the template, the environment and the flags made one, and written down with the run."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from campaign.errors import TemplateError, UsageError
from campaign.outcome_rules import RetrySection
from campaign.requests.compose import CallPlan
from campaign.template import Template


class RunPlan(BaseModel):
    """All that a resume needs to go on as the run began; no secret is in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call: CallPlan
    calls_per_second: float
    max_in_flight: int
    call_again_after: timedelta
    max_calls: int | None = None
    # Runs that were begun before these keep the rules that they were begun with: none.
    calls_per_person_per_day: int | None = None
    retry: RetrySection | None = None


def plan_of(
    template: Template,
    *,
    environment: Mapping[str, str],
    rate: float | None = None,
    max_in_flight: int | None = None,
    sandbox: bool = False,
) -> RunPlan:
    """The plan: flags win over the environment, the environment over the template, the template over defaults.

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
    )
    return RunPlan(
        call=call,
        calls_per_second=rate or template.pace.calls_per_second,
        max_in_flight=max_in_flight or template.pace.max_in_flight,
        call_again_after=template.limits.call_again_after,
        max_calls=template.limits.max_calls,
        calls_per_person_per_day=template.limits.calls_per_person_per_day,
        retry=template.retry,
    )


def faster(plan: RunPlan, *, rate: float | None, max_in_flight: int | None) -> RunPlan:
    """The plan with the flags of a resume."""
    return plan.model_copy(
        update={
            "calls_per_second": rate or plan.calls_per_second,
            "max_in_flight": max_in_flight or plan.max_in_flight,
        }
    )


def secrets_of(plan: RunPlan, environment: Mapping[str, str]) -> Mapping[str, str]:
    """The webhook secrets of a plan, by the names of their variables.

    Raises:
        UsageError: one is not set any more.
    """
    names = [name for _, _, name in plan.call.webhooks if name]
    for name in names:
        if not environment.get(name):
            raise UsageError(f"the run's webhook wants its secret in {name}; set it, then go on")
    return {name: environment[name] for name in names}


def _named(key: str, written: str | None, environment: Mapping[str, str], *, sandbox: bool) -> str:
    variable = f"AICALLER_{key.upper()}"
    value = environment.get(variable) or written or (f"sandbox-{key.replace('_', '-')}" if sandbox else "")
    if not value:
        raise TemplateError(f"no {key}: set {variable}, or write it under [call] in the template")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise TemplateError(f"{key} {value!r} holds a character that no id has; copy it anew from AICaller")
    return value
