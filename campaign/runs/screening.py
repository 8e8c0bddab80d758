"""A sheet under a template, row by row: what `check` reports and `run` loads, by the same verdicts."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from campaign.intake.choices import UNDECIDED, Choices
from campaign.intake.columns import match_columns
from campaign.intake.identity import ContentKeys
from campaign.intake.screen import screen
from campaign.intake.sheet import open_sheet
from campaign.model import Contact, Invalid, Problem, Screened, Skip
from campaign.requests.compose import CallPlan, compose
from campaign.runs.suppression import OnList, own_number
from campaign.template import Template

# A report of a million problems helps nobody; the results file has every one.
MOST_PROBLEMS_KEPT = 1_000
_ASKED_AT_ONCE = 500
_OWN_NUMBER = "our own number"
# Reasons that name a row, or a day and a person's words, are counted as one.
_COUNTED_AS_ONE = ("duplicate", "on the suppression list")


@dataclass(slots=True)
class Screening:
    """A sheet that is being read: iterate it once; the counts are whole when that is done.

    Attributes:
        good: rows that would be called.
        invalid: rows that cannot be called as they are.
        skipped: reason -> rows that are not called though they could be; duplicates count as one reason, and so do
            the rows on the suppression list.
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
                self.skipped[next((each for each in _COUNTED_AS_ONE if reason.startswith(each)), reason)] += 1


def screen_sheet(
    sheet: Path,
    template: Template,
    *,
    call: CallPlan,
    secret: Callable[[str], str],
    on_list: OnList,
    choices: Choices = UNDECIDED,
) -> Screening:
    """Opens the sheet and matches its columns; its rows are read as the result is iterated.

    Args:
        sheet: the file.
        template: what its columns are for.
        call: what all calls share.
        secret: looks a webhook's secret up by its variable's name.
        on_list: looks numbers up on the suppression list.
        choices: how the sheet is to be read.

    Raises:
        SheetError: the sheet cannot be read, or lacks a column that the template names; also while iterating.
    """
    opened = open_sheet(sheet, choices=choices)
    columns = match_columns(opened.header, template)
    screened = screen(opened.rows, columns, template)
    composable = (_composable(one, call=call, secret=secret) for one in screened)
    own = own_number(call.from_phone_number, region=template.phone.region)
    return Screening(
        header=opened.header,
        keys=ContentKeys(opened.header),
        _rows=_allowed(composable, own=own, on_list=on_list),
    )


def _composable(screened: Screened, *, call: CallPlan, secret: Callable[[str], str]) -> Screened:
    """A contact whose request cannot be written is invalid now, not after it has been claimed."""
    if not isinstance(screened.verdict, Contact):
        return screened
    body = compose(screened.verdict, plan=call, secret=secret)
    return Screened(screened.row, Invalid((body,))) if isinstance(body, Problem) else screened


def _allowed(rows: Iterator[Screened], *, own: str | None, on_list: OnList) -> Iterator[Screened]:
    """Leaves out whom nobody may call, under any template."""
    while chunk := list(islice(rows, _ASKED_AT_ONCE)):
        listed = on_list([one.verdict.phone for one in chunk if isinstance(one.verdict, Contact)])
        for one in chunk:
            match one.verdict:
                case Contact(phone=phone) as contact if phone == own:
                    yield Screened(one.row, Skip(contact, _OWN_NUMBER))
                case Contact(phone=phone) as contact if phone in listed:
                    yield Screened(one.row, Skip(contact, str(listed[phone])))
                case _:
                    yield one
