"""Schedule definitions: adding, viewing, pausing and removing schedules."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from campaign.config.settings import DEFAULT_BASE_URL, SANDBOX_SERVICE, checked_base_url, service_of
from campaign.config.template import Template
from campaign.config.values import Duration
from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.cures.schedules import resume_schedule
from campaign.domain.errors import BusyError, TemplateError, UsageError
from campaign.intake.edits import NO_EDITS, Edits
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.schedules import FiringRecord, PassedInstant, ScheduleDraft, ScheduleRecord
from campaign.preparation.drafts.publish import refuse_unusable_name
from campaign.preparation.load_template import read_template
from campaign.preparation.questions import Answers
from campaign.scheduler.cron import Timetable, all_passed

NEXT_SHOWN = 3
_LONGEST_GRACE = timedelta(days=1)
_SHORTEST_GRACE = timedelta(minutes=1)


class PresetAnswers(BaseModel):
    """Answers to a run's questions, given when the schedule is added: no person is there when it fires.

    Attributes:
        edits: cells and rows of the sheet that its owner has changed since it was kept.
        again: call people again, with the same words too, once `call_again_after` is over.
        skip_invalid: call the other rows of a sheet that has some that cannot be called.
        changed: whether rows that changed since they were called are called again.
        opted_out, marked, plus, name_order, date_order, past, yes_words, no_words, short_rows, line_breaks: as in the
            template's `[answers]`, which they override.
        unfollowed: whether calls that were not looked up in time are looked up first, or their people called anyway.
        trust_clock: calls are made by this machine's clock, whatever AICaller's says.
        follow: look up the calls of earlier runs before a firing, and call back by `[retry]`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    choices: Choices = UNDECIDED
    edits: Edits = NO_EDITS
    region: str | None = None
    rate: float | None = None
    max_in_flight: int | None = None
    max_calls: int | None = None
    again: bool = False
    skip_invalid: bool = False
    repairs: Literal["accept", "skip"] | None = None
    changed: Literal["call", "skip"] | None = None
    allow_fictitious: bool = False
    opted_out: Literal["skip", "call"] | None = None
    marked: Literal["skip", "call"] | None = None
    plus: Literal["written", "region", "skip"] | None = None
    name_order: Literal["written", "turned"] | None = None
    date_order: Literal["day_first", "month_first"] | None = None
    past: Literal["skip", "call"] | None = None
    yes_words: tuple[str, ...] = ()
    no_words: tuple[str, ...] = ()
    short_rows: Literal["read"] | None = None
    line_breaks: Literal["read"] | None = None
    unfollowed: Literal["follow", "call"] | None = None
    sandbox: bool = False
    trust_clock: bool = False
    follow: bool = True

    @property
    def answers(self) -> Answers:
        """The answers in the form that a run takes."""
        return Answers(**{field.name: getattr(self, field.name) for field in fields(Answers)})


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule as it is shown.

    Attributes:
        following: its next instants, at most three; none when it is paused or over.
        last: the firing of its latest instant.
    """

    record: ScheduleRecord
    timetable: Timetable
    following: tuple[datetime, ...]
    last: FiringRecord | None


def add_schedule(ledger: Ledger, draft: ScheduleDraft) -> ScheduleView:
    """Adds a schedule, after checking that its template exists and may be fired repeatedly if it is to be.

    Raises:
        UsageError: its name or grace will not do, or is taken, or the template will not do.
    """
    refuse_unusable_name(draft.name)
    template = read_template(Path(draft.template), region=PresetAnswers.model_validate_json(draft.answers).region)
    refuse_forgetful(template, path=draft.template, cron=draft.cron)
    ledger.schedules.add(draft)
    return view_of(ledger, named_schedule(ledger, draft.name))


def edit_schedule(ledger: Ledger, record: ScheduleRecord, draft: ScheduleDraft) -> ScheduleView:
    """Gives a schedule other settings; one that is paused stays so, and a run of it in progress goes on.

    The new timetable holds from now on: what it would have fired before is no concern of it, and what the old one
    has not fired by now is recorded as skipped.

    Raises:
        UsageError: its template will not do, or a scheduler is just looking at it.
    """
    template = read_template(Path(draft.template), region=PresetAnswers.model_validate_json(draft.answers).region)
    refuse_forgetful(template, path=draft.template, cron=draft.cron)
    last = ledger.schedules.last_firing(record.id)
    passed = all_passed(
        timetable_of(record), since=since_of(ledger, record), now=ledger.now(), why="the schedule was edited before"
    )
    notes = [PassedInstant(each.instant, "skipped", each.why) for each in passed]
    if not ledger.schedules.edit(record, draft, after=last.instant if last else None, notes=notes):
        raise UsageError(f"schedule {record.name} was just looked at by another process; say it again")
    return view_of(ledger, named_schedule(ledger, record.name))


def view_schedules(ledger: Ledger) -> list[ScheduleView]:
    """All schedules, oldest first."""
    return [view_of(ledger, record) for record in ledger.schedules.all()]


def view_of(ledger: Ledger, record: ScheduleRecord) -> ScheduleView:
    """One schedule, with its next instants and its last one."""
    timetable, last = timetable_of(record), ledger.schedules.last_firing(record.id)
    since = max(ledger.now(), last.instant if last else record.created_at)
    following = () if record.paused_at else tuple(timetable.following(since, most=NEXT_SHOWN))
    return ScheduleView(record, timetable, following, last)


def pause_schedule(ledger: Ledger, name: str) -> None:
    """Pauses a schedule; a run of it in progress goes on.

    Raises:
        UsageError: there is no such schedule, or it is paused.
    """
    record = named_schedule(ledger, name)
    if not ledger.schedules.pause(record.id, notes=()):
        raise UsageError(f"schedule {name} is paused already", cure=resume_schedule(name))


def unpause_schedule(ledger: Ledger, name: str) -> None:
    """Resumes a schedule; instants during its pause are recorded as skipped, and not made up for.

    Raises:
        UsageError: there is no such schedule, it is not paused, or a scheduler is just looking at it.
    """
    record = named_schedule(ledger, name)
    if record.paused_at is None:
        raise UsageError(f"schedule {name} is not paused")
    notes = [
        PassedInstant(passed.instant, "skipped", passed.why)
        for passed in all_passed(
            timetable_of(record), since=since_of(ledger, record), now=ledger.now(), why=paused_reason(record)
        )
    ]
    if not ledger.schedules.unpause(record.id, notes=notes):
        raise UsageError(f"schedule {name} was just looked at by another process; say it again")


def remove_schedule(ledger: Ledger, name: str) -> None:
    """Removes a schedule; a run of it in progress goes on, and an interrupted one is left to a person.

    Raises:
        UsageError: there is no such schedule.
    """
    record = named_schedule(ledger, name)
    ledger.schedules.remove(record.id)
    try:
        with ledger.lock_schedule(record):
            left = ledger.schedules.open_firing(record.id)
            if left is not None and ledger.schedules.take_over(left):
                state = "abandoned" if left.run else "missed"
                ledger.schedules.end(left.id, state=state, why="the schedule was removed")
    except BusyError:
        return  # The process that works on it ends the firing.


def named_schedule(ledger: Ledger, name: str) -> ScheduleRecord:
    """The schedule with that name.

    Raises:
        UsageError: there is none.
    """
    for record in ledger.schedules.all():
        if record.name == name:
            return record
    raise UsageError(f"there is no schedule called {name!r} in {ledger.place}", cure=Cure(CureCode.SEE_SCHEDULES))


def timetable_of(record: ScheduleDraft) -> Timetable:
    """The schedule's timetable."""
    return Timetable(zone=record.timezone, cron=record.cron, at=record.at)


