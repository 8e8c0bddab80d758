"""Timetable of a schedule: the instants of a cron line, or of one local time in a zone, and which of them are due.

    since ----x--------x--------x-----x-- now      x: an instant
              `-- missed --'    |     `-- fires: the latest within the grace
                                `-- within the grace too: fired as one with the latest

Daylight saving time: each local time of a cron line fires once a day. One that does not exist fires at the
next minute that does, together with what is due then anyway; one that exists twice fires at the first.
"""

import difflib
import re
import zoneinfo
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from cronsim import CronSim, CronSimError

from campaign.domain.bounds import is_in_reach
from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.timing.zones.zone_names import every_zone

MOST_NOTED_ONE_BY_ONE = 1_000
"""Instants without a running scheduler are noted one by one, up to so many; those before are noted as one."""

_AT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?")
_CRON_FIELDS = 5
_LATE = "no scheduler was there to fire it in time"


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a schedule fires: repeatedly by its `cron` line in `zone`, or once, `at` an instant (UTC)."""

    zone: str
    cron: str | None = None
    at: datetime | None = None

    def after(self, since: datetime) -> Iterator[datetime]:
        """The instants after that one, in order, UTC."""
        if self.cron is None:
            if self.at is not None and self.at > since:
                yield self.at
            return
        for instant in CronSim(_by_wall_clock(self.cron), since.astimezone(zoneinfo.ZoneInfo(self.zone))):
            # Starting in the second of two equal hours, the iteration repeats the first one's instants.
            if (moment := instant.astimezone(UTC)) > since:
                yield moment

    def between(self, since: datetime, *, until: datetime) -> Iterator[datetime]:
        """The instants after `since`, up to and including `until`."""
        for instant in self.after(since):
            if instant > until:
                return
            yield instant

    def following(self, since: datetime, *, most: int) -> list[datetime]:
        """The next instants after that one, at most so many."""
        return list(islice(self.after(since), most))

    def local(self, instant: datetime) -> datetime:
        """The instant in the zone's local time."""
        return instant.astimezone(zoneinfo.ZoneInfo(self.zone))

    def shown(self, instant: datetime) -> str:
        """The instant as text, `2026-12-01 09:00+01:00`."""
        return self.local(instant).isoformat(sep=" ", timespec="minutes")

    def in_words(self) -> str:
        """The timetable as text: `At 09:00 on Monday through Friday`, or `Once, at 2026-12-01 09:00+01:00`."""
        if self.cron is not None:
            return CronSim(self.cron, datetime(2026, 1, 1, tzinfo=UTC)).explain()
        return f"Once, at {self.shown(self.at)}" if self.at else "Never"


@dataclass(frozen=True, slots=True)
class NotFired:
    """An instant that is not fired, and why; `missed`: no scheduler was running in time."""

    instant: datetime
    why: str
    missed: bool = False


@dataclass(frozen=True, slots=True)
class DueInstants:
    """Which instants are due: the one to fire now, if any, and those that are not fired, oldest first."""

    fire: datetime | None = None
    passed: tuple[NotFired, ...] = ()


def due(timetable: Timetable, *, since: datetime, now: datetime, grace: timedelta) -> DueInstants:
    """Decides which instant after `since` is fired now, and why the others are not."""
    noted = _noted(timetable, since=since, until=now)
    if not noted:
        return DueInstants()
    *earlier, last = noted
    if now - last.instant > grace:
        return DueInstants(passed=(*earlier, last))
    why = f"fired as one with {timetable.shown(last.instant)}"
    passed = (each if now - each.instant > grace else NotFired(each.instant, why) for each in earlier)
    return DueInstants(fire=last.instant, passed=tuple(passed))


def all_passed(timetable: Timetable, *, since: datetime, now: datetime, why: str) -> tuple[NotFired, ...]:
    """The instants after `since` up to now, none of them fired, with that reason."""
    return tuple(NotFired(each.instant, why) for each in _noted(timetable, since=since, until=now))


def cron_timetable(line: str, *, zone: str) -> Timetable:
    """The timetable of a cron line of five fields.

    Raises:
        UsageError: it is no such line, it never comes, or there is no such zone.
    """
    known_zone(zone)
    fields = len(line.split())
    if fields != _CRON_FIELDS:
        raise UsageError(
            Setting.CRON,
            f" {line!r} has {fields} fields; write five: minute hour day-of-month month day-of-week, "
            'such as "0 9 * * mon-fri"',
        )
    try:
        made = Timetable(zone=zone, cron=" ".join(line.split()))
        comes = made.following(datetime(2026, 1, 1, tzinfo=UTC), most=1)
    except CronSimError as error:
        raise UsageError(
            Setting.CRON,
            f" {line!r}: {str(error).lower()}; minutes 0-59, hours 0-23, days 1-31, months 1-12 or jan-dec, "
            "days of the week 0-7 or sun-sat",
        ) from None
    if not comes:
        raise UsageError(Setting.CRON, f" {line!r} never comes; there is no such day")
    return made


