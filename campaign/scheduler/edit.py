"""Edit of a schedule: what a person names is changed, all else stays as it was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.followup.notification import checked_notify_url
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.ledger.records.schedules import ScheduleDraft, ScheduleRecord
from campaign.scheduler.cron import Timetable, at_timetable, cron_timetable
from campaign.scheduler.definitions import PresetAnswers, grace_from, service_from, timetable_of

OF_CHOICES = "choices."
"""In front of the name of a choice of how to read the sheet, among the names that are taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChange:
    """What a person says about a schedule that is there; None, or a default within `said`, leaves it as it is.

    Attributes:
        said: the answers that are given now; they are added to the earlier ones, or take their place.
        taken_back: names of answers, of choices (behind `choices.`), or `notify_url`, that hold no longer.
    """

    sheet: str | None = None
    template: Path | None = None
    at: str | None = None
    cron: str | None = None
    timezone: str | None = None
    grace: str | None = None
    results_folder: Path | None = None
    notify_url: str | None = None
    said: PresetAnswers = field(default_factory=PresetAnswers)
    taken_back: frozenset[str] = frozenset()


def changed_draft(
    record: ScheduleRecord, change: ScheduleChange, *, environment: Mapping[str, str], now: datetime
) -> ScheduleDraft:
    """The schedule's settings with this change.

    Raises:
        UsageError: one of the values will not do, or nothing changes.
    """
    timetable = _timetable(record, change, now=now)
    before = PresetAnswers.model_validate_json(record.answers)
    answers = _answers(before, change)
    elsewhere = answers.sandbox != before.sandbox
    draft = ScheduleDraft(
        name=record.name,
        timezone=timetable.zone,
        cron=timetable.cron,
        at=timetable.at,
        sheet=_absolute(Path(change.sheet)) if change.sheet else record.sheet,
        template=_absolute(change.template) if change.template else record.template,
        service=service_from(environment, sandbox=answers.sandbox) if elsewhere else record.service,
        answers=answers.model_dump_json(),
        results_folder=_absolute(change.results_folder) if change.results_folder else record.results_folder,
        grace_seconds=int(grace_from(change.grace).total_seconds()) if change.grace else record.grace_seconds,
        notify_url=_notify_url(record, change),
    )
    if not differences_of(record, draft):
        raise UsageError(f"schedule {record.name} is so already: nothing changes")
    return draft


def differences_of(before: ScheduleDraft, after: ScheduleDraft) -> list[tuple[str, str, str]]:
    """What differs: (setting, before, after), in plain words; nothing of an address but that it is another one."""
    found = [
        (name.replace("_", " "), str(old), str(new))
        for name in ("timezone", "sheet", "template", "service", "results_folder", "grace_seconds")
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]
    old_time, new_time = timetable_of(before), timetable_of(after)
    if old_time.in_words() != new_time.in_words():
        found.insert(0, ("when", old_time.in_words(), new_time.in_words()))
    if before.notify_url != after.notify_url:
        old_url, new_url = ("one" if url else "none" for url in (before.notify_url, after.notify_url))
        found.append(("notify url", old_url, "another" if before.notify_url and after.notify_url else new_url))
    old_answers, new_answers = (_said(PresetAnswers.model_validate_json(one.answers)) for one in (before, after))
    for name, new in new_answers.items():
        if old_answers[name] != new:
            found.append((name.replace("_", " "), _shown(old_answers[name]), _shown(new)))
    return found


def _timetable(record: ScheduleRecord, change: ScheduleChange, *, now: datetime) -> Timetable:
    zone = change.timezone or record.timezone
    if change.at is not None and change.cron is not None:
        raise UsageError(Setting.AT, " and ", Setting.CRON, " contradict each other; leave one out")
    if change.at is not None:
        return at_timetable(change.at, zone=zone, now=now)
    if change.cron is not None:
        return cron_timetable(change.cron, zone=zone)
    if zone == record.timezone:
        return timetable_of(record)
    if record.cron is None:
        raise UsageError(Setting.TIMEZONE, f" {zone}: say ", Setting.AT, " too, as the clocks there will show it")
    return cron_timetable(record.cron, zone=zone)


def _answers(before: PresetAnswers, change: ScheduleChange) -> PresetAnswers:
    unsaid = PresetAnswers()
    back = {name: getattr(unsaid, name) for name in PresetAnswers.model_fields if name in change.taken_back}
    said = {
        name: value
        for name in PresetAnswers.model_fields
        if name != "choices" and (value := getattr(change.said, name)) != getattr(unsaid, name)
    }
    return before.model_copy(update={**back, **said, "choices": _choices(before.choices, change)})


def _choices(before: Choices, change: ScheduleChange) -> Choices:
    values: dict[str, Any] = {}
    for one in fields(Choices):
        said, unsaid = getattr(change.said.choices, one.name), getattr(UNDECIDED, one.name)
        if said != unsaid:
            values[one.name] = said
        elif OF_CHOICES + one.name in change.taken_back:
            values[one.name] = unsaid
    # The two say the same thing, each in its own way: the later word holds.
    if "header_row" in values:
        values.setdefault("no_header", False)
    elif values.get("no_header"):
        values["header_row"] = None
    return replace(before, **values)


def _notify_url(record: ScheduleRecord, change: ScheduleChange) -> str | None:
    if change.notify_url:
        return checked_notify_url(change.notify_url)
    return None if "notify_url" in change.taken_back else record.notify_url


def _absolute(path: Path) -> str:
    return str(path.expanduser().absolute())


def _said(answers: PresetAnswers) -> dict[str, Any]:
    """Each answer by its name, the choices of how to read the sheet among them."""
    named = {name: getattr(answers, name) for name in PresetAnswers.model_fields if name != "choices"}
    return named | {f"sheet: {one.name}": getattr(answers.choices, one.name) for one in fields(Choices)}


def _shown(value: Any) -> str:
    match value:
        case None | ():
            return "not said"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
