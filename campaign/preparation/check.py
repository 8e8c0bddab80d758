"""Checks a sheet: all that can be known before its first call. Sends nothing, and leaves the ledger unchanged."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from campaign.aicaller.compose import Composer
from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.api_schema import CallRequest
from campaign.domain.cures.notes import NoteKind
from campaign.domain.instants import to_call_delayed_until
from campaign.domain.model import Contact, Invalid, Screened
from campaign.domain.skip_reason import SkipReason
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.preparation.compare import Diff, EarlierCallIndex
from campaign.preparation.done_rows import Apart, RowIds
from campaign.preparation.forecast import ForecastBuilder, Outlook
from campaign.preparation.problem_sheet import ProblemSheet, refuse_problems_file, write_bad_rows
from campaign.preparation.questions import (
    NO_ANSWERS,
    Answers,
    QuestionInputs,
    accepted_by,
    fictitious_are_called,
    questions,
    unread_in,
)
from campaign.preparation.screening import Screening, screen_sheet
from campaign.preparation.summary import Summary, summary_of

_ASKED_AT_ONCE = 500
# So many candidates are kept for the preview, since some of them are left out in the end.
_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Checked:
    """Result of a check.

    Attributes:
        summary: what is known of the sheet.
        diff: which of its rows are done, and which have changed.
        outlook: when the phones would ring.
        problems: the sheet of bad rows that was written, if there was to be one and there are any.
        earlier: why else good rows are left out -> those rows, in order: what the ledger knows of them.
    """

    summary: Summary
    diff: Diff
    outlook: Outlook
    problems: Path | None = None
    earlier: Mapping[SkipReason, Iterable[int]] = field(default_factory=dict)


def check(  # noqa: PLR0913 - what is asked of a sheet at once
    sheet: Path,
    template: Template,
    *,
    plan: RunPlan,
    earlier: EarlierCallIndex,
    choices: Choices = UNDECIDED,
    answers: Answers = NO_ANSWERS,
    problems: ProblemSheet | None = None,
    every: Callable[[Screened], None] | None = None,
    now: datetime,
) -> Checked:
    """Checks the whole sheet.

    Args:
        sheet: the file.
        template: what its columns are for.
        plan: what all calls share.
        earlier: what the ledger says of numbers.
        choices: how the sheet is to be read.
        answers: answers that a run would be given beforehand.
        problems: where to write a sheet of the bad rows, and how it is worded.
        every: takes each row that has problems or doubts, or is left out, as it is read.
        now: aware; as if it were run then.

    Raises:
        SheetError: it cannot be read.
        UsageError: the sheet of bad rows cannot be written there.
    """
    if problems is not None:
        refuse_problems_file(problems.path, sheet)
    screening = screen_sheet(
        sheet,
        template,
        call=plan.call,
        secret=_mask_name,
        on_list=earlier.on_list,
        choices=choices,
        accepted=accepted_by(answers, template),
        now=now,
    )
    look = _Look(screening, earlier, plan=plan, every=every)
    bad = look.bad_rows()
    written = None if problems is None else write_bad_rows(problems, header=screening.header, rows=bad)
    deque(bad, maxlen=0)
    summary = look.summary(answers)
    called = fictitious_are_called(earlier.service, template, answers=answers)
    asked = QuestionInputs(
        rows=summary.rows,
        to_call=summary.to_call,
        repaired=summary.repaired,
        changed=len(look.changed),
        fictitious=0 if called else screening.noted[NoteKind.FICTITIOUS],
        limit=plan.max_calls,
        most_rows=choices.max_rows or template.limits.max_rows,
        doubts=summary.noted,
        words=summary.words,
        unread=unread_in(summary.problems),
    )
    return Checked(
        summary=replace(summary, questions=tuple(questions(asked, answers.beside(template)))),
        diff=look.diff,
        outlook=look.outlook(now=now, left_out=look.left_out(answers)),
        problems=written,
        earlier=look.earlier(answers),
    )


def dry_run(
    sheet: Path,
    template: Template,
    *,
    plan: RunPlan,
    earlier: EarlierCallIndex,
    choices: Choices = UNDECIDED,
    answers: Answers = NO_ANSWERS,
    limit: int | None = None,
    now: datetime,
) -> Iterator[tuple[int, CallRequest]]:
    """The requests that a run would send now: (row, request), in the sheet's order. Webhook secrets are not in them.

    Raises:
        SheetError: the sheet cannot be read.
    """
    ahead = ForecastBuilder(plan)

    def contacts() -> Iterator[Contact]:
        screening = screen_sheet(
            sheet,
            template,
            call=plan.call,
            secret=_mask_name,
            on_list=earlier.on_list,
            choices=choices,
            accepted=accepted_by(answers, template),
            now=now,
        )
        return _to_call(screening, earlier)

    if plan.delays:
        # The times of the calls are known only once all rows are read.
        for contact in contacts():
            ahead.see(contact)
    delays, composer = ahead.delays(now=now), Composer(plan.call, secret=_mask_name)
    for contact in islice(contacts(), limit):
        until = delays.get(contact.row)
        shown = None if until is None else to_call_delayed_until(until)
        yield contact.row, composer.to_request(contact, delayed_until=shown, reference="•••")


class _Look:
    """Sheet that is being checked: yields its bad rows as they are read, and the summary after the last row."""

    def __init__(
        self,
        screening: Screening,
        earlier: EarlierCallIndex,
        *,
        plan: RunPlan,
        every: Callable[[Screened], None] | None,
    ) -> None:
        self._screening, self._earlier, self._every = screening, earlier, every
        self._comparison, self._ahead = earlier.comparison(), ForecastBuilder(plan)
        self._recently = RowIds()
        self._first: list[Contact] = []
        self._done: AbstractSet[int] = frozenset()
        self.changed: set[int] = set()
        self.diff = Diff()

    def bad_rows(self) -> Iterator[Screened]:
        rows = self._screening.without_keys()
        while chunk := list(islice(rows, _ASKED_AT_ONCE)):
            self._see([one.verdict for one in chunk if isinstance(one.verdict, Contact)])
            for one in chunk:
                if self._every is not None and (one.notes or not isinstance(one.verdict, Contact)):
                    self._every(one)
                if isinstance(one.verdict, Invalid):
                    yield one

    def summary(self, answers: Answers) -> Summary:
        diff = self.diff = self._comparison.diff()
        self._done = diff.done.keys()
        self._recently -= self._done
        self.changed = diff.changed.keys() - self._recently
        left_out = self.left_out(answers)
        return summary_of(
            self._screening,
            diff=diff,
            recently=len(self._recently),
            left_out=Counter({SkipReason.CHANGED: len(left_out)}),
            preview=(contact for contact in self._first if contact.row not in left_out),
        )

    def left_out(self, answers: Answers) -> AbstractSet[int]:
        """Changed rows that are not to be called; valid once the summary is made."""
        return self.changed if answers.changed == "skip" else frozenset[int]()

    def earlier(self, answers: Answers) -> Mapping[SkipReason, Iterable[int]]:
        """Why else good rows are left out -> those rows; valid once the summary is made."""
        found: Mapping[SkipReason, Iterable[int]] = {
            SkipReason.CALLED_BEFORE: self._done,
            SkipReason.CALLED_RECENTLY: self._recently,
            SkipReason.CHANGED: self.left_out(answers),
        }
        return {reason: sorted(rows) for reason, rows in found.items()}

    def outlook(self, *, now: datetime, left_out: AbstractSet[int]) -> Outlook:
        return self._ahead.outlook(now=now, leave_out=Apart(self._recently, self._done, left_out))

    def _see(self, contacts: list[Contact]) -> None:
        called = self._earlier.recently([contact.phone for contact in contacts])
        for contact in contacts:
            self._comparison.see(contact)
            self._ahead.see(contact)
        if called:
            for contact in contacts:
                if contact.phone in called:
                    self._recently.add(contact.row)
        if len(self._first) < _CANDIDATES:
            free = (one for one in contacts if one.row not in self._recently and not self._comparison.is_done(one.row))
            self._first += islice(free, _CANDIDATES)


def _to_call(screening: Screening, earlier: EarlierCallIndex) -> Iterator[Contact]:
    comparison = earlier.comparison()
    for contacts in _chunks(screening):
        called = earlier.recently([contact.phone for contact in contacts])
        for contact in contacts:
            comparison.see(contact)
        yield from (
            contact for contact in contacts if contact.phone not in called and not comparison.is_done(contact.row)
        )


def _chunks(screening: Screening) -> Iterator[list[Contact]]:
    rows: Iterator[Screened] = screening.without_keys()
    while chunk := list(islice(rows, _ASKED_AT_ONCE)):
        yield [one.verdict for one in chunk if isinstance(one.verdict, Contact)]


def _mask_name(_name: str) -> str:
    return "•••"
