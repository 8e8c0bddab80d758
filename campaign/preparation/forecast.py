"""Forecast of a run, before it begins and while it goes on: a simulation of the plan that is carried out."""

from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.config.run_plan import RunPlan
from campaign.domain.instants import instant_of, millis
from campaign.domain.model import Contact
from campaign.ledger.port.ledger import Ledger
from campaign.timing.hours.calling_hours import Ringing, ZoneKey, zone_key_of
from campaign.timing.plan.forecast import Forecast, Pace, forecast, steady_forecast, time_left
from campaign.timing.plan.slots import WaitingSlot
from campaign.timing.plan.stagger import LEAST_DELAY, Stagger, least_gap, planned, stagger_of


@dataclass(frozen=True, slots=True)
class Outlook:
    """Forecast with its deadline, waiting and cost under the plan.

    Attributes:
        forecast: see there.
        finish_by: aware; None for no end.
        waits: whether rows are kept here until their time; False where they are submitted ahead of it, None where
            the time does not matter.
        most_cost: of `forecast.most_calls` calls, in the template's money; None when it says nothing of it.
    """

    forecast: Forecast
    finish_by: datetime | None
    waits: bool | None
    most_cost: float | None


class ForecastBuilder:
    """Forecast in progress: takes the rows of a run one by one; some bytes of memory for each."""

    def __init__(self, plan: RunPlan) -> None:
        # Asked of each row, and the same for all.
        self._plan, self._is_timed = plan, plan.is_timed
        self._ringing = Ringing(plan.hours)
        self._rows, self._of_place = array("q"), array("l")
        self._places: dict[ZoneKey, int] = {}
        self._own_times: dict[int, datetime] = {}
        self._count = 0

    def see(self, contact: Contact) -> None:
        """Takes the next row that will be called, in the sheet's order."""
        self._count += 1
        if not self._is_timed:
            return
        self._rows.append(contact.row)
        self._of_place.append(self._places.setdefault(zone_key_of(contact), len(self._places)))
        if contact.call_at is not None:
            self._own_times[contact.row] = contact.call_at

    def see_all(self, count: int) -> None:
        """Takes that many rows of a run without hours and times, where their order does not matter."""
        self._count += count

    def outlook(self, *, now: datetime, leave_out: Collection[int] = (), limit: int | None = None) -> Outlook:
        """Forecasts these rows.

        Args:
            now: aware; when the run begins.
            leave_out: numbers of rows that will not be called after all.
            limit: at most so many are called.
        """
        plan, pace = self._plan, pace_of(self._plan)
        count = self._count - len(leave_out)
        if not plan.is_timed:
            made = steady_forecast(count if limit is None else min(count, limit), now=now, pace=pace)
        else:
            made = forecast(
                self._waiting(leave_out),
                now=plan.begins(now),
                pace=pace,
                stagger=stagger_of(plan),
                count=count - sum(row not in leave_out for row in self._own_times),
                finish_by=plan.finish_by,
                limit=limit,
            )
        cost = None if plan.cost_of_call is None else plan.cost_of_call * made.most_calls
        timed = plan.hours is not None or plan.stagger is not None or plan.call_at
        return Outlook(made, plan.finish_by, not plan.delays if timed else None, cost)

    def delays(self, *, now: datetime) -> Mapping[int, datetime]:
        """Row number -> the `callDelayedUntil` that it would be sent with, but for rows that would ring at once."""
        if not self._plan.delays:
            return {}
        gap = least_gap(self._plan)
        stagger = stagger_of(self._plan) or Stagger(every=timedelta(milliseconds=gap))
        slots = planned(
            self._waiting(()),
            stagger=stagger,
            count=self._count - len(self._own_times),
            now=self._plan.begins(now),
            least_gap=gap,
        )
        # The rows are sent in the order in which they ring, at the pace; what is due by then rings at once.
        due = sorted((slot.at, slot.row) for slot in slots if slot.at is not None)
        soonest = millis(now + LEAST_DELAY)
        return {row: instant_of(at) for sent, (at, row) in enumerate(due) if at >= soonest + sent * gap}

    def _waiting(self, leave_out: Collection[int]) -> Iterator[WaitingSlot]:
        places = list(self._places)
        hours = [self._ringing.hours_of(place) for place in places]
        for row, place in zip(self._rows, self._of_place, strict=True):
            if row not in leave_out:
                yield WaitingSlot(row, places[place][0], hours[place], self._own_times.get(row))


def outlook_of(ledger: Ledger, run_id: int, *, plan: RunPlan, count: int, limit: int | None = None) -> Outlook:
    """Forecasts a loaded run that begins now; `count` is the number of its pending rows."""
    ahead = ForecastBuilder(plan)
    if plan.is_timed:
        for contact in ledger.read.timetable.contacts_waiting(run_id):
            ahead.see(contact)
    else:
        ahead.see_all(count)
    return ahead.outlook(now=ledger.now(), limit=limit)


def left_of(
    waiting: Mapping[ZoneKey, int], *, plan: RunPlan, ringing: Ringing, now: datetime, seconds_in_flight: float
) -> timedelta | None:
    """Estimates the time until the last row is sent, by the same simulation; None when nothing is left.

    Args:
        waiting: zone key -> how many of its rows are not settled.
        plan: of the run.
        ringing: its hours.
        now: aware.
        seconds_in_flight: mean time of a request so far.
    """
    # What is submitted ahead of its time need not wait for it.
    free = plan.delays
    groups = [
        (WaitingSlot(0, () if free else place[0], None if free else ringing.hours_of(place)), count)
        for place, count in waiting.items()
        if count > 0
    ]
    stagger = None if free else stagger_of(plan)
    begins = now if free else plan.begins(now)
    left = time_left(groups, now=begins, pace=pace_of(plan, seconds_in_flight=seconds_in_flight), stagger=stagger)
    return None if left is None else left + (begins - now)


def pace_of(plan: RunPlan, *, seconds_in_flight: float = 1.0) -> Pace:
    """Converts the plan's pace for the simulation."""
    return Pace(plan.calls_per_second, plan.max_in_flight, seconds_in_flight)
