"""Operations on the suppression list and the schedules."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from campaign.presentation.schedules import view_as_dict
from campaign.usecases.schedules import ScheduleView, pause_schedule, remove_schedule, resume, view_schedules
from campaign.usecases.serving.acts import record_act
from campaign.usecases.suppress.entries import (
    EVERYWHERE,
    add_numbers,
    refuse_unusable_reason,
    remove_number,
)
from campaign.usecases.suppress.read_numbers import read_numbers
from campaign.web.api import models
from campaign.web.api.models import MOST_PER_PAGE
from campaign.web.api.operation import ApiCall, Nothing
from campaign.web.api.problems import not_found

_DIGITS_SHOWN = 4


class ListQuery(BaseModel):
    """How many entries."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 100


def list_suppressed(call: ApiCall[ListQuery, Nothing]) -> models.SuppressionAnswer:
    """The newest entries."""
    entries = reversed(call.ledger.read.suppression.entries(most=call.query.limit))
    return models.SuppressionAnswer(
        entries=tuple(
            models.SuppressedAnswer(
                last_digits=entry.last_digits, listed=True, since=entry.added_at, reason=entry.reason or None
            )
            for entry in entries
        )
    )


def suppress(call: ApiCall[Nothing, models.SuppressRequest]) -> models.SuppressionAnswer:
    """Numbers are never called again, by any run."""
    refuse_unusable_reason(call.body.reason)
    phones = read_numbers(call.body.numbers, region=call.body.region)
    added = add_numbers(call.ledger, phones, reason=call.body.reason, source="api")
    record_act(call.ledger, who=call.user.who, what="suppress", detail=f"{len(added)} numbers")
    found = call.ledger.read.suppression.of(phones, service=EVERYWHERE)
    return models.SuppressionAnswer(entries=tuple(_entry(phone, found.get(phone)) for phone in phones))


def check_number(call: ApiCall[Nothing, models.CheckNumberRequest]) -> models.SuppressedAnswer:
    """Whether a number is on the list."""
    [phone] = read_numbers([call.body.number], region=call.body.region)
    return _entry(phone, call.ledger.read.suppression.of([phone], service=EVERYWHERE).get(phone))


def unsuppress(call: ApiCall[Nothing, models.UnsuppressRequest]) -> models.SuppressedAnswer:
    """A number may be called again."""
    refuse_unusable_reason(call.body.reason)
    [phone] = read_numbers([call.body.number], region=call.body.region)
    remove_number(call.ledger, phone, reason=call.body.reason)
    record_act(call.ledger, who=call.user.who, what="unsuppress", detail=call.body.reason)
    return _entry(phone, None)


def list_schedules(call: ApiCall[Nothing, Nothing]) -> models.SchedulesAnswer:
    """All schedules."""
    return models.SchedulesAnswer(schedules=tuple(map(_schedule, view_schedules(call.ledger))))


def pause(call: ApiCall[Nothing, Nothing]) -> models.ScheduleAnswer:
    """It does not fire until it is resumed."""
    name = _found(call).record.name
    pause_schedule(call.ledger, name)
    record_act(call.ledger, who=call.user.who, what="schedule_pause", target=name)
    return _schedule(_found(call))


def unpause(call: ApiCall[Nothing, Nothing]) -> models.ScheduleAnswer:
    """It fires again."""
    name = _found(call).record.name
    resume(call.ledger, name)
    record_act(call.ledger, who=call.user.who, what="schedule_resume", target=name)
    return _schedule(_found(call))


def remove(call: ApiCall[Nothing, Nothing]) -> models.ScheduleAnswer:
    """It never fires again; a run of it in progress goes on."""
    view = _found(call)
    remove_schedule(call.ledger, view.record.name)
    record_act(call.ledger, who=call.user.who, what="schedule_remove", target=view.record.name)
    return _schedule(view)


def _found(call: ApiCall[Any, Any]) -> ScheduleView:
    name = call.path["schedule"]
    for view in view_schedules(call.ledger):
        if view.record.name == name:
            return view
    raise not_found(f"schedule {name!r}")


def _schedule(view: ScheduleView) -> models.ScheduleAnswer:
    said = view_as_dict(view)
    return models.ScheduleAnswer(**{name: said[name] for name in models.ScheduleAnswer.model_fields})


def _entry(phone: str, entry: Any) -> models.SuppressedAnswer:
    since, reason = (entry.added_at, entry.reason or None) if entry else (None, None)
    digits = phone[-_DIGITS_SHOWN:]
    return models.SuppressedAnswer(last_digits=digits, listed=entry is not None, since=since, reason=reason)
