"""Reads a `call_at` cell as an instant, on the local clock of the person called; nothing is guessed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from campaign.domain.instants import MINUTE, instant_of, millis
from campaign.timing.hours.local_days import change_between, zone
from campaign.timing.zones.time_text import TimeFault, read_time

FURTHEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class CallAt:
    """When to call, UTC; `warning` is one line where the local clock skips that time, or shows it twice."""

    instant: datetime
    warning: str | None = None


def read_call_at(text: str, *, zones: tuple[str, ...], now: datetime) -> CallAt | TimeFault:
    """The instant that a `call_at` cell gives, or why it is refused.

    Args:
        text: the cell, not empty; a typed date and time stands in it as `2026-12-01T09:00:00`.
        zones: every zone where the person may be; where their clocks differ, only a text with its own offset is read.
        now: aware. What is not after it is refused, and what is more than a year after it.
    """
    written = read_time(text)
    if isinstance(written, TimeFault):
        return written
    found = CallAt(written.astimezone(UTC)) if written.tzinfo is not None else _in_zones(written, zones)
    if isinstance(found, TimeFault):
        return found
    shown = f"{found.instant:%Y-%m-%d %H:%M} UTC"
    if found.instant <= now:
        return TimeFault(f"{shown} is past", "give a later time, or leave the cell empty to call now")
    if found.instant - now > FURTHEST_AHEAD:
        return TimeFault(f"{shown} is more than a year ahead", "check the year")
    return found


def _in_zones(wall: datetime, zones: tuple[str, ...]) -> CallAt | TimeFault:
    if not zones:
        return TimeFault("a local time, and it is not known where the person is", "give the row a time zone")
    found = [_in_zone(wall, name) for name in zones]
    if len({one.instant for one in found}) > 1:
        shown = ", ".join(f"{one.instant:%H:%M} UTC in {name}" for one, name in zip(found, zones, strict=True))
        return TimeFault(f"the number may be in several time zones: {shown}", "give the row a time zone")
    return found[0]


def _in_zone(wall: datetime, name: str) -> CallAt:
    """An instant from local time: a time that the clock skips becomes the first minute after it; of two, the first."""
    first = wall.replace(tzinfo=zone(name), fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone(name), fold=1).astimezone(UTC)
    shown = f"{wall:%Y-%m-%d %H:%M}"
    if first == second:
        return CallAt(first)
    if first < second:
        return CallAt(first, f"{shown} comes twice in {name}, where clocks are set back; the first is taken")
    # The two readings lie around the change, the later one being the one of before it.
    change = change_between(millis(second), millis(first), name=name)
    instant = first if change is None else instant_of(-(-change // MINUTE) * MINUTE)
    local = instant.astimezone(zone(name))
    return CallAt(instant, f"{shown} does not exist in {name}, where clocks are set forward; {local:%H:%M} is taken")
