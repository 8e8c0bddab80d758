"""What only a person can say before the first call of a run, as data: a front asks it, and gives what was said."""

from dataclasses import dataclass

from campaign.domain.model import Note
from campaign.preparation.forecast import Outlook
from campaign.preparation.questions import Answers


@dataclass(frozen=True, slots=True)
class RepairedNumbers:
    """Numbers would be called as restored, not as written: call them so, skip their rows, or stop?

    Attributes:
        count: how many; there may be more than notes.
        notes: what was written, and what it would be called as.
    """

    count: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """Rows say something else than when they were called: call them again?

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
    """So many calls would be made, with this outlook: make them?"""

    calls: int
    outlook: Outlook


RunQuestion = RepairedNumbers | ChangedRows | MakeCalls


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has said so far; `agreed` to the calls that would be made."""

    answers: Answers
    agreed: bool = False
