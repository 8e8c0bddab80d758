"""Heat map of a forecast in text: a line per zone, a column per hour, denser where more phones ring.

calls an hour, CET: from . for the fewest to @ for 200
America/New_York         .@@+        .@@+    1,000
Europe/London         @@@@        @@@@       1,600
                      |        |         |
                      1 Dec 9h 2 Dec 3h  2 Dec 21h
"""

from collections import Counter
from datetime import datetime, timedelta, tzinfo
from math import ceil

from campaign.timing.plan.forecast import Forecast

_DENSITY = ".:-=+*#%@"  # ASCII only: any console can show it
_LEAST_WIDTH = 12
_OVERHANG = 3  # the shortest sum and its distance


def plot(forecast: Forecast, *, width: int = 78, here: tzinfo | None = None) -> list[str]:
    """The lines, none longer than `width` where possible; none for a forecast without calls.

    Args:
        forecast: what is shown.
        width: characters of a line.
        here: the zone of the axis; None for this machine's.
    """
    if not forecast.hourly:
        return []
    zones = sorted({zone for _, zone, _ in forecast.hourly})
    names = max(map(len, zones))
    totals = Counter[str]()
    for _, zone, count in forecast.hourly:
        totals[zone] += count
    sums = max(len(f"{total:,}") for total in totals.values())
    columns, hours = _columns(forecast, max(_LEAST_WIDTH, width - names - sums - 4))
    counts = _counts(forecast, hours)
    most = max(counts.values())
    lines = [_key(most, hours, zone=forecast.hourly[0][0].astimezone(here).tzname())]
    for zone in zones:
        marks = "".join(_mark(counts[zone, column], most) for column in range(columns))
        lines.append(f"{zone:<{names}}  {marks}  {totals[zone]:>{sums},}")
    return [*lines, *_axis(forecast, columns, hours=hours, indent=names + 2, here=here)]


def _columns(forecast: Forecast, room: int) -> tuple[int, int]:
    """The number of columns, and how many hours each one is."""
    hours = (forecast.hourly[-1][0] - forecast.hourly[0][0]) // timedelta(hours=1) + 1
    each = ceil(hours / room)
    return ceil(hours / each), each


def _counts(forecast: Forecast, hours: int) -> Counter[tuple[str, int]]:
    counts = Counter[tuple[str, int]]()
    for hour, zone, count in forecast.hourly:
        counts[zone, (hour - forecast.hourly[0][0]) // timedelta(hours=hours)] += count
    return counts


def _mark(count: int, most: int) -> str:
    return _DENSITY[(count * len(_DENSITY) - 1) // most] if count else " "


def _key(most: int, hours: int, *, zone: str | None) -> str:
    each = "an hour" if hours == 1 else f"in {hours} hours"
    return f"calls {each}, {zone}: from {_DENSITY[0]} for the fewest to {_DENSITY[-1]} for {most:,}"


def _axis(forecast: Forecast, columns: int, *, hours: int, indent: int, here: tzinfo | None) -> list[str]:
    ticks, labels = "", ""
    for column in range(columns):
        if column < len(labels) + (1 if labels else 0):
            continue
        label = _shown((forecast.hourly[0][0] + timedelta(hours=column * hours)).astimezone(here))
        if labels and column + len(label) > columns + _OVERHANG:
            break
        ticks, labels = ticks.ljust(column) + "|", labels.ljust(column) + label
    return [" " * indent + ticks, " " * indent + labels]


def _shown(at: datetime) -> str:
    return f"{at.day} {at:%b} {at.hour}h"
