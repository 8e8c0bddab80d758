"""Pages of a rerun: which rejected rows, corrected in place or not; what would happen; and the calls."""

import re
from http import HTTPStatus
from urllib.parse import quote

from starlette.responses import Response

from campaign.domain.errors import TemplateError, UnansweredError
from campaign.presentation.cures.page import page_text
from campaign.presentation.page.badge import service_badge
from campaign.presentation.page.runs.run_view import mask_of
from campaign.usecases.dialling.corrections.corrected_cells import CellsSaid
from campaign.usecases.dialling.corrections.rerun_by_cells import draft_by_cells, failed_rows_of
from campaign.usecases.dialling.drafts import (
    DraftState,
    PublishedDraft,
    RerunDraft,
    answer_draft,
    discard_draft,
    look_at_draft,
)
from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.runs.found import found_run
from campaign.web.pages.runs.run import plan_said, plan_values

_CELL = re.compile(r"cell-([1-9][0-9]{0,8})-([0-9]{1,5})")
_REPAIRS_SHOWN = 50


def choose(ask: Ask) -> Response:
    """Shows the reasons by group, and the rows to be corrected."""
    record = found_run(ask)
    if ask.visitor.role != "operator":
        raise PageError(HTTPStatus.FORBIDDEN, "Viewers look only; an operator can call rows again.")
    after = ask.query("after")
    # Digits of other scripts are digits as well, and no numbers.
    row = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0  # noqa: PLR2004 - a row of a sheet
    failed = failed_rows_of(ask.ledger, record, after=row)
    return ask.page("runs/rerun.html.jinja", name=record.name, failed=failed, is_first=row == 0)


def drafted(ask: Ask) -> Response:
    """Drafts the rerun; nothing is sent."""
    record = found_run(ask)
    token = draft_by_cells(
        ask.ledger,
        record,
        groups=tuple(ask.values("group")),
        cells=_cells(ask),
        belongs_to=ask.visitor.name,
        context=ask.site.around,
    )
    record_act(ask.ledger, who=ask.visitor.name, what="rerun_draft", target=record.name)
    return see_other(f"/runs/{quote(record.name)}/rerun/{token}")


def preview(ask: Ask) -> Response:
    """Shows what the rerun would do."""
    record = found_run(ask)
    if ask.visitor.role != "operator":
        raise PageError(HTTPStatus.FORBIDDEN, "Viewers look only; an operator can call rows again.")
    draft = _draft(ask)
    if not isinstance(draft, RerunDraft):
        return see_other(f"/runs/{record.name}")
    mask, view = mask_of(is_viewer=False), draft.view
    return ask.page(
        "runs/rerun_preview.html.jinja",
        name=record.name,
        token=draft.record.token,
        revision=draft.record.revision,
        view=view,
        left_out=[(number, mask(page_text(why))) for number, why in view.left_out.first],
        repairs=[str(note) for note in view.notes[:_REPAIRS_SHOWN]],
        repairs_open=draft.repairs_open,
        service=service_badge(record.service),
        **plan_values(ask, record.name),
    )


def launched(ask: Ask) -> Response:
    """Calls the rows again, once."""
    record = found_run(ask)
    draft = _draft(ask)
    if not isinstance(draft, RerunDraft):
        return see_other(f"/runs/{record.name}")
    calls = draft.view.to_call
    if service_badge(record.service).kind == "aicaller" and ask.value("calls") != str(calls):
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, f"Type {calls} to make {calls} calls; nothing was sent.")
    if ask.value("revision") != str(draft.record.revision):
        text = "This rerun was changed since you looked at it; nothing was sent. Look at it again."
        raise PageError(HTTPStatus.CONFLICT, text)
    if draft.repairs_open and ask.value("repairs") == "accept":
        answers = draft.answers.__class__(repairs="accept", allow_fictitious=draft.answers.allow_fictitious)
        answer_draft(
            ask.ledger, draft.record.token, answers, revision=draft.record.revision, context=ask.site.around
        )  # fmt: skip
    try:
        ordered = OrderedDialling(draft=draft.record.token, plan=plan_said(ask))
        ask.site.desk.dial(ask.ledger, record.name, ordered, who=ask.visitor.name)
    except (UnansweredError, TemplateError) as error:
        text = f"{page_text(error.message)}. Choose which plan holds; nothing was sent."
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, text) from None
    record_act(ask.ledger, who=ask.visitor.name, what="rerun", target=record.name, detail=f"{calls} rows")
    return see_other(f"/runs/{record.name}")


def discarded(ask: Ask) -> Response:
    """Removes the draft of the rerun."""
    record = found_run(ask)
    discard_draft(ask.ledger, _draft(ask).record.token)
    return see_other(f"/runs/{record.name}")


def _draft(ask: Ask) -> RerunDraft | PublishedDraft:
    """The draft of the address, of this run."""
    found = ask.ledger.read.drafts.find(ask.path("draft"))
    if found is None or found.state is DraftState.EXPIRED:
        raise PageError(HTTPStatus.NOT_FOUND, "There is no such rerun; choose its rows again.")
    draft = look_at_draft(ask.ledger, found.token)
    run = (
        draft.source.run
        if isinstance(draft, RerunDraft)
        else draft.run.name
        if isinstance(draft, PublishedDraft)
        else ""
    )
    if run != ask.path("run") or not isinstance(draft, RerunDraft | PublishedDraft):
        raise PageError(HTTPStatus.NOT_FOUND, "There is no such rerun; choose its rows again.")
    return draft


def _cells(ask: Ask) -> CellsSaid:
    said = dict[int, dict[int, str]]()
    for key, value in ask.form.multi_items():
        match = _CELL.fullmatch(key)
        if match is not None and isinstance(value, str):
            said.setdefault(int(match[1]), {})[int(match[2])] = value
    return said