def since_of(ledger: Ledger, record: ScheduleRecord) -> datetime:
    """The moment up to which all of its instants are recorded: an edited timetable holds from its edit on."""
    last = ledger.schedules.last_firing(record.id)
    return max(last.instant, record.created_at) if last else record.created_at


def paused_reason(record: ScheduleRecord) -> str:
    """Why an instant of a paused schedule is not fired."""
    shown = timetable_of(record).shown(record.paused_at) if record.paused_at else "just now"
    return f"paused since {shown}"


def refuse_forgetful(template: Template, *, path: str, cron: str | None) -> None:
    """Refuses to fire repeatedly with a template that does not say when a person may be called again.

    Raises:
        TemplateError: it says nothing of `call_again_after`.
    """
    if cron is not None and "call_again_after" not in template.limits.model_fields_set:
        raise TemplateError(
            f"template {path}: a schedule that fires again and again needs its own word on when a person may be called "
            'again; write call_again_after under [limits], such as call_again_after = "20h"'
        )


def service_from(environment: Mapping[str, str], *, sandbox: bool) -> str:
    """The service where the schedule's calls will be made, by its name in the ledger; this needs no key.

    Raises:
        UsageError: the address will not do.
    """
    if sandbox:
        return SANDBOX_SERVICE
    return service_of(checked_base_url(environment.get("AICALLER_BASE_URL") or DEFAULT_BASE_URL))


def grace_from(text: str) -> timedelta:
    """How late an instant may still be fired; written like the template's durations.

    Raises:
        UsageError: it is no duration, or one that would miss everything, or call people on the wrong day.
    """
    read: TypeAdapter[timedelta] = TypeAdapter(Duration)
    try:
        grace = read.validate_python(text)
    except ValidationError:
        raise UsageError(Setting.GRACE, f" {text!r}: write a whole number and a unit, such as 30m or 2h") from None
    if not _SHORTEST_GRACE <= grace <= _LONGEST_GRACE:
        raise UsageError(
            Setting.GRACE, f" {text!r}: from 1m to 24h; a timer that looks once a minute is up to a minute late"
        )
    return grace
