"""Call times: the zone of a row's person, and the row's own call time; or why they cannot be known."""

from collections.abc import Mapping
from datetime import datetime

from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.intake.contacts.columns import Columns
from campaign.intake.contacts.findings import Findings
from campaign.timing.hours.calling_hours import Ringing, ZoneKey
from campaign.timing.hours.hours import Openings
from campaign.timing.hours.us_rules import us_rules
from campaign.timing.zones.call_at import read_call_at
from campaign.timing.zones.recipient_zone import ZoneFault, zones_of_person
from campaign.timing.zones.time_text import TimeFault
from campaign.timing.zones.us_states import state_named, state_of_zip

When = tuple[tuple[str, ...], tuple[str, ...], datetime | None]
"""Zones, states and own call time of a contact."""
NO_TIME: When = ((), (), None)


def times_of(columns: Columns, template: Template, *, now: datetime) -> "CallTimes | None":
    """Builds the reader of one sheet's times; None where no rule of the template needs it.

    Raises:
        UsageError: the holiday calendar is unknown.
        ValueError: the template's windows are invalid.
    """
    hours, stagger = template.hours, template.stagger
    by_zones = stagger is not None and stagger.order == "zones"
    named = [columns.call_at, columns.timezone, columns.state, columns.zip]
    if not by_zones and (hours is None or not hours.restricts) and all(index is None for index in named):
        return None
    return CallTimes(columns, template, now=now)


class CallTimes:
    """Reads zone and call time from a row's number and cells.

    Args:
        columns: the columns that hold them.
        template: its hours, if it has any.
        now: aware; a time that is not after it is refused.
    """

    def __init__(self, columns: Columns, template: Template, *, now: datetime) -> None:
        hours = template.hours
        self._columns, self._now = columns, now
        self._fixed = None if hours is None else hours.fixed_zone
        self._fallback = None if hours is None else hours.fallback
        self._us = us_rules() if hours is not None and hours.rules == "us" else None
        self._ringing = Ringing(hours)
        self._never: dict[ZoneKey, bool] = {}

    def of(self, findings: Findings, phone: str) -> When:
        """Reads a row's times; what cannot be known is a problem."""
        cells = {use: self._cell(findings, index) for use, index in self._places().items()}
        zones = self._zones(findings, phone, cells)
        states = self._states(phone, cells)
        call_at = self._call_at(findings, cells["call_at"], zones) if cells["call_at"] else None
        if not findings.problems and self._ringing.restricts:
            self._fits(findings, (zones, states), call_at)
        return zones, states, call_at

    def _places(self) -> Mapping[str, int | None]:
        columns = self._columns
        return {"call_at": columns.call_at, "timezone": columns.timezone, "state": columns.state, "zip": columns.zip}

    def _cell(self, findings: Findings, index: int | None) -> str:
        if index is None or (findings.row.marks and findings.unread(index, required=False)):
            return ""
        return findings.row.cells[index].strip()

    def _zones(self, findings: Findings, phone: str, cells: Mapping[str, str]) -> tuple[str, ...]:
        if self._fixed is not None:
            return (self._fixed,)
        found = zones_of_person(
            phone, timezone=cells["timezone"], state=cells["state"], zip_code=cells["zip"], fallback=self._fallback
        )
        if not isinstance(found, ZoneFault):
            return found
        index = self._places().get(found.column)
        # A number without a zone matters only where a rule uses the recipient's clock.
        if index is not None or self._ringing.restricts:
            findings.problem(self._columns.phones[0] if index is None else index, found.reason, found.cure)
        return ()

    def _states(self, phone: str, cells: Mapping[str, str]) -> tuple[str, ...]:
        if self._us is None:
            return ()
        said = [state for state in (state_named(cells["state"]), state_of_zip(cells["zip"])) if state]
        of_number = self._us.states_of(phone)
        return tuple(sorted(of_number.union(said)))

    def _call_at(self, findings: Findings, text: str, zones: tuple[str, ...]) -> datetime | None:
        assert self._columns.call_at is not None  # noqa: S101 - a cell was read there
        found = read_call_at(text, zones=zones, now=self._now)
        if isinstance(found, TimeFault):
            findings.problem(self._columns.call_at, found.reason, found.cure)
            return None
        if found.warning:
            findings.note(NoteKind.WARNING, self._columns.call_at, found.warning)
        return found.instant

    def _fits(self, findings: Findings, place: ZoneKey, call_at: datetime | None) -> None:
        openings = self._ringing.openings(place)
        if place not in self._never:
            self._never[place] = openings.next_allowed(self._now) is None
        if self._never[place]:
            where = ", ".join(place[0])
            findings.problem(
                self._columns.phones[0],
                f"no moment within a year at which calls are allowed in all of {where}",
                "fill in the row's own time zone, or widen [hours] in the template",
            )
        elif call_at is not None:
            self._note_shift(findings, openings, call_at)

    def _note_shift(self, findings: Findings, openings: Openings, call_at: datetime) -> None:
        allowed = openings.next_allowed(call_at)
        index = self._columns.call_at
        if index is not None and allowed is not None and allowed != call_at:
            findings.note(
                NoteKind.WARNING, index, f"outside the calling hours; it rings at {allowed:%Y-%m-%d %H:%M} UTC"
            )