def at_timetable(text: str, *, zone: str, now: datetime) -> Timetable:
    """The timetable of one local time in the zone; a UTC offset must be one of the zone's, or Z.

    Raises:
        UsageError: it is no time, does not exist, exists twice, is over, or there is no such zone.
    """
    wall, local_zone = _read_at(text), known_zone(zone)
    if wall.tzinfo is None:
        wall = _only_one(text, wall.replace(tzinfo=local_zone), zone=zone)
    elif wall.tzinfo is not UTC and wall.astimezone(local_zone).utcoffset() != wall.utcoffset():
        there = wall.astimezone(local_zone).isoformat(timespec="minutes")
        raise UsageError(Setting.AT, f" {text}: {zone} has another offset then; leave the offset out, or write {there}")
    if wall <= now:
        raise UsageError(
            Setting.AT, f" {text} is over; it is {now.astimezone(local_zone).isoformat(timespec='minutes')} there"
        )
    return Timetable(zone=zone, at=wall.astimezone(UTC))


def known_zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone with that name.

    Raises:
        UsageError: there is none, or it is one that knows no daylight saving and only looks as if it did.
    """
    known = every_zone()
    named = {each for each in known if "/" in each} | {"UTC"}
    if name in named:
        return zoneinfo.ZoneInfo(name)
    if name in known:
        raise UsageError(
            Setting.TIMEZONE,
            f" {name}: such names keep no daylight saving time, or not that of any place; name a place, "
            "such as America/New_York",
        )
    same = [each for each in named if each.casefold() == name.casefold().replace(" ", "_")]
    near = same or difflib.get_close_matches(name, sorted(named), n=1, cutoff=0.5)
    raise UsageError(
        Setting.TIMEZONE, f" {name!r} is not one; {f'did you mean {near[0]}?' if near else 'try Europe/Berlin'}"
    )


def _noted(timetable: Timetable, *, since: datetime, until: datetime) -> list[NotFired]:
    latest, count, first = deque[datetime](maxlen=MOST_NOTED_ONE_BY_ONE), 0, since
    for instant in timetable.between(since, until=until):
        first = instant if count == 0 else first
        count += 1
        latest.append(instant)
    noted = [NotFired(each, _LATE, missed=True) for each in latest]
    if (others := count - len(latest)) > 0:
        # A year of minutes is told in one line: after so long only the number is of use.
        noted.insert(0, NotFired(first, f"{_LATE}; nor for {others - 1} more before those that follow", missed=True))
    return noted


def _by_wall_clock(line: str) -> str:
    """The cron line without stars for minute and hour; it differs from the original only at clock changes.

    With a star cronsim counts in time that passes: in a night with an hour twice it fires twice, and where clocks are
    changed by half an hour (Lord Howe) it loses an instant.
    """
    minute, hour, *rest = line.split()
    minute = f"0-59{minute[1:]}" if minute.startswith("*") else minute
    hour = f"0-23{hour[1:]}" if hour.startswith("*") else hour
    return " ".join((minute, hour, *rest))


def _read_at(text: str) -> datetime:
    # fromisoformat alone would take a date for its midnight.
    refusal = UsageError(Setting.AT, f" {text!r} is not a time; write it as 2026-12-01T09:00")
    if not _AT.fullmatch(text):
        raise refusal
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise refusal from None
    if not is_in_reach(said):
        raise refusal
    return said


def _only_one(text: str, wall: datetime, *, zone: str) -> datetime:
    first, second = wall.replace(fold=0), wall.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return wall
    if wall.astimezone(UTC).astimezone(wall.tzinfo).replace(tzinfo=None) != wall.replace(tzinfo=None):
        # Read with the offset from before the change, it comes out as the clocks show it after the change.
        after = first.astimezone(UTC).astimezone(wall.tzinfo).isoformat(timespec="minutes")
        raise UsageError(
            Setting.AT,
            f" {text} does not exist in {zone}: the clocks are put forward over it; write {after}, or a time before",
        )
    either = " or ".join(each.isoformat(timespec="minutes") for each in (first, second))
    raise UsageError(Setting.AT, f" {text} comes twice in {zone}, since the clocks are put back; write {either}")
