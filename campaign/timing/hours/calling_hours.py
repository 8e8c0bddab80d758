"""Calling hours of a template's `[hours]`: when a person's phone may ring. All code asks here.

number's zones, states  --.
[hours], rules, holidays --> Openings, kept for all who share zones and states --> allowed? next allowed?
"""

from collections.abc import Iterator
from datetime import datetime

from campaign.config.timing_sections import WEEKDAYS, HoursSection
from campaign.domain.instants import millis
from campaign.domain.model import Contact
from campaign.timing.hours.holidays import public_holidays
from campaign.timing.hours.hours import Hours, IsHoliday, Openings, Span, both, daily
from campaign.timing.hours.us_rules import us_rules

ZoneKey = tuple[tuple[str, ...], tuple[str, ...]]
"""The zones where a person may be, and the US states whose rules hold for them: who shares both shares all hours."""


def zone_key_of(contact: Contact) -> ZoneKey:
    """The zone key of a contact: all that decides in which hours the phone may ring."""
    return contact.zones, contact.states


class Ringing:
    """The calling hours of one run.

    Raises:
        ValueError: the windows are none: one line for people.
        UsageError: there is no such calendar of holidays.
    """

    def __init__(self, section: HoursSection | None) -> None:
        self._rules = None if section is None else section.rules
        self._own = None if section is None else _own_hours(section)
        start = None if section is None else section.not_before
        self._not_before = None if start is None else millis(start)
        self._hours: dict[tuple[str, ...], Hours | None] = {}
        self._openings: dict[ZoneKey, Openings] = {}

    @property
    def restricts(self) -> bool:
        """Whether there is any time at which calls are not allowed."""
        return self._own is not None or self._rules is not None

    def hours_of(self, place: ZoneKey) -> Hours | None:
        """The hours that apply to that zone key; None for any time."""
        states = place[1]
        if states not in self._hours:
            law = us_rules().hours_for(states) if self._rules == "us" else None
            self._hours[states] = both(self._own, law) if self._own and law else self._own or law
        return self._hours[states]

    def openings(self, place: ZoneKey) -> Openings:
        """The times at which phones with that zone key may ring."""
        if place not in self._openings:
            self._openings[place] = Openings(self.hours_of(place), place[0], not_before=self._not_before)
        return self._openings[place]

    def allowed(self, contact: Contact, *, now: datetime) -> bool:
        """Whether the contact's phone may begin to ring now (aware)."""
        return self.openings(zone_key_of(contact)).allowed(now)

    def next_allowed(self, contact: Contact, *, now: datetime) -> datetime | None:
        """The first moment from now (aware) at which the contact's phone may ring; None if none within a year.

        It may be now. Of the row's own time (`call_at`) nothing is known here.
        """
        return self.openings(zone_key_of(contact)).next_allowed(now)


def _own_hours(section: HoursSection) -> Hours | None:
    spans = list(_spans(section))
    if not spans:
        return None
    holiday = _holidays(section.holidays) if section.holidays else None
    days = [WEEKDAYS.index(day) for day in section.days]
    return daily(spans, days=days, skip=section.skip, holiday=holiday)


def _spans(section: HoursSection) -> Iterator[Span]:
    if section.begin is not None and section.until is not None:
        yield section.begin, section.until
    for window in section.windows:
        yield window.begin, window.until


def _holidays(written: str) -> IsHoliday:
    """The holidays of a country, `US`, or of a part of one, `US-TX`."""
    country, _, part = written.partition("-")
    return public_holidays(country, subdivision=part or None)
