"""Questions that only a person can answer before a run's first call, as data: the front end asks them."""

from dataclasses import dataclass

from campaign.domain.model import Note
from campaign.preparation.forecast import Outlook
from campaign.preparation.questions import Answers


@dataclass(frozen=True, slots=True)
class RepairedNumbers:
    """Question: numbers would be called as restored, not as written; call them, skip their rows, or stop?

    Attributes:
        count: how many; there may be more than notes.
        notes: what was written, and what it would be called as.
    """

    count: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """Question: rows have changed since they were called; call them again?

    Attributes:
        count: how many.
        row: the first of them, called at `called_at` by `run`.
    """

    count: int
    row: int
    called_at: str
    run: str


@dataclass(frozen=True, slots=True)
class MakeCalls:
    """Question: so many calls would be made, with this forecast; make them?"""

    calls: int
    outlook: Outlook


RunQuestion = RepairedNumbers | ChangedRows | MakeCalls


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """Answers given so far; `agreed` is consent to the calls that would be made."""

    answers: Answers
    agreed: bool = False
