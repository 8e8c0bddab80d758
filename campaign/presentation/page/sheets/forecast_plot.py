"""Heat map of a forecast as a plot: a line per zone, a column per hour. Pure values; the SVG markup is in a template.

Lengths are those of the view box, as in the report's plots.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from math import ceil
from zoneinfo import ZoneInfo

from campaign.presentation.wording import counted
from campaign.timing.plan.forecast import Forecast
from campaign.timing.zones.zone_names import zones_meant

WIDTH = 720
_NAMES, _TOTALS, _ROW, _TOP, _FOOT = 190, 60, 34, 6, 40
_BAR = 24
_MOST_COLUMNS, _MOST_ZONES, _MOST_TICKS = 48, 12, 6
_PALEST = 0.18
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """The calls of a zone in a column; `title` says the same in words, with the time there."""

    x: float
    y: float
    width: float
    height: float
    opacity: float
    title: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A zone: its name, its hours on its own clocks, and its calls."""

    y: float
    name: str
    there: str
    total: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatTick:
    """A time on the axis, on the reader's clock: the hour, and the day below it where it changes."""

    x: float
    hour: str
    day: str


@dataclass(frozen=True, slots=True)
class HeatPlot:
    """The whole plot.

    Attributes:
        name: what it shows, in one sentence.
        foot: where the axis is.
        totals_x: where the sums stand.
        hours: (beginning on the reader's clock, zone, calls), for those who cannot see it.
    """

    name: str
    height: float
    foot: float
    totals_x: float
    rows: tuple[HeatRow, ...]
    ticks: tuple[HeatTick, ...]
    hours: tuple[tuple[str, str, int], ...]
    width: int = WIDTH


def heat_plot(forecast: Forecast, *, here: tzinfo | None = None) -> HeatPlot | None:
    """The plot; None where all phones ring within an hour, which a sentence says as well.

    Args:
        forecast: what is shown.
        here: the zone of the axis; None for this machine's.
    """
    if len({hour for hour, _, _ in forecast.hourly}) < 2:  # noqa: PLR2004 - a plot of one column shows nothing
        return None
    first, last = forecast.hourly[0][0], forecast.hourly[-1][0]
    hours = (last - first) // _HOUR + 1
    each = ceil(hours / _MOST_COLUMNS)
    columns = ceil(hours / each)
    width = (WIDTH - _NAMES - _TOTALS) / columns
    counts, zones = _counted(forecast, each=each)
    most = max(counts.values())
    rows = tuple(
        _row(zone, place, counts, first=first, step=each * _HOUR, width=width, most=most, here=here)
        for place, zone in enumerate(zones)
    )
    foot = _TOP + _ROW * len(rows)
    return HeatPlot(
        name=f"Calls by hour and time zone, up to {most:,} {'an hour' if each == 1 else f'in {each} hours'}",
        height=foot + _FOOT,
        foot=foot,
        totals_x=_tenth(WIDTH - _TOTALS + 8),
        rows=rows,
        ticks=_ticks(first, columns, step=each * _HOUR, width=width, here=here),
        hours=tuple((f"{hour.astimezone(here):%a %d %b %H:%M}", zone, calls) for hour, zone, calls in forecast.hourly),
    )


def _counted(forecast: Forecast, *, each: int) -> tuple[Mapping[tuple[str, int], int], list[str]]:
    """Calls by (zone, column), and the zones in order; beyond the most frequent they are one."""
    totals = Counter[str]()
    for _, zone, calls in forecast.hourly:
        totals[zone] += calls
    shown = sorted(zone for zone, _ in totals.most_common(_MOST_ZONES))
    others = f"{counted(len(totals) - len(shown), 'more zone')}"
    counts = Counter[tuple[str, int]]()
    for hour, zone, calls in forecast.hourly:
        column = (hour - forecast.hourly[0][0]) // (each * _HOUR)
        counts[zone if zone in shown else others, column] += calls
    return counts, shown if len(shown) == len(totals) else [*shown, others]


def _row(
    zone: str,
    place: int,
    counts: Mapping[tuple[str, int], int],
    *,
    first: datetime,
    step: timedelta,
    width: float,
    most: int,
    here: tzinfo | None,
) -> HeatRow:
    top = _TOP + place * _ROW
    own = {column: calls for (name, column), calls in counts.items() if name == zone}
    meant = zones_meant(zone)
    there = ZoneInfo(meant[0]) if len(meant) == 1 else None
    cells = []
    for column, calls in sorted(own.items()):
        at = first + column * step
        beside = f", {at.astimezone(there):%H:%M} there" if there else ""
        cells.append(
            HeatCell(
                x=_tenth(_NAMES + column * width + 0.5),
                y=top,
                width=_tenth(max(1.5, width - 1)),
                height=_BAR,
                opacity=round(_PALEST + (1 - _PALEST) * calls / most, 2),
                title=f"{at.astimezone(here):%a %d %b %H:%M}{beside}: {counted(calls, 'call')}",
            )
        )
    return HeatRow(top, zone, _hours_there(sorted(own), first, step=step, there=there), f"{sum(own.values()):,}",
                   tuple(cells))  # fmt: skip


def _hours_there(columns: list[int], first: datetime, *, step: timedelta, there: tzinfo | None) -> str:
    """Between which times of day the phones ring, on their own clocks."""
    if there is None:
        return ""
    times = [(first + column * step).astimezone(there) for column in columns]
    begin, end = min(one.hour for one in times), max((one + step).hour or 24 for one in times)
    return f"{begin}h to {end}h there"


def _ticks(
    first: datetime, columns: int, *, step: timedelta, width: float, here: tzinfo | None
) -> tuple[HeatTick, ...]:
    every, found, day = ceil(columns / _MOST_TICKS), list[HeatTick](), ""
    for column in range(0, columns, every):
        at = (first + column * step).astimezone(here)
        shown = f"{at.day} {at:%b}"
        found.append(HeatTick(_tenth(_NAMES + column * width), f"{at:%H:%M}", "" if shown == day else shown))
        day = shown
    return tuple(found)


def _tenth(length: float) -> float:
    return round(float(length), 1)
