"""Forecast in words: when and where phones ring, how many, what does not fit, the possible cost; and plans compared."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from campaign.preparation.forecast import Outlook
from campaign.presentation.heatmap import plot
from campaign.presentation.wording import counted
from campaign.timing.plan.forecast import row_ranges
from campaign.usecases.dialling.plan_choice import PlanChoice, PlanDifference

_MOST_SHOWN = 120  # characters of a list of rows


def plan_lines(choice: PlanChoice, *, run: str, said: Literal["new", "old"] | None) -> Iterator[str]:
    """One line for each difference, and which of the two holds if that is said already."""
    if choice.notice:
        yield choice.notice
    if not choice.differences:
        return
    holds = {"new": "; the new ones hold", "old": "; the old ones hold", None: ""}[said]
    yield f"the template was changed since run {run} was begun{holds}:"
    yield from difference_lines(choice.differences)


def difference_lines(differences: Sequence[PlanDifference]) -> Iterator[str]:
    """A line for each setting: what the run goes by, and what its template says now."""
    for one in differences:
        yield f"  {one.setting}: {one.begun or 'none'}, now {one.now or 'none'}"


def forecast_lines(outlook: Outlook | None) -> Iterator[str]:
    """The forecast for people; nothing for a run without calls."""
    if outlook is None:
        return
    made = outlook.forecast
    if made.first is not None and made.last is not None:
        calls = counted(made.most_calls, "call")
        yield f"first phone {_shown(made.first)}, last {_shown(made.last)}; {calls} at the most{_cost(outlook)}"
    if outlook.waits is not None:
        yield _DELIVERED[outlook.waits]
    if len(made.hourly) > 1 or outlook.waits is not None:
        yield from (f"  {line}" for line in plot(made, width=76))
    if made.late and outlook.finish_by is not None:
        late = counted(len(made.late), "row")
        yield f"{late} would ring after finish_by, {_shown(outlook.finish_by)}, and stay pending: {_rows(made.late)}"
    if made.never:
        yield f"{counted(len(made.never), 'row')} may not be called at any time within a year: {_rows(made.never)}"


def forecast_dict(outlook: Outlook | None) -> Mapping[str, Any] | None:
    """The forecast as JSON: instants in UTC."""
    if outlook is None:
        return None
    made = outlook.forecast
    return {
        "first": _iso(made.first),
        "last": _iso(made.last),
        "hourly": [{"hour": _iso(hour), "zone": zone, "calls": calls} for hour, zone, calls in made.hourly],
        "late": list(made.late),
        "never": list(made.never),
        "finish_by": _iso(outlook.finish_by),
        "most_calls": made.most_calls,
        "most_cost": None if outlook.most_cost is None else round(outlook.most_cost, 2),
        "deliver": None if outlook.waits is None else "wait" if outlook.waits else "delay",
    }


def waiting_line(until: datetime) -> str:
    """The line that is shown while no call is allowed."""
    return f"nobody may be called before {_shown(until)}; waiting (Ctrl-C stops, campaign resume goes on)"


_DELIVERED = {
    True: "each row is kept here until its phone may ring, and can be stopped until then",
    False: "each row is submitted now, with the moment at which its phone is to ring; that cannot be taken back",
}


def _cost(outlook: Outlook) -> str:
    return "" if outlook.most_cost is None else f", {outlook.most_cost:,.2f} in cost"


def _rows(rows: Sequence[int]) -> str:
    text = row_ranges(rows)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN].rsplit(',', 1)[0]}, ..."


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%a %Y-%m-%d %H:%M} UTC"


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
