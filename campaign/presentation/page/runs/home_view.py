"""Views of the first page: what is not launched yet, and which schedules come next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from campaign.ledger.records.drafts import DraftRecord, DraftState
from campaign.presentation.wording import counted
from campaign.usecases.schedules import ScheduleView
from campaign.usecases.serving.load_upload import UploadRecord, settings_of

_SCHEDULES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A sheet that is not launched yet."""

    address: str
    name: str
    owner: str
    at: str
    state: str


@dataclass(frozen=True, slots=True)
class ComingSchedule:
    """A schedule that comes next."""

    name: str
    at: str
    words: str


def draft_line(upload: UploadRecord, draft: DraftRecord | None) -> DraftLine:
    """The line of an upload."""
    address = f"/drafts/{upload.token}/check"
    at = f"{upload.created_at.astimezone():%Y-%m-%d %H:%M}"
    return DraftLine(address, upload.name, upload.owner, at, _state(upload, draft))


def schedule_lines_next(views: Iterable[ScheduleView]) -> list[ComingSchedule]:
    """The schedules that come next, the next first."""
    coming: list[tuple[datetime, ScheduleView]] = sorted(
        ((view.following[0], view) for view in views if view.following), key=lambda one: one[0]
    )
    return [
        ComingSchedule(view.record.name, view.timetable.shown(at), view.timetable.in_words())
        for at, view in coming[:_SCHEDULES_SHOWN]
    ]


def _state(upload: UploadRecord, draft: DraftRecord | None) -> str:
    if upload.failure is not None:
        return "cannot be read as it is"
    if draft is not None and draft.state is DraftState.READY:
        return "checked, not launched"
    if draft is not None and draft.state is DraftState.LOADING:
        return f"being read: {counted(draft.progress, 'row')} so far"
    return "its columns are to be said" if settings_of(upload).template is None else "waits to be read"
