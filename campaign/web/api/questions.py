"""Open questions as the API tells them: which field answers each, and with what."""

from typing import Any, Literal, get_args, get_origin, get_type_hints

from campaign.presentation.cures.page import page_words
from campaign.usecases.dialling.drafts import OpenQuestion
from campaign.usecases.dialling.run_sheet import Answers
from campaign.usecases.serving.load_upload import UploadFailure
from campaign.web.api.models import OpenQuestionAnswer

_FIELDS = {
    "calls": "answers.max_calls",
    "rows": "reading.max_rows",
    "fictitious": "answers.allow_fictitious",
    "words": "answers.yes_words",
}


def open_question(question: OpenQuestion) -> OpenQuestionAnswer:
    """A question of the run."""
    field = _FIELDS.get(question.about, f"answers.{question.about}")
    words = " or ".join(filter(None, map(page_words, question.answers)))
    return OpenQuestionAnswer(
        answer=field, rows=question.count, values=_values(question.about), text=words or question.about
    )


def undecided(failure: UploadFailure) -> tuple[OpenQuestionAnswer, ...]:
    """The question of a sheet that can be read in several ways."""
    if failure.choice is None:
        return ()
    values = tuple(value for value, _ in failure.options)
    return (OpenQuestionAnswer(answer=f"reading.{failure.choice}", rows=0, values=values, text=failure.text),)


def _values(about: str) -> tuple[str, ...]:
    """What the field of `Answers` takes, where that is one of a few words."""
    hint: Any = get_type_hints(Answers).get(about)
    for part in get_args(hint):
        if get_origin(part) is Literal:
            return get_args(part)
    return ()
