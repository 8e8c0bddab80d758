"""Timetable of a run with hours or times: made when the run is first dialled, corrected when it is resumed.

waiting rows --> zone key (zones, states) and the sheet's own time --> entries in the ledger
stagger, or hours with "delay" --> slots, one for each row that asked for no time --> due
"""

import json
from array import array
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from campaign.config.run_plan import RunPlan
from campaign.domain.instants import from_text, instant_of, millis, to_text
from campaign.domain.model import Contact
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.timetable import TimetableEntry
from campaign.timing.hours.calling_hours import Ringing, ZoneKey, zone_key_of
from campaign.timing.plan.slots import Milliseconds, WaitingSlot
from campaign.timing.plan.stagger import least_gap, planned, stagger_of

_AT_ONCE = 5_000


def keep_timetable(ledger: Ledger, record: RunRecord, *, plan: RunPlan, ringing: Ringing, now: datetime) -> None:
    """Gives every waiting row its entry, and replans those whose time has passed. The run must be held.

    Args:
        ledger: where the run is.
        record: the run.
        plan: its hours and stagger.
        ringing: the same hours.
        now: aware; nothing is planned before it.
    """
    own = Milliseconds(millis(from_text(one)) for one in ledger.read.timetable.taken_times(record.id))
    entries = (
        _entry(row_id, contact, own=own) for row_id, contact in ledger.read.timetable.contacts_without_entry(record.id)
    )
    while chunk := list(islice(entries, _AT_ONCE)):
        ledger.add_to_timetable(record, chunk)
    stagger = stagger_of(plan)
    if stagger is None or not _overtaken(ledger, record, now=now):
        return
    dues = array("q")
    for slot in planned(
        (_waiting(entry, ringing) for entry in ledger.read.timetable.entries_waiting(record.id) if not entry.asked),
        stagger=stagger,
        count=ledger.read.timetable.count_entries(record.id),
        now=plan.begins(now),
        least_gap=least_gap(plan),
        taken=_asked(ledger, record),
    ):
        if slot.at is not None:
            dues.extend((slot.row, slot.at))
    ledger.plan_timetable(record, _pairs(dues))


def zone_key_text(place: ZoneKey) -> str:
    """A zone key as the timetable stores it."""
    return json.dumps(place)


def zone_key_from(text: str) -> ZoneKey:
    """The zone key that `zone_key_text` wrote."""
    zones, states = json.loads(text)
    return tuple(zones), tuple(states)


def _entry(row_id: int, contact: Contact, *, own: Milliseconds) -> TimetableEntry:
    due = None if contact.call_at is None else to_text(instant_of(own.take(millis(contact.call_at))))
    return TimetableEntry(row_id, contact.row, zone_key_text(zone_key_of(contact)), due, asked=due is not None)


def _overtaken(ledger: Ledger, record: RunRecord, *, now: datetime) -> bool:
    """Whether there are waiting rows without a plan, or with one that is past."""
    if not ledger.read.timetable.count_places(record.id, from_round=0):
        return False
    text = to_text(now)
    return any(
        entry.due is None or entry.due < text
        for entry in ledger.read.timetable.entries_waiting(record.id)
        if not entry.asked
    )


def _waiting(entry: TimetableEntry, ringing: Ringing) -> WaitingSlot:
    place = zone_key_from(entry.place)
    return WaitingSlot(entry.number, place[0], ringing.hours_of(place))


def _asked(ledger: Ledger, record: RunRecord) -> Iterator[int]:
    """The milliseconds in use, except those of the plan that is being remade."""
    planned_before = {
        entry.due for entry in ledger.read.timetable.entries_waiting(record.id) if entry.due and not entry.asked
    }
    taken = ledger.read.timetable.taken_times(record.id)
    yield from (millis(from_text(one)) for one in taken - planned_before)


def _pairs(dues: "array[int]") -> list[tuple[int, str]]:
    return [(dues[at], to_text(instant_of(dues[at + 1]))) for at in range(0, len(dues), 2)]
