"""A sheet under a template, row by row: what `check` reports and `run` loads, by the same verdicts."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from campaign.errors import SheetError, UsageError
from campaign.intake.choices import UNDECIDED, Choices
from campaign.intake.columns import Columns, match_columns
from campaign.intake.consent import refusals
from campaign.intake.identity import ContentKeys
from campaign.intake.screen import screen
from campaign.intake.sheet import open_sheet
from campaign.model import Contact, Invalid, Note, NoteKind, Problem, Screened, Sheet, Skip
from campaign.requests.compose import CallPlan, plan_fault
from campaign.template import Template

# A report of a million problems helps nobody; the results file has every one.
MOST_PROBLEMS_KEPT = 1_000
MOST_NOTES_KEPT = 1_000


@dataclass(slots=True)
class Screening:
    """A sheet that is being read: iterate it once; the counts are whole when that is done.

    Attributes:
        keys: sums the sheet up as it is iterated with keys.
        notices: what the reading of the sheet has to say, one line each.
        good: rows that would be called.
        invalid: rows that cannot be called as they are.
        skipped: reason -> rows that are not called though they could be; duplicates, and those without consent, count
            as one reason each.
        problems: of the invalid rows, the first thousand.
        noted: how many doubts there are about the good rows.
        notes: those doubts, the first thousand of each kind.
    """

    header: tuple[str, ...]
    keys: ContentKeys
    _rows: Iterator[Screened]
    notices: list[str] = field(default_factory=list)
    good: int = 0
    invalid: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    noted: Counter[NoteKind] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[str, Screened]]:
        """Each row and its key."""
        for screened in self._rows:
            self._count(screened)
            yield self.keys.key(screened), screened

    def without_keys(self) -> Iterator[Screened]:
        """The same, for those who do not ask which sheet it is: making the keys takes as long as the screening."""
        for screened in self._rows:
            self._count(screened)
            yield screened

    def _count(self, screened: Screened) -> None:
        match screened.verdict:
            case Contact():
                self.good += 1
                for note in screened.notes:
                    self._keep(note)
            case Invalid(problems):
                self.invalid += 1
                self.problems.extend(problems[: MOST_PROBLEMS_KEPT - len(self.problems)])
            case Skip(reason=reason):
                # What stands in a consent cell may be another text in each row.
                known = (kind for kind in ("duplicate", "no consent") if reason.startswith(kind))
                self.skipped[next(known, reason)] += 1

    def _keep(self, note: Note) -> None:
        self.noted[note.kind] += 1
        if self.noted[note.kind] <= MOST_NOTES_KEPT:
            self.notes.append(note)


def screen_sheet(
    sheet: Path, template: Template, *, call: CallPlan, secret: Callable[[str], str], choices: Choices = UNDECIDED
) -> Screening:
    """Opens the sheet and matches its columns; its rows are read as the result is iterated.

    A sheet with a consent column is read through before, for the numbers of those who say no.

    Raises:
        UsageError: no call could be written, whomever it is to.
        SheetError: the sheet cannot be read, or lacks a column that the template names; also while iterating.
    """
    # Whatever a row passes screening with can be written. What all calls share is no row's fault, and is tried once.
    if fault := plan_fault(call, secret=secret):
        raise UsageError(f"no call can be made: {fault}; mend [call] in the template, or the environment")
    opened = open_sheet(sheet, choices=choices)
    columns = match_columns(opened.header, template)
    refused: Mapping[int, int] = {}
    if columns.consent is not None:
        refused = refusals(opened.rows, columns, template)
        opened = _opened_again(sheet, columns, choices)
    return Screening(
        header=opened.header,
        keys=ContentKeys(opened.header),
        notices=opened.notices,
        _rows=screen(opened.rows, columns, template, refused=refused),
    )


def _opened_again(sheet: Path, columns: Columns, choices: Choices) -> Sheet:
    opened = open_sheet(sheet, choices=choices)
    if opened.header != columns.header:
        raise SheetError(f"sheet {sheet}: it was changed while it was read; start again once nobody is writing to it")
    return opened
