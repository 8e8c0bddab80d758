"""Page `/drafts/ID/check`: the verdicts on the sheet, its problems in groups, and the questions of its run."""

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from campaign.domain.cures.notes import NoteKind
from campaign.domain.skip_reason import SkipReason
from campaign.presentation.dial_events import difference_lines
from campaign.presentation.forecast import forecast_lines
from campaign.presentation.masking import Mask, mask_for
from campaign.presentation.page.badge import service_badge
from campaign.presentation.page.sheets.check import (
    doubts_on_page,
    edits_lines,
    first_calls,
    group_on_page,
    groups_on_page,
    notices,
    numbers_line,
    skipped_on_page,
    tiles,
)
from campaign.presentation.page.sheets.forecast_plot import heat_plot
from campaign.presentation.page.sheets.questions import asked_on_page, given_on_page
from campaign.usecases.dialling.drafts import SheetDraft
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.drafts.answer_upload import questions_left
from campaign.usecases.serving.drafts.launch_upload import begun_before
from campaign.usecases.serving.drafts.overtaken import mark_of
from campaign.usecases.serving.drafts.row_pages import Group, key_of, rows_of_group, rows_skipped
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.uploads import discard_upload
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.drafts.mending import cells_to_mend, row_to_mend, twins
from campaign.web.pages.drafts.opening import OpenDraft, found_upload, opened_draft


def check(ask: Ask) -> Response:
    """Shows the verdicts on the sheet."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    return ask.page("drafts/check.html.jinja", **check_values(ask, found))


def check_values(ask: Ask, found: OpenDraft) -> dict[str, Any]:
    """All that the page shows."""
    draft, summary, mask = found.draft, found.draft.summary, mask_of(ask)
    said = settings_of(found.upload)
    page = _number(ask.query("page"), default=1)
    groups, pages = groups_on_page(summary, page=page, mask=mask)
    asked = ask.query("forecast") == "1"
    outlook = ask.site.forecasts.of(ask.ledger, draft, limit=said.limit, asked=asked)
    before = begun_before(ask.ledger, found.upload, draft)
    return {
        **head_values(ask, found),
        "groups": [(group, cells_to_mend(ask, found, group)) for group in groups],
        "page_number": min(max(page, 1), pages),
        "pages": pages,
        "doubts": list(doubts_on_page(summary, mask=mask)),
        "skipped": skipped_on_page(summary.skipped),
        "first": first_calls(summary, mask=mask),
        "notices": list(notices(summary, mask=mask)),
        "numbers": numbers_line(summary),
        "forecast": list(forecast_lines(outlook, drawn=False)),
        "may_ask_forecast": outlook is None and bool(summary.to_call),
        "plot": None if outlook is None else heat_plot(outlook.forecast),
        "edits": edits_lines(said.edits, mask=mask),
        "left_out": said.edits.left_out,
        "before": before,
        "differences": [] if before is None else list(difference_lines(before.choice.differences)),
    }


def head_values(ask: Ask, found: OpenDraft) -> dict[str, Any]:
    """What stands above the verdicts: counts and questions, which an edit can change."""
    draft, said = found.draft, settings_of(found.upload)
    asked = asked_on_page(draft, questions_left(found.upload, draft), mask=mask_of(ask))
    return {
        "upload": found.upload,
        "service": service_badge(draft.source.service),
        "template_name": said.template.name if said.template else "",
        "tiles": tiles(draft.summary),
        "asked": list(asked),
        "given": list(given_on_page(draft.answers)),
        "mark": mark_of(draft),
        "outdated": found.is_outdated,
        "loading": found.is_loading,
        "may_change": ask.visitor.role == "operator",
        "to_call": draft.calls(said.limit),
    }


def group_rows(ask: Ask) -> Response:
    """Shows all rows of one group of problems, or of one reason, a page at a time."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    after = _number(ask.query("after"), default=0)
    shared = {**head_values(ask, found), "after": after}
    if reason := ask.query("reason"):
        return _skipped_rows(ask, found, reason, after=after, shared=shared)
    if kind := ask.query("doubt"):
        return _doubtful_rows(ask, found, kind, after=after, shared=shared)
    group = group_of(found.draft, ask.query("group"))
    if group is None:
        return see_other(f"/drafts/{found.upload.token}/check")
    page = rows_of_group(ask.ledger, found.draft, group, after=after)
    rows = [row_to_mend(ask, found, row.number, column=group.column) for row in page.rows]
    shown = group_on_page(group, mask=mask_of(ask))
    return ask.page("drafts/check/group.html.jinja", group=shown, rows=rows, following=page.after, **shared)


def group_of(draft: SheetDraft, key: str) -> Group | None:
    """The group of problems with that key; None where nothing of it is left."""
    return next((group for group in draft.summary.problems if key_of(group) == key), None)


def discard_first(ask: Ask) -> Response:
    """Asks whether the sheet is to be discarded."""
    return ask.page("drafts/discard.html.jinja", upload=found_upload(ask))


def discard(ask: Ask) -> Response:
    """Removes the sheet, its file and all that was said of it; nothing is called."""
    upload = found_upload(ask)
    if upload.removed_at is None:
        discard_upload(ask.ledger, upload)
        record_act(ask.ledger, who=ask.visitor.name, what="discard", target=upload.name)
    return see_other("/")


def load_again(ask: Ask) -> Response:
    """Begins a load again that was stopped, or is needed."""
    upload = found_upload(ask)
    if not ask.site.loader.is_loading(upload.token):
        ask.site.loader.load(upload.token, size=upload.size)
    return see_other(f"/drafts/{upload.token}/check")


def mask_of(ask: Ask) -> Mask:
    """Viewers see masked numbers."""
    return mask_for(show_numbers=ask.visitor.role == "operator")


def _skipped_rows(ask: Ask, found: OpenDraft, code: str, *, after: int, shared: dict[str, Any]) -> Response:
    if code not in set(SkipReason):
        raise PageError(HTTPStatus.NOT_FOUND, f"There is no reason {code!r} why a row is left out.")
    reason, mask = SkipReason(code), mask_of(ask)
    page = rows_skipped(ask.ledger, found.draft, reason, after=after)
    title = next((one.meaning for one in skipped_on_page({reason: 1})), code)
    rows = [
        (row_to_mend(ask, found, row.number, column=""), mask(row.reason or ""), twins(ask, found, row))
        for row in page.rows
    ]
    return ask.page(
        "drafts/check/skipped.html.jinja", title=title, rows=rows, following=page.after, reason=code, **shared
    )


def _doubtful_rows(ask: Ask, found: OpenDraft, kind: str, *, after: int, shared: dict[str, Any]) -> Response:
    view, size = found.draft.view, 25
    notes = [note for note in (*view.repaired, *view.doubted) if note.kind.value == kind]
    if kind not in set(NoteKind) or not notes:
        return see_other(f"/drafts/{found.upload.token}/check")
    mask, shown = mask_of(ask), notes[after : after + size]
    rows = [
        (row_to_mend(ask, found, note.row, column=note.column), mask(note.value), mask(note.text)) for note in shown
    ]
    following = after + size if after + size < len(notes) else None
    [doubt] = [one for one in doubts_on_page(found.draft.summary, mask=mask) if one.kind == kind]
    return ask.page(
        "drafts/check/doubt.html.jinja", doubt=doubt, rows=rows, following=following, kept=len(notes), **shared
    )


def _number(text: str, *, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else default  # noqa: PLR2004 - as an int64
