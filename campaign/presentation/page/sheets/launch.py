"""What a launch will do, in one sentence, and the hours and stagger of its plan in words."""

from collections.abc import Iterator

from campaign.config.reference.template_keys import template_keys
from campaign.config.run_plan import RunPlan
from campaign.preparation.forecast import Outlook
from campaign.preparation.plan.plan_change import shown_settings
from campaign.preparation.summary import Summary
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
    """When phones may ring, and each setting of it as the template has it, with what it means."""
    if plan.hours is None or not plan.hours.restricts:
        yield "Phones may ring at any hour of the day and of the night: the template has no calling hours"
    means = {key.path: key.means for key in template_keys()}
    for setting, value in shown_settings(plan):
        meaning = means.get(setting.replace("[", "").replace("] ", "."), "").partition(";")[0]
        yield f"{setting}: {value}" + (f" ({meaning})" if meaning else "")


def left_out_words(summary: Summary) -> str:
    """How many rows a launch leaves out, and why; empty for none."""
    skipped = sum(summary.skipped.values())
    parts = [
        f"{summary.invalid:,} that cannot be called as they are" if summary.invalid else "",
        f"{skipped:,} on purpose (duplicates, opt-outs and the like)" if skipped else "",
    ]
    said = " and ".join(part for part in parts if part)
    return f"Rows that are left out: {said}." if said else ""
