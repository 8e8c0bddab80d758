"""Answers to how an uploaded sheet is read, and by which template: taken from a form, then the sheet is read again."""

from http import HTTPStatus

from starlette.responses import Response

from campaign.usecases.dialling.drafts import PublishedDraft, look_at_draft
from campaign.usecases.serving.acts import acts, record_act
from campaign.usecases.serving.load_upload import UploadFailure, UploadRecord, settings_of
from campaign.usecases.serving.reading.choices import answer_choice, forget_choices
from campaign.usecases.serving.reading.save import choose_template
from campaign.usecases.serving.uploads import Overtaken
from campaign.web.asking import Ask, PageError, see_other
from campaign.web.pages.drafts.opening import found_upload
from campaign.web.pages.failed import OTHER_ANSWERS, open_question
from campaign.web.pages.new import chosen_template

_ACTS_LOOKED_AT = 100


def choose(ask: Ask) -> Response:
    """Takes an answer, or takes all of them back, and reads the sheet again."""
    upload = changeable_upload(ask)
    if ask.value("act") == "forget":
        return read_again(ask, forget_choices(ask.ledger, upload), what="read anew")
    failure = open_question(ask, upload)
    if failure is None or failure.choice is None or ask.value("field") != failure.choice:
        raise PageError(HTTPStatus.CONFLICT, "That is not asked any more; look again. Nothing was changed.")
    changed = answer_choice(ask.ledger, upload, field=failure.choice, value=chosen_value(ask, failure))
    return read_again(ask, changed, what="answer", detail=failure.choice.replace("_", " "))


def change_template(ask: Ask) -> Response:
    """Has the sheet read by another template."""
    upload = changeable_upload(ask)
    path = chosen_template(ask)
    name = "a new one" if path is None else path.name
    return read_again(ask, choose_template(ask.ledger, upload, path), what="choose template", detail=name)


def chosen_value(ask: Ask, failure: UploadFailure) -> str:
    """The value of the answer: chosen by its place, since a sheet's name may hold what no form carries."""
    said = ask.value("value")
    if said == "other" and failure.choice in OTHER_ANSWERS:
        return ask.value("other")
    place = int(said) if said.isdecimal() else len(failure.options)
    return failure.options[place][0] if place < len(failure.options) else ""


def changeable_upload(ask: Ask) -> UploadRecord:
    """The upload that the address names, as the form has seen it.

    Raises:
        PageError: it is a run by now, or somebody else has changed it since.
    """
    upload = found_upload(ask)
    if upload.removed_at is not None:
        raise PageError(HTTPStatus.GONE, "That draft was removed; upload the sheet again.")
    if upload.draft_token is not None:
        found = look_at_draft(ask.ledger, upload.draft_token)
        if isinstance(found, PublishedDraft):
            raise PageError(HTTPStatus.CONFLICT, f"This sheet is the run {found.run.name} by now; nothing was changed.")
    if ask.value("revision") != str(upload.revision):
        raise overtaken(ask, upload)
    return upload


def read_again(ask: Ask, changed: UploadRecord | Overtaken, *, what: str, detail: str = "") -> Response:
    """Reads the upload by what was changed of it.

    Raises:
        PageError: somebody else has changed it first.
    """
    if isinstance(changed, Overtaken):
        raise overtaken(ask, changed.now)
    record_act(ask.ledger, who=ask.visitor.name, what=what, target=changed.name, detail=detail)
    if settings_of(changed).template is None:
        return see_other(f"/drafts/{changed.token}/columns")
    ask.site.loader.load(changed.token, size=changed.size)
    return see_other(f"/drafts/{changed.token}/check")


def overtaken(ask: Ask, upload: UploadRecord) -> PageError:
    """The refusal of a form that was filled in while somebody else changed the draft; says who, and what."""
    last = next((act for act in acts(ask.ledger, limit=_ACTS_LOOKED_AT) if act.target == upload.name), None)
    by = "" if last is None else f" ({last.who}: {last.what}{f', {last.detail}' if last.detail else ''})"
    return PageError(
        HTTPStatus.CONFLICT,
        f"This draft was changed since you opened the page{by}; look again, then say what is still to be said. "
        "Nothing of this form was stored.",
    )
