"""Forecast in words: when and where phones ring, how many, what does not fit, the possible cost."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from campaign.preparation.forecast import Outlook
from campaign.presentation.heatmap import plot
from campaign.presentation.wording import counted, local_time
from campaign.timing.plan.forecast import Forecast, row_ranges
from campaign.timing.zones.zone_names import zones_meant

_MOST_SHOWN = 120  # characters of a list of rows


def forecast_lines(outlook: Outlook | None, *, here: tzinfo | None = None) -> Iterator[str]:
    """The forecast for people; nothing for a run without calls.

    Args:
        outlook: the forecast.
        here: where the person who reads is; None for this machine's zone. A phone that rings elsewhere has its own
            time beside it.
    """
    if outlook is None:
        return
    made = outlook.forecast
    if made.first is not None and made.last is not None:
        calls = counted(made.most_calls, "call")
        first, last = (local_time(moment, here=here) + _there(moment, made, here) for moment in (made.first, made.last))
        yield f"first phone {first}, last {last}; {calls} at the most{_cost(outlook)}"
    if outlook.waits is not None:
        yield _DELIVERED[outlook.waits]
    if len(made.hourly) > 1 or outlook.waits is not None:
        yield from (f"  {line}" for line in plot(made, width=76, here=here))
    if made.late and outlook.finish_by is not None:
        late = counted(len(made.late), "row")
        end = local_time(outlook.finish_by, here=here)
        yield f"{late} would ring after finish_by, {end}, and stay pending: {_rows(made.late)}"
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


def waiting_line(until: datetime, *, here: tzinfo | None = None) -> str:
    """The line that is shown while no call is allowed; `here` as in `forecast_lines`."""
    return (
        f"nobody may be called before {local_time(until, here=here)}; waiting (Ctrl-C stops, campaign resume goes on)"
    )


_DELIVERED = {
    True: "each row is kept here until its phone may ring, and can be stopped until then",
    False: "each row is submitted now, with the moment at which its phone is to ring; that cannot be taken back",
}


def _cost(outlook: Outlook) -> str:
    return "" if outlook.most_cost is None else f", {outlook.most_cost:,.2f} in cost"


def _rows(rows: Sequence[int]) -> str:
    text = row_ranges(rows)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN].rsplit(',', 1)[0]}, ..."


def _there(instant: datetime, made: Forecast, here: tzinfo | None) -> str:
    """The same moment where the phone rings, if all of that hour ring in one zone, which has another time."""
    hour = instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    zones = [zone for begin, zone, _ in made.hourly if begin == hour]
    meant = zones_meant(zones[0]) if len(zones) == 1 else ()
    if len(meant) != 1:
        return ""
    there = instant.astimezone(ZoneInfo(meant[0]))
    return "" if there.utcoffset() == instant.astimezone(here).utcoffset() else f" ({there:%H:%M} in {meant[0]})"


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
