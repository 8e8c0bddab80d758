"""Pages `/schedules`: what fires when; schedules are added, paused, resumed and removed."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from campaign.domain.errors import UsageError
from campaign.presentation.cures.page import page_text
from campaign.presentation.masking import masked_text
from campaign.presentation.page.schedules import schedule_line
from campaign.timing.zones.zone_names import every_zone
from campaign.usecases.context import Ledger
from campaign.usecases.schedules import pause_schedule, resume as resume_schedule, view_schedules
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.add_schedule import (
    DAYS,
    PresetAnswers,
    ScheduleSaid,
    add_said_schedule,
    obstacles,
    remove_with_sheet,
    scheduled_folder,
)
from campaign.web.asking import Ask, Handler, PageError, page, see_other
from campaign.web.pages.new import chosen_template, template_names

_FIELDS = (
    "name", "sheet", "template", "where", "when", "at", "time", "cron", "timezone", "grace", "notify_url", "region",
    "max_calls", "repairs", "changed", "opted_out", "marked", "plus", "again", "skip_invalid",
)  # fmt: skip
_ANSWERS = ("repairs", "changed", "opted_out", "marked", "plus")
_GRACE = "1h"


def schedule_routes(*, most_form_bytes: int, most_bytes: int) -> list[Route]:
    """The addresses of schedules; adding one may take a sheet."""

    def form(path: str, handler: Handler) -> Route:
        return Route(path, page(handler), methods=["POST"], max_body_size=most_form_bytes)

    return [
        Route("/schedules", page(show)),
        Route("/schedules/add", page(add_form, needs="operator")),
        Route("/schedules/add", page(add), methods=["POST"], max_body_size=most_bytes + most_form_bytes),
        Route("/schedules/{schedule}/check", page(check, needs="operator")),
        form("/schedules/{schedule}/pause", pause),
        form("/schedules/{schedule}/resume", resume),
        Route("/schedules/{schedule}/remove", page(remove_form, needs="operator")),
        form("/schedules/{schedule}/remove", remove),
    ]


def show(ask: Ask) -> Response:
    """Shows all schedules."""
    lines = [schedule_line(view) for view in view_schedules(ask.ledger)]
    return ask.page("schedules/list.html.jinja", schedules=lines, trouble=ask.site.firings.trouble)


def add_form(ask: Ask) -> Response:
    """Shows the form of a new one."""
    return _form(ask)


def add(ask: Ask) -> Response:
    """Adds a schedule, and leads to what would keep it from firing."""
    sheet = ask.form.get("upload")
    upload = (sheet.filename, sheet.file) if isinstance(sheet, UploadFile) and sheet.filename else None
    try:
        said = _said(ask)
        added = add_said_schedule(
            ask.ledger, said, upload=upload, most_bytes=ask.site.most_bytes, context=ask.site.around
        )
    except (UsageError, PageError) as error:
        return _form(ask, message=page_text(error.message))
    name = added.record.name
    record_act(ask.ledger, who=ask.visitor.name, what="schedule_add", target=name, detail=added.timetable.in_words())
    return see_other(f"/schedules/{name}/check")


def check(ask: Ask) -> Response:
    """Says of one schedule what would keep it from firing, as things are now."""
    name = _known(ask)
    try:
        found = obstacles(ask.ledger, name, context=ask.site.around)
    except UsageError as error:
        found = [error.message]
    [view] = [view for view in view_schedules(ask.ledger) if view.record.name == name]
    words = [masked_text(page_text(one)) for one in found]
    return ask.page("schedules/check.html.jinja", schedule=schedule_line(view), obstacles=words)


def pause(ask: Ask) -> Response:
    """Lets a schedule fire no more for now."""
    return _done(ask, "schedule_pause", pause_schedule)


def resume(ask: Ask) -> Response:
    """Lets a schedule fire again."""
    return _done(ask, "schedule_resume", resume_schedule)


def remove_form(ask: Ask) -> Response:
    """Asks whether a schedule is to be removed."""
    return ask.page("schedules/remove.html.jinja", name=_known(ask))


def remove(ask: Ask) -> Response:
    """Removes a schedule."""
    return _done(ask, "schedule_remove", remove_with_sheet)


def _done(ask: Ask, what: str, act: Callable[[Ledger, str], object]) -> Response:
    name = _known(ask)
    act(ask.ledger, name)
    record_act(ask.ledger, who=ask.visitor.name, what=what, target=name)
    return see_other("/schedules")


def _known(ask: Ask) -> str:
    name = ask.path("schedule")
    if any(view.record.name == name for view in view_schedules(ask.ledger)):
        return name
    raise PageError(HTTPStatus.NOT_FOUND, f"There is no schedule {name!r} any more.")


def _said(ask: Ask) -> ScheduleSaid:
    template = chosen_template(ask)
    if template is None or ask.value("where") not in ("sandbox", "real"):
        raise UsageError("choose a template, and where calls go")
    when, calls = ask.value("when"), ask.value("max_calls")
    answers = {name: ask.value(name) or None for name in _ANSWERS}
    if calls and not calls.isdecimal():
        raise UsageError(f"{calls!r} is no number of calls")
    try:
        preset = PresetAnswers.model_validate(
            {
                **answers,
                "region": ask.value("region").upper() or None,
                "max_calls": int(calls) if calls else None,
                "again": bool(ask.value("again")),
                "skip_invalid": bool(ask.value("skip_invalid")),
                "sandbox": ask.value("where") == "sandbox",
            }
        )
    except ValueError:
        raise UsageError("one of the answers is none of those that are offered") from None
    return ScheduleSaid(
        name=ask.value("name"),
        sheet=ask.value("sheet"),
        template=template,
        timezone=ask.value("timezone"),
        grace=ask.value("grace") or _GRACE,
        said=preset,
        at=ask.value("at") if when == "once" else "",
        cron=ask.value("cron") if when == "cron" else "",
        days=ask.values("day") if when == "days" else (),
        time=ask.value("time") if when == "days" else "",
        notify_url=ask.value("notify_url") or None,
    )


def _form(ask: Ask, *, message: str = "") -> Response:
    return ask.page(
        "schedules/add.html.jinja",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK,
        message=message,
        templates=template_names(ask.site.templates),
        zones=sorted(every_zone()),
        folder=scheduled_folder(ask.ledger),
        days=DAYS,
        said={name: ask.value(name) for name in _FIELDS} | {"day": ask.values("day")},
        grace=_GRACE,
    )
