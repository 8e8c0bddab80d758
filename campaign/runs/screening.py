"""A sheet under a template, row by row: what `check` reports and `run` loads, by the same verdicts."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from campaign.intake.choices import UNDECIDED, Choices
from campaign.intake.header import matched
from campaign.intake.identity import ContentKeys
from campaign.intake.screen import screen
from campaign.model import Contact, Invalid, Problem, Screened, Skip
from campaign.requests.compose import CallPlan, compose
from campaign.template import Template

# A report of a million problems helps nobody; the results file has every one.
MOST_PROBLEMS_KEPT = 1_000


@dataclass(slots=True)
class Screening:
    """A sheet that is being read: iterate it once; the counts are whole when that is done.

    Attributes:
        good: rows that would be called.
        invalid: rows that cannot be called as they are.
        skipped: reason -> rows that are not called though they could be; duplicates count as one reason.
        problems: of the invalid rows, the first thousand.
    """

    header: tuple[str, ...]
    keys: ContentKeys
    _rows: Iterator[Screened]
    good: int = 0
    invalid: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[str, Screened]]:
        for screened in self._rows:
            self._count(screened)
            yield self.keys.key(screened), screened

    def _count(self, screened: Screened) -> None:
        match screened.verdict:
            case Contact():
                self.good += 1
            case Invalid(problems):
                self.invalid += 1
                self.problems.extend(problems[: MOST_PROBLEMS_KEPT - len(self.problems)])
            case Skip(reason=reason):
                self.skipped["duplicate" if reason.startswith("duplicate") else reason] += 1


def screen_sheet(
    sheet: Path, template: Template, *, call: CallPlan, secret: Callable[[str], str], choices: Choices = UNDECIDED
) -> Screening:
    """Opens the sheet and matches its columns; its rows are read as the result is iterated.

    Raises:
        SheetError: the sheet cannot be read, or lacks a column that the template names; also while iterating.
    """
    opened, columns = matched(sheet, template, choices=choices)
    screened = screen(opened.rows, columns, template)
    return Screening(
        header=opened.header,
        keys=ContentKeys(opened.header),
        _rows=(_composable(one, call=call, secret=secret) for one in screened),
    )


def decided(sheet: Path, template: Template, choices: Choices) -> Choices:
    """The choices as they are, if the sheet can be opened with them.

    Raises:
        UndecidedError: one more must be made.
        SheetError: the sheet cannot be read, or lacks a column that the template names.
    """
    matched(sheet, template, choices=choices)
    return choices


def _composable(screened: Screened, *, call: CallPlan, secret: Callable[[str], str]) -> Screened:
    """A contact whose request cannot be written is invalid now, not after it has been claimed."""
    if not isinstance(screened.verdict, Contact):
        return screened
    body = compose(screened.verdict, plan=call, secret=secret)
    return Screened(screened.row, Invalid((body,))) if isinstance(body, Problem) else screened
