"""What a launch will do, in one sentence, and the hours and stagger of its plan in words."""

from collections.abc import Iterator

from campaign.config.run_plan import RunPlan
from campaign.preparation.forecast import Outlook
from campaign.preparation.plan.plan_change import shown_settings
from campaign.presentation.page.badge import Badge
from campaign.presentation.wording import counted, local_time

_WHERE = {"sandbox": "in the sandbox, where no phone rings", "loopback": "at the stand-in on this machine"}


def launch_sentence(calls: int, *, service: Badge, outlook: Outlook | None, canary: int | None) -> str:
    """How many calls are made where, and when the first and the last phone rings."""
    where = _WHERE.get(service.kind, "to real phones through AICaller")
    said = f"{calls:,} {'call' if calls == 1 else 'calls'} {where}"
    if canary is not None and canary < calls:
        said += f", {counted(canary, 'row')} of them first, and the rest only if those go well"
    made = None if outlook is None else outlook.forecast
    if made is not None and made.first is not None and made.last is not None:
        said += f"; the first phone rings {local_time(made.first)}, the last {local_time(made.last)}"
    elif outlook is None and calls:
        said += ", each at an hour that the template allows"
    return f"{said}."


def hours_lines(plan: RunPlan) -> Iterator[str]:
    """Each setting of when calls are made, as the template has it."""
    yield from (f"{setting}: {value}" for setting, value in shown_settings(plan))
