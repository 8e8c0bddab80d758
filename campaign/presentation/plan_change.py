"""Wording of a plan change: what a begun run goes by, and what its template says now."""

from collections.abc import Iterator
from typing import Literal

from campaign.usecases.dialling.plan_choice import PlanChoice


def plan_lines(choice: PlanChoice, *, run: str, said: Literal["new", "old"] | None) -> Iterator[str]:
    """One line for each difference, and which of the two holds if that is said already."""
    if choice.notice:
        yield choice.notice
    if not choice.differences:
        return
    holds = {"new": "; the new ones hold", "old": "; the old ones hold", None: ""}[said]
    yield f"the template was changed since run {run} was begun{holds}:"
    for one in choice.differences:
        yield f"  {one.setting}: {one.begun or 'none'}, now {one.now or 'none'}"
