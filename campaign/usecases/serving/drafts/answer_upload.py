"""Use case: answer the questions of an uploaded sheet. The answers stay with the upload, so that every load has them.

answers --> the draft, by its revision --> the upload's settings
       `--> the sheet must be read again, and is large --> the upload's settings --> the caller loads it
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

from campaign.domain.errors import UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.preparation.drafts.answer import needs_sheet
from campaign.preparation.drafts.look import SheetDraft, open_questions
from campaign.preparation.questions import NO_ANSWERS, Answers, OpenQuestion
from campaign.usecases.context import Context
from campaign.usecases.dialling.drafts import answer_draft
from campaign.usecases.serving.drafts.overtaken import DraftOvertakenError, refuse_other
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.upload_settings import UploadSettings
from campaign.usecases.serving.uploads import Overtaken, UploadRecord, change_upload, find_upload

__all__ = ["Answers", "answer_upload", "answers_with", "answers_without", "change_settings", "questions_left"]

_MOST_CALLS = 10_000_000
_LONGEST_WORD = 200


def answer_upload(
    ledger: Ledger,
    upload: UploadRecord,
    draft: SheetDraft,
    *,
    answers: Answers,
    mark: str,
    at_once: bool,
    context: Context,
) -> bool:
    """Replaces all answers; returns whether the sheet must be loaded again, which the caller begins.

    Args:
        ledger: where both are.
        upload: the sheet.
        draft: as it is now.
        answers: all of them.
        mark: of the draft that was looked at.
        at_once: read the sheet here if it must be; else it is left to the caller.
        context: clock, environment and words.

    Raises:
        DraftOvertakenError: somebody else has answered since.
        SheetError: the sheet must be read again, and not one of its rows can be called so; nothing is changed.
    """
    refuse_other(draft, mark)
    later = needs_sheet(draft, answers) and not at_once
    if not later:
        answer_draft(ledger, draft.record.token, answers, revision=draft.record.revision, context=context)
    before = settings_of(upload).answers

    def answered(said: UploadSettings) -> UploadSettings:
        if later and said.answers != before:
            raise DraftOvertakenError("the questions were answered by somebody else meanwhile; yours were not taken")
        return said.model_copy(update={"answers": answers})

    change_settings(ledger, upload, answered)
    return later


def change_settings(
    ledger: Ledger, upload: UploadRecord, change: Callable[[UploadSettings], UploadSettings]
) -> UploadRecord:
    """Changes what is stored of an upload, whatever else of it is changed in the same moment.

    Raises:
        UsageError: the upload is gone; and whatever `change` raises.
    """
    now: UploadRecord | None = upload
    while now is not None and now.removed_at is None:
        settings = change(settings_of(now))
        changed = change_upload(ledger, now, settings=settings.model_dump_json())
        if not isinstance(changed, Overtaken):
            return changed
        now = find_upload(ledger, upload.token)
    raise UsageError("this sheet was launched or discarded meanwhile; nothing was changed")


def questions_left(upload: UploadRecord, draft: SheetDraft) -> tuple[OpenQuestion, ...]:
    """The questions that are open, with the limit of calls that the upload's settings have."""
    return open_questions(draft, limit=settings_of(upload).limit)


def answers_with(answers: Answers, about: str, value: str) -> Answers:
    """The answers with one more, as a form names it: the field of `Answers`, and its value.

    Raises:
        UsageError: there is no such answer.
    """
    if about in ("yes_words", "no_words"):
        known = getattr(answers, about)
        if not value or len(value) > _LONGEST_WORD:
            raise UsageError("such a word cannot be explained; write yes or no into these cells")
        return _replaced(answers, about, (*known, *({value} - set(known))))
    if about == "max_calls" and value.isascii() and value.isdigit() and 0 < int(value) <= _MOST_CALLS:
        return replace(answers, max_calls=int(value))
    if about == "allow_fictitious" and value in ("yes", "no"):
        return replace(answers, allow_fictitious=value == "yes")
    if value not in _choices().get(about, ()):
        raise UsageError(f"{value!r} does not answer {about!r}; nothing was changed")
    return _replaced(answers, about, value)


def answers_without(answers: Answers, about: str) -> Answers:
    """The answers without that one: the question is open again.

    Raises:
        UsageError: there is no such answer.
    """
    if about not in {one.name for one in fields(Answers)}:
        raise UsageError(f"there is no answer {about!r}; nothing was changed")
    return _replaced(answers, about, getattr(NO_ANSWERS, about))


def _replaced(answers: Answers, name: str, value: Any) -> Answers:
    return replace(answers, **{name: value})


def _choices() -> dict[str, tuple[str, ...]]:
    """Field of `Answers` -> the values that it takes, of those that take one of a few."""
    found = {}
    for name, hint in get_type_hints(Answers).items():
        values = [value for part in get_args(hint) for value in get_args(part) if isinstance(value, str)]
        if values:
            found[name] = tuple(values)
    return found
