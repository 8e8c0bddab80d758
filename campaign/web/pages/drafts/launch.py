"""Page `/drafts/ID/launch`: what will happen, with which pace and when; the launch itself, once; or a schedule."""

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from campaign.domain.errors import UsageError
from campaign.presentation.forecast import forecast_lines
from campaign.presentation.page.badge import service_badge
from campaign.presentation.page.sheets.launch import hours_lines, launch_sentence, left_out_words
from campaign.timing.zones.zone_names import every_zone
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling, first_order
from campaign.usecases.serving.drafts.answer_upload import change_settings, questions_left
from campaign.usecases.serving.drafts.launch_settings import (
    LaunchSettings,
    launch_settings_from,
    launch_settings_of,
    with_launch_settings,
)
from campaign.usecases.serving.drafts.launch_upload import (
    begun_before,
    canary_of,
    launch_upload,
    remove_launched,
    said_as_instant,
)
from campaign.usecases.serving.drafts.overtaken import mark_of
from campaign.usecases.serving.drafts.schedule_upload import When, schedule_upload
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.upload_settings import UploadSettings
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.drafts.opening import OpenDraft, opened_draft
from campaign.web.pages.drafts.rows import reload

_FIELDS = ("name", "rate", "max_in_flight", "canary", "limit", "start")


def launch(ask: Ask) -> Response:
    """Shows what will happen."""
    found = opened_draft(ask)
    return found if not isinstance(found, OpenDraft) else _launch_page(ask, found)


def launched(ask: Ask) -> Response:
    """Takes the settings of the form, or publishes the draft as a run, once, and lets the server dial it."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    said = settings_of(found.upload)
    asked = _asked(ask)
    if asked is not None and asked != launch_settings_of(said):
        return _settings_taken(ask, found, asked, said=said)
    if ask.value("act") == "apply":
        return see_other(f"/drafts/{found.upload.token}/launch")
    calls, token = found.draft.calls(said.limit), found.draft.record.token
    if service_badge(found.draft.source.service).kind == "aicaller" and ask.value("calls") != str(calls):
        message = f"Type {calls} to launch {calls:,} calls; nothing was sent."
        return _launch_page(ask, found, message=message, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    # The plan is the one that was looked at, whatever becomes of the template's file.
    ordered = OrderedDialling(limit=said.limit, plan="old", canary=canary_of(said))
    run = launch_upload(
        ask.ledger,
        found.upload,
        found.draft,
        mark=ask.value("revision"),
        order=first_order(ordered, who=ask.visitor.name),
        context=ask.site.around,
    )
    try:
        ask.site.desk.dial_first(ask.ledger, run.name, ordered, who=ask.visitor.name)
    finally:
        if remove_launched(ask.ledger, found.upload, draft_token=token):
            record_act(ask.ledger, who=ask.visitor.name, what="launch", target=run.name, detail=f"{calls} calls")
    return see_other(f"/runs/{run.name}")


def schedule(ask: Ask) -> Response:
    """Lets a schedule call the sheet, once at a time or again and again."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    if ask.value("revision") != mark_of(found.draft):
        raise PageError(HTTPStatus.CONFLICT, "Somebody has changed this draft since you looked at it; look again.")
    once = ask.value("when") == "once"
    when = When(
        name=ask.value("schedule_name"),
        at=(ask.value("at") or None) if once else None,
        cron=None if once else ask.value("cron") or None,
        timezone=ask.value("timezone"),
        grace=ask.value("grace") or "30m",
    )
    try:
        view = schedule_upload(ask.ledger, found.upload, found.draft, when=when, context=ask.site.around)
    except UsageError as error:
        return _launch_page(ask, found, message=ask.site.around.wording(error.message), when=when, status=422)
    record_act(ask.ledger, who=ask.visitor.name, what="schedule", target=view.record.name)
    return see_other("/schedules")


def _asked(ask: Ask) -> LaunchSettings | None:
    """The settings of the form; None for a form without them, as a program sends it."""
    if not any(name in ask.form for name in _FIELDS):
        return None
    return launch_settings_from({name: ask.value(name) for name in _FIELDS})


def _settings_taken(ask: Ask, found: OpenDraft, asked: LaunchSettings, *, said: UploadSettings) -> Response:
    """Stores other settings, and shows what will happen now: nothing is launched that was not looked at."""
    before = launch_settings_of(said)
    tried = said_as_instant(ask.ledger, found.upload, with_launch_settings(said, asked), context=ask.site.around)
    new = launch_settings_of(tried)

    def taken(now: UploadSettings) -> UploadSettings:
        if launch_settings_of(now) not in (before, new):
            raise PageError(HTTPStatus.CONFLICT, "Somebody else has changed these settings meanwhile; look again.")
        return with_launch_settings(now, new)

    changed = change_settings(ask.ledger, found.upload, taken)
    if settings_of(changed).loads != said.loads:
        reload(ask, changed)
    record_act(ask.ledger, who=ask.visitor.name, what="launch_settings", target=found.upload.name)
    return see_other(f"/drafts/{found.upload.token}/launch?changed=1")


def _launch_page(
    ask: Ask, found: OpenDraft, *, message: str = "", when: When | None = None, status: int = HTTPStatus.OK
) -> Response:
    draft, said = found.draft, settings_of(found.upload)
    service = service_badge(draft.source.service)
    outlook = ask.site.forecasts.of(ask.ledger, draft, limit=said.limit, asked=False)
    values: dict[str, Any] = {
        "upload": found.upload,
        "service": service,
        "calls": draft.calls(said.limit),
        "revision": mark_of(draft),
        "must_type": service.kind == "aicaller",
        "sentence": launch_sentence(draft.calls(said.limit), service=service, outlook=outlook, canary=said.canary),
        # The sentence has said when the first and the last phone ring.
        "forecast": [line for line in forecast_lines(outlook, drawn=False) if not line.startswith("first phone")],
        "left_out": left_out_words(draft.summary),
        "said": launch_settings_of(said),
        "pace": draft.source.plan,
        "origin": draft.source.plan.origin,
        "hours": list(hours_lines(draft.source.plan)),
        "template_name": said.template.name if said.template else "",
        "open": len([one for one in questions_left(found.upload, draft) if one.stops]),
        "before": begun_before(ask.ledger, found.upload, draft),
        "outdated": found.is_outdated,
        "loading": found.is_loading,
        "changed": ask.query("changed") == "1",
        "message": message,
        "when": when,
        "zones": sorted(every_zone()),
        "may_change": ask.visitor.role == "operator",
    }
    return ask.page("drafts/launch.html.jinja", status=status, **values)
