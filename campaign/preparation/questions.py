"""Questions that a run would ask, and the answers that a person gives beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from campaign.config.settings import LOOPBACK_SERVICE, SANDBOX_SERVICE
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.runs import call_first_ones, raise_call_limit, raise_row_limit
from campaign.intake.contacts.findings import Accepted

_NOBODY_RINGS = (SANDBOX_SERVICE, LOOPBACK_SERVICE)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers given beforehand; None, or False, leaves a question open.

    Attributes:
        repairs: whether restored numbers are called.
        changed: whether rows are called again that changed since their call.
        max_calls: how many calls are meant at most.
        allow_fictitious: whether numbers that are kept for examples are called for real.
    """

    repairs: Literal["accept", "skip"] | None = None
    changed: Literal["call", "skip"] | None = None
    max_calls: int | None = None
    allow_fictitious: bool = False


NO_ANSWERS = Answers()
"""No answer was given."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Open question: without an answer, a run that cannot ask calls fewer rows, or none.

    Attributes:
        about: repairs, changed, calls, rows or fictitious.
        count: how many rows, or calls, it is about.
        answers: the possible answers.
        limit: the limit that the calls or rows exceed.
        stops: whether no row at all is called until it is answered.
    """

    about: Literal["repairs", "changed", "calls", "rows", "fictitious"]
    count: int
    answers: tuple[Cure, ...]
    limit: int | None = None
    stops: bool = True


@dataclass(frozen=True, slots=True)
class QuestionInputs:
    """Inputs of the questions: the number of rows for each, and the limits.

    Attributes:
        limit: calls that the template allows; None for any number.
        most_rows: rows that are read without a question.
    """

    rows: int
    to_call: int
    repaired: int
    changed: int
    fictitious: int
    limit: int | None
    most_rows: int


def accepted_at(service: str, template: Template, answers: Answers) -> Accepted:
    """Doubtful numbers that a run at this service calls."""
    return Accepted(
        repaired=answers.repairs != "skip", fictitious=fictitious_are_called(service, template, answers=answers)
    )


def fictitious_are_called(service: str, template: Template, *, answers: Answers) -> bool:
    """Whether fictitious numbers are called: where no phone rings, and where the caller asked for it."""
    return service in _NOBODY_RINGS or answers.allow_fictitious or "fictitious" in template.phone.allow


def questions(asked: QuestionInputs, answers: Answers) -> Iterator[OpenQuestion]:
    """Yields the questions that are still open."""
    if asked.repaired and answers.repairs is None:
        yield OpenQuestion("repairs", asked.repaired, (Cure(CureCode.ACCEPT_REPAIRS), Cure(CureCode.SKIP_REPAIRS)))
    if asked.changed and answers.changed is None:
        yield OpenQuestion("changed", asked.changed, (Cure(CureCode.CALL_CHANGED), Cure(CureCode.SKIP_CHANGED)))
    limit = answers.max_calls or asked.limit
    if limit is not None and asked.to_call > limit:
        said = raise_call_limit(calls=asked.to_call), call_first_ones(calls=limit)
        yield OpenQuestion("calls", asked.to_call, said, limit)
    if asked.rows > asked.most_rows:
        yield OpenQuestion("rows", asked.rows, (raise_row_limit(rows=asked.rows),), asked.most_rows)
    if asked.fictitious:
        yield OpenQuestion("fictitious", asked.fictitious, (Cure(CureCode.ALLOW_FICTITIOUS),), stops=False)
