"""Answers to the questions of a draft's run; and what becomes of a run that was begun with the same sheet."""

from http import HTTPStatus

from starlette.responses import Response

from campaign.usecases.serving.acts import record_act
from campaign.usecases.serving.dialling import OrderedDialling
from campaign.usecases.serving.drafts.answer_upload import (
    answer_upload,
    answers_with,
    answers_without,
    change_settings,
)
from campaign.usecases.serving.drafts.launch_upload import begun_before
from campaign.usecases.serving.drafts.overtaken import refuse_other
from campaign.usecases.serving.upload_settings import UploadSettings
from campaign.usecases.serving.uploads import discard_upload
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.drafts.opening import OpenDraft, found_upload, opened_draft
from campaign.web.pages.drafts.rows import SMALL_BYTES, reload

_ANSWER = "answer-"
_LONGEST_LIMIT = 9


def answer(ask: Ask) -> Response:
    """Takes the answers of the form; what it leaves open stays open."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    answers, limit = found.draft.answers, None
    for name, chosen in ask.form.multi_items():
        if not name.startswith(_ANSWER) or not isinstance(chosen, str):
            continue
        about, _, value = chosen.partition(":")
        if about == "limit":
            limit = _limit(value)
        elif value:
            answers = answers_with(answers, about, value)
    if forgotten := ask.value("ask-again"):
        answers = answers_without(answers, forgotten)
    small = found.upload.size <= SMALL_BYTES
    if answer_upload(
        ask.ledger,
        found.upload,
        found.draft,
        answers=answers,
        mark=ask.value("mark"),
        at_once=small,
        context=ask.site.around,
    ):
        reload(ask, found.upload)
    if limit is not None:
        said = limit
        change_settings(ask.ledger, found.upload, lambda now: now.model_copy(update={"limit": said}))
    record_act(ask.ledger, who=ask.visitor.name, what="answer", target=found.upload.name)
    return see_other(f"/drafts/{found.upload.token}/check")


def begin_again(ask: Ask) -> Response:
    """Says that a new run of a sheet is meant, which was run before."""
    upload = found_upload(ask)

    def again(said: UploadSettings) -> UploadSettings:
        return said.model_copy(update={"again": True})

    changed = change_settings(ask.ledger, upload, again)
    record_act(ask.ledger, who=ask.visitor.name, what="begin_again", target=upload.name)
    reload(ask, changed)
    return see_other(f"/drafts/{upload.token}/check")


def go_on(ask: Ask) -> Response:
    """Goes on with the run that was begun with the same sheet; this upload is needed no longer."""
    found = opened_draft(ask)
    if not isinstance(found, OpenDraft):
        return found
    refuse_other(found.draft, ask.value("mark"))
    before = begun_before(ask.ledger, found.upload, found.draft)
    if before is None or not before.same.unfinished:
        raise PageError(HTTPStatus.CONFLICT, "There is no run of this sheet that could go on.")
    plan = ask.value("plan")
    if before.choice.differences and plan not in ("new", "old"):
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, "Say which plan holds for the rest of the run.")
    name = before.same.record.name
    ordered = OrderedDialling(plan="new" if plan == "new" else "old" if plan == "old" else None)
    ask.site.desk.dial(ask.ledger, name, ordered, who=ask.visitor.name)
    record_act(ask.ledger, who=ask.visitor.name, what="resume", target=name)
    discard_upload(ask.ledger, found.upload)
    return see_other(f"/runs/{name}")


def _limit(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > _LONGEST_LIMIT or not int(value):
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, "A limit is a whole number from 1 on.")
    return int(value)
