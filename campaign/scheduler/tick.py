"""Tick of a schedule: continues an interrupted firing, claims and fires the due instant, records the others.

schedule held? -- no, and a firing is under way --> its instants are skipped: no overlap with its own run
     | yes
     |-- an open firing: its process died --> continued | left to a person | missed
     `-- instants since the last one --> one is fired, the others are noted, in one transaction
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from campaign.domain.cures import Message
from campaign.domain.cures.runs import resume_run
from campaign.domain.cures.schedules import resume_schedule
from campaign.domain.errors import BusyError, UsageError
from campaign.domain.instants import to_text
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.schedules import FiringRecord, PassedInstant, ScheduleRecord
from campaign.scheduler.cron import NotFired, Timetable, all_passed, due
from campaign.scheduler.definitions import paused_reason, since_of, timetable_of
from campaign.scheduler.events import FiringContinued
from campaign.scheduler.firing import FiringEnd, fire
from campaign.scheduler.ports import SchedulerPorts

Fire = Callable[..., FiringEnd | None]

_MISSED_CODE = 1


@dataclass(frozen=True, slots=True)
class InstantReport:
    """Report on one instant; `ended` is None while its firing is left open, to be continued."""

    schedule: ScheduleRecord
    instant: datetime
    state: str
    why: str | None = None
    exit_code: int = 0
    ended: FiringEnd | None = field(default=None)


@dataclass(frozen=True, slots=True)
class _TickState:
    """State of a schedule at this tick: the latest known instant, what has passed, and what to fire."""

    after: datetime | None
    notes: tuple[PassedInstant, ...] = ()
    claim: datetime | None = None


def is_due(ledger: Ledger, record: ScheduleRecord) -> bool:
    """Whether an instant has come since the last tick, or a firing is open."""
    if ledger.schedules.open_firing(record.id) is not None:
        return True
    since = since_of(ledger, record)
    return any(True for _ in timetable_of(record).between(since, until=ledger.now()))


def tick(
    ledger: Ledger, record: ScheduleRecord, *, around: SchedulerPorts, fire: Fire = fire
) -> Iterator[InstantReport]:
    """Does all that a schedule needs now, and reports each instant as it is done.

    Raises:
        LedgerError: the ledger or its disk is in trouble.
    """
    try:
        with ledger.lock_schedule(record):
            yield from _alone(ledger, record, around=around, fire=fire)
            return
    except BusyError:
        # The time is read before the rows: a firing that is open afterwards was open then.
        now = ledger.now()
    yield from _beside(ledger, record, now=now)


def fire_at_once(
    ledger: Ledger, record: ScheduleRecord, *, around: SchedulerPorts, fire: Fire = fire
) -> Iterator[InstantReport]:
    """Fires a schedule because a person asks for it: once, with an instant of its own, whatever its timetable says.

    What is due at this moment, or was left open, is fired in its place: no two firings of one wish.

    Raises:
        UsageError: it is paused, or removed.
        BusyError: a firing of it is under way.
        LedgerError: the ledger or its disk is in trouble.
    """
    tries = 0

    def counted(*given: Any, **named: Any) -> FiringEnd | None:
        nonlocal tries
        tries += 1
        return fire(*given, **named)

    with ledger.lock_schedule(record):
        if record.paused_at is not None:
            raise UsageError(f"schedule {record.name} is {paused_reason(record)}", cure=resume_schedule(record.name))
        yield from _alone(ledger, record, around=around, fire=counted)
        while not tries and not around.stop.asked:
            current = _current(ledger, record)
            if current is None:
                raise UsageError(f"schedule {record.name} was just removed; nothing was sent")
            if _claimed_now(ledger, current) and (claimed := ledger.schedules.open_firing(record.id)) is not None:
                yield _fired(ledger, current, claimed, around=around, fire=counted)


def _claimed_now(ledger: Ledger, record: ScheduleRecord) -> bool:
    """Claims this moment as an instant of the schedule; False if another process recorded one in the meantime."""
    last, now = ledger.schedules.last_firing(record.id), ledger.now()
    after = last.instant if last else None
    # Two wishes within a millisecond are two instants all the same.
    instant = now if after is None or to_text(now) != to_text(after) else now + timedelta(milliseconds=1)
    return ledger.schedules.note(record, after=after, notes=(), claim=instant)


def _alone(ledger: Ledger, record: ScheduleRecord, *, around: SchedulerPorts, fire: Fire) -> Iterator[InstantReport]:
    while not around.stop.asked:
        current = _current(ledger, record)
        if current is None:
            return
        left = ledger.schedules.open_firing(record.id)
        if left is not None:
            if not ledger.schedules.take_over(left):
                return  # Only a lock that does not hold lets two come here: the other one has it.
            yield _continue_firing(ledger, current, left, around=around, fire=fire)
            continue
        look = _look(ledger, current)
        if not look.notes and look.claim is None:
            return
        if not ledger.schedules.note(current, after=look.after, notes=look.notes, claim=look.claim):
            continue
        yield from _told(current, look.notes)
        claimed = ledger.schedules.open_firing(record.id) if look.claim else None
        if claimed is not None:
            yield _fired(ledger, current, claimed, around=around, fire=fire)


def _beside(ledger: Ledger, record: ScheduleRecord, *, now: datetime) -> Iterator[InstantReport]:
    """Another scheduler is firing it: instants during its run are skipped; anything else is left to it."""
    current, working = _current(ledger, record), ledger.schedules.open_firing(record.id)
    if current is None or working is None:
        return
    timetable, since = timetable_of(record), since_of(ledger, record)
    notes = _notes(all_passed(timetable, since=since, now=now, why=_overlap(timetable, working.instant)))
    # The firing in progress is an instant itself, so there is a latest one.
    if notes and ledger.schedules.note(current, after=since, notes=notes):
        yield from _told(current, notes, exit_code=BusyError.exit_code)


def _look(ledger: Ledger, record: ScheduleRecord) -> _TickState:
    now, timetable = ledger.now(), timetable_of(record)
    last = ledger.schedules.last_firing(record.id)
    after = last.instant if last else None
    since = since_of(ledger, record)
    if record.paused_at is not None:
        return _TickState(after, _notes(all_passed(timetable, since=since, now=now, why=paused_reason(record))))
    worked = ledger.schedules.last_firing(record.id, tried=True)
    overlapped: tuple[NotFired, ...] = ()
    if worked is not None and worked.state == "ended" and worked.ended_at is not None and worked.ended_at > since:
        why = _overlap(timetable, worked.instant)
        overlapped, since = all_passed(timetable, since=since, now=min(worked.ended_at, now), why=why), worked.ended_at
    decided = due(timetable, since=since, now=now, grace=timedelta(seconds=record.grace_seconds))
    return _TickState(after, _notes((*overlapped, *decided.passed)), decided.fire)


def _continue_firing(
    ledger: Ledger, record: ScheduleRecord, left: FiringRecord, *, around: SchedulerPorts, fire: Fire
) -> InstantReport:
    """A firing whose process died, as its lock shows: its run is continued if that is not too late."""
    begun = left.run is not None
    # What was alive recently was only cut off; a run that rested for longer would ring at a time that nobody chose.
    late = ledger.now() - (left.seen_at if begun else left.instant) > timedelta(seconds=record.grace_seconds)
    if not late and record.paused_at is None:
        around.on_event(record.name, FiringContinued(timetable_of(record).shown(left.instant)))
        return _fired(ledger, record, left, around=around, fire=fire)
    why = paused_reason(record) if record.paused_at else "the scheduler was stopped, and none went on within the grace"
    why = around.wording(Message.of(why, resume_run(left.run))) if left.run is not None else f"{why}; nothing was sent"
    ended = FiringEnd("abandoned" if begun else "missed", exit_code=_MISSED_CODE, why=why, run=left.run)
    return _written(ledger, record, left, ended=ended)


def _fired(
    ledger: Ledger, record: ScheduleRecord, firing: FiringRecord, *, around: SchedulerPorts, fire: Fire
) -> InstantReport:
    ended = fire(ledger, record, firing, around=around)
    if ended is None:
        return InstantReport(record, firing.instant, "firing", why="stopped; the next scheduler goes on with it")
    return _written(ledger, record, firing, ended=ended)


def _written(ledger: Ledger, record: ScheduleRecord, firing: FiringRecord, *, ended: FiringEnd) -> InstantReport:
    code = ended.exit_code if ended.state == "ended" else None
    ledger.schedules.end(firing.id, state=ended.state, exit_code=code, why=ended.why)
    return InstantReport(record, firing.instant, ended.state, why=ended.why, exit_code=ended.exit_code, ended=ended)


def _current(ledger: Ledger, record: ScheduleRecord) -> ScheduleRecord | None:
    """The current schedule; None if it is removed."""
    return next((each for each in ledger.schedules.all() if each.id == record.id), None)


def _overlap(timetable: Timetable, instant: datetime) -> str:
    return f"the run of {timetable.shown(instant)} still worked"


def _notes(passed: Sequence[NotFired]) -> tuple[PassedInstant, ...]:
    return tuple(PassedInstant(each.instant, "missed" if each.missed else "skipped", each.why) for each in passed)


def _told(record: ScheduleRecord, notes: Sequence[PassedInstant], *, exit_code: int = 0) -> Iterator[InstantReport]:
    for note in notes:
        code = _MISSED_CODE if note.state == "missed" else exit_code
        yield InstantReport(record, note.instant, note.state, why=note.why, exit_code=code)
