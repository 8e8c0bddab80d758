"""Plan change: what a template says now of when and how fast to call, compared with what a begun run goes by.

The words, the columns and the people of a run stay as they were loaded; only how the rest is dialled can change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from pydantic import BaseModel

from campaign.config.run_plan import RunPlan
from campaign.domain.cures.runs import resume_run
from campaign.domain.errors import UsageError

_SECTIONS = ("hours", "stagger", "retry")
_LIMITS = ("call_again_after", "calls_per_person_per_day", "max_calls", "finish_by")
_YOUNGER = ("calls_per_person_per_day", "retry")
_PACE = ("calls_per_second", "max_in_flight")


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """One setting that differs, in the template's words.

    Attributes:
        setting: section and key, such as `[hours] from`.
        begun: what the run goes by; None for nothing.
        now: what the template says now; None for nothing.
    """

    setting: str
    begun: str | None
    now: str | None


def plan_differences(begun: RunPlan, now: RunPlan) -> tuple[PlanDifference, ...]:
    """What was changed in the template since the run began: hours, stagger, retries, limits and pace.

    A pace that a flag or `campaign pace` has set is no change of the template.
    """
    if begun.origin is None:
        # Such a run began without these rules, which its template may have had by default ever since.
        now = now.model_copy(update={name: getattr(begun, name) for name in _YOUNGER if getattr(begun, name) is None})
    return (
        *(found for name in _SECTIONS for found in _between(name, _keys(begun, name), _keys(now, name))),
        *_between("limits", _some(begun, _LIMITS), _some(now, _LIMITS)),
        *_between("pace", *_paces(begun, now)),
    )


def shown_settings(plan: RunPlan) -> Iterator[tuple[str, str]]:
    """(setting, value) of when and how often calls are made, in the template's words; only what is said."""
    for section in _SECTIONS:
        yield from ((f"[{section}] {key}", text) for key, text in _keys(plan, section).items() if text is not None)
    yield from ((f"[limits] {key}", text) for key, text in _some(plan, _LIMITS).items() if text is not None)


def moves_times(begun: RunPlan, now: RunPlan) -> bool:
    """Whether hours or stagger differ, so that the waiting rows need other zones and times."""
    return any(_keys(begun, name) != _keys(now, name) for name in ("hours", "stagger"))


def plan_changed(run: str) -> UsageError:
    """Error of a plan that another process has replaced since it was read."""
    return UsageError(
        f"the plan of run {run} was changed by another process meanwhile; nothing was sent", cure=resume_run(run)
    )


def _between(section: str, begun: Mapping[str, str | None], now: Mapping[str, str | None]) -> Iterator[PlanDifference]:
    for key in dict.fromkeys((*begun, *now)):
        if (before := begun.get(key)) != (after := now.get(key)):
            yield PlanDifference(f"[{section}] {key}", before, after)


def _keys(plan: RunPlan, section: str) -> Mapping[str, str | None]:
    """The section's keys that were set, or have a value by themselves; none for no section."""
    found: BaseModel | None = getattr(plan, section)
    return {} if found is None else dict(_flat(found))


def _some(plan: RunPlan, names: tuple[str, ...]) -> Mapping[str, str | None]:
    return {name: _text(getattr(plan, name)) for name in names}


def _paces(begun: RunPlan, now: RunPlan) -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
    """The paces of both templates; none of either where one is not known."""
    if begun.origin is None or now.origin is None:
        return {}, {}
    before, after = ({name: _text(getattr(one, name)) for name in _PACE} for one in (begun.origin, now.origin))
    return before, after


def _flat(section: BaseModel, before: str = "") -> Iterator[tuple[str, str | None]]:
    for name, field in type(section).model_fields.items():
        key, value = f"{before}{field.alias or name}", getattr(section, name)
        if isinstance(value, BaseModel):
            yield from _flat(value, f"{key}.")
        else:
            yield key, _text(value)


def _text(value: Any) -> str | None:
    match value:
        case None | ():
            text = None
        case datetime():
            text = f"{value:%Y-%m-%d %H:%M} UTC"
        case time():
            text = f"{value:%H:%M}"
        case timedelta():
            text = _duration(value)
        case float():
            text = f"{value:g}"
        case BaseModel():
            text = " ".join(f"{key} {one}" for key, one in _flat(value) if one)
        case tuple():
            text = ", ".join(filter(None, map(_text, value)))
        case _:
            text = str(value)
    return text


def _duration(value: timedelta) -> str:
    """As a template has it: 90m, 24h."""
    seconds = value.total_seconds()
    for unit, letter in ((3600, "h"), (60, "m")):
        if seconds and not seconds % unit:
            return f"{seconds / unit:g}{letter}"
    return f"{seconds:g}s"
