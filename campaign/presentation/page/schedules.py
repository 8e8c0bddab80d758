"""Schedules as a page shows them, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from campaign.domain.instants import to_text
from campaign.followup.notification import notify_host
from campaign.presentation.masking import masked_text
from campaign.presentation.page.badge import Badge, service_badge
from campaign.scheduler.cron import Timetable
from campaign.usecases.schedules import ScheduleView

_ENDINGS = {
    "firing": "under way",
    "ended": "ended",
    "abandoned": "begun, and left to a person",
    "refused": "refused before anything was sent",
    "missed": "missed",
    "skipped": "skipped",
}


@dataclass(frozen=True, slots=True)
class ScheduleInstant:
    """An instant: as text for people in its zone, and as programs read it."""

    text: str
    instant: str


@dataclass(frozen=True, slots=True)
class ScheduleCard:
    """A schedule.

    Attributes:
        following: its next instants; none where it is paused or over.
        last: when it fired last, or should have; None for never.
        became: how that ended; `run` is its run, if it came to one.
        paused: since when.
        told: the host that its summaries are sent to.
    """

    name: str
    when: str
    zone: str
    badge: Badge
    following: tuple[ScheduleInstant, ...]
    last: ScheduleInstant | None
    became: str
    run: str | None
    paused: str | None
    sheet: str
    template: str
    results: str
    told: str


def schedule_line(view: ScheduleView) -> ScheduleCard:
    """The lines of a schedule."""
    record, timetable, last = view.record, view.timetable, view.last
    return ScheduleCard(
        name=record.name,
        when=_when(timetable),
        zone=record.timezone,
        badge=service_badge(record.service),
        following=tuple(_moment(timetable, instant) for instant in view.following),
        last=_moment(timetable, last.instant) if last else None,
        became=_became(view),
        run=last.run if last else None,
        paused=_plain(timetable, record.paused_at) if record.paused_at else None,
        sheet=record.sheet,
        template=record.template,
        results=record.results_folder,
        told=notify_host(record.notify_url) if record.notify_url else "",
    )


def _became(view: ScheduleView) -> str:
    last = view.last
    if last is None:
        return ""
    code = f" with code {last.exit_code}" if last.exit_code else ""
    why = f": {masked_text(last.why)}" if last.why else ""
    return f"{_ENDINGS.get(last.state, last.state)}{code}{why}"


def _when(timetable: Timetable) -> str:
    return f"Once, on {_plain(timetable, timetable.at)}" if timetable.at else timetable.in_words()


def _moment(timetable: Timetable, instant: datetime) -> ScheduleInstant:
    return ScheduleInstant(_plain(timetable, instant), to_text(instant))


def _plain(timetable: Timetable, instant: datetime) -> str:
    local = timetable.local(instant)
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M %Z}"
