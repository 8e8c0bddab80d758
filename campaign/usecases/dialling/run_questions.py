"""Questions that only a person can answer before a run's first call, as data: the front end asks them."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.domain.cures import Cure
from campaign.domain.cures.notes import Note
from campaign.preparation.forecast import Outlook
from campaign.preparation.questions import Answers, RowDoubt


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
class DoubtfulRows:
    """Question: so many rows have a doubt of this kind; what becomes of them?

    Attributes:
        about: the answer that is asked for, by its name in `Answers`.
        count: how many rows; there may be more than notes.
        notes: of these rows.
        answers: the possible answers, as the field of `Answers` takes them.
        cures: what gives each of them beforehand.
    """

    about: RowDoubt
    count: int
    notes: tuple[Note, ...]
    answers: tuple[str, ...]
    cures: tuple[Cure, ...]


@dataclass(frozen=True, slots=True)
class UnknownWords:
    """Question: words of consent that say neither yes nor no; what do they mean?

    Attributes:
        words: (column, word, rows), the most frequent first.
        cures: what answers it beforehand.
    """

    words: tuple[tuple[str, str, int], ...]
    cures: tuple[Cure, ...]


@dataclass(frozen=True, slots=True)
class UnfollowedCalls:
    """Question: people were called before, and nobody looked up how that ended; look first, or call all the same?

    Attributes:
        count: how many rows.
        runs: earlier run -> how many of these rows it called.
    """

    count: int
    runs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MakeCalls:
    """Question: so many calls would be made, with this forecast; make them?

    Attributes:
        calls: how many.
        outlook: the forecast.
        invalid: rows of the sheet that cannot be called.
        skipped: rows that could be called, and are left out.
    """

    calls: int
    outlook: Outlook
    invalid: int = 0
    skipped: int = 0


RunQuestion = RepairedNumbers | ChangedRows | DoubtfulRows | UnknownWords | UnfollowedCalls | MakeCalls


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """Answers given so far; `agreed` is consent to the calls that would be made."""

    answers: Answers
    agreed: bool = False
