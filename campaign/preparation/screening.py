"""Screens a sheet under a template, row by row: the same verdicts for `check` and `run`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice, takewhile
from pathlib import Path

from campaign.aicaller.compose import plan_fault
from campaign.config.run_plan import CallPlan
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.notes import Note, NoteKind
from campaign.domain.errors import ChangingError, UndecidedError, UsageError
from campaign.domain.model import Contact, Invalid, Problem, Screened, Skip
from campaign.domain.phone_line import line_of
from campaign.domain.sheet import Sheet
from campaign.domain.skip_reason import Duplicate, OwnNumber, SkipReason
from campaign.intake.contacts.call_time import times_of
from campaign.intake.contacts.columns import Columns
from campaign.intake.contacts.consent import Unclear, asks, refusals
from campaign.intake.contacts.content_hash import ContentKeys
from campaign.intake.contacts.findings import ALL_ACCEPTED, Accepted
from campaign.intake.contacts.header import left_above, matched
from campaign.intake.contacts.screen import screen
from campaign.intake.edits import NO_EDITS, Edits, edited
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.open_sheet import open_sheet
from campaign.intake.phones.lookup import lookup_in_use
from campaign.intake.template_choices import choices_for
from campaign.preparation.grouping import Groups, RowRanges
from campaign.preparation.on_list import OnList, own_number
from campaign.preparation.tallies.merged import FirstRows, MergedRows
from campaign.preparation.tallies.number_stats import NumberCounts

# A report of a million problems is useless; the results file has every one.
MOST_PROBLEMS_KEPT = 1_000
MOST_NOTES_KEPT = 1_000
_ASKED_AT_ONCE = 500


def _none_of(_wanted: Collection[int]) -> Iterator[Contact]:
    return iter(())


@dataclass(slots=True)
class Screening:
    """Screening in progress: iterate it once; the counts are complete after that.

    Attributes:
        keys: sums the sheet up as it is iterated with keys.
        notices: what the reading of the sheet has to say, one line each.
        good: rows that would be called.
        invalid: rows that cannot be called as they are.
        skipped: reason -> rows that are not called though they could be.
        problems: of the invalid rows, the first thousand.
        noted: how many good rows there are doubts about; how many doubts, where they are merely worth a look.
        notes: those doubts, the first thousand of each kind.
        grouped: all problems, as few groups.
        doubts: all doubts of each kind, as few groups.
        tally: countries and kinds of the good rows' numbers.
        unclear: (column, word) -> rows, of words of consent that say neither yes nor no.
        optional: keys of the variables that a row may lack.
        unspoken: those keys -> the good rows that lack them.
        merged: the duplicates.
        first_rows: reads rows again, with which duplicates are compared.
    """

    header: tuple[str, ...]
    keys: ContentKeys
    _rows: Iterator[Screened]
    notices: list[str] = field(default_factory=list)
    good: int = 0
    invalid: int = 0
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    noted: Counter[NoteKind] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    grouped: Groups = field(default_factory=Groups)
    doubts: defaultdict[NoteKind, Groups] = field(default_factory=lambda: defaultdict(Groups))
    tally: NumberCounts = field(default_factory=NumberCounts)
    unclear: Unclear = field(default_factory=Unclear)
    optional: tuple[str, ...] = ()
    unspoken: dict[str, RowRanges] = field(default_factory=dict)
    merged: MergedRows = field(default_factory=MergedRows)
    first_rows: FirstRows = field(default=_none_of)
    _noted_last: dict[NoteKind, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[str, Screened]]:
        """Yields each row and its key."""
        for screened in self._rows:
            self._count(screened)
            yield self.keys.key(screened), screened

    def without_keys(self) -> Iterator[Screened]:
        """Yields the rows alone, for callers that do not identify the sheet: keys take as long as screening."""
        for screened in self._rows:
            self._count(screened)
            yield screened

    def _count(self, screened: Screened) -> None:
        match screened.verdict:
            case Contact() as contact:
                self.good += 1
                self.tally.count(contact.phone)
                if self.optional:
                    self._note_unspoken(contact)
                for note in screened.notes:
                    self._keep(note)
            case Invalid(problems):
                self.invalid += 1
                self.grouped.add(problems)
                self.problems.extend(problems[: MOST_PROBLEMS_KEPT - len(self.problems)])
            case Skip(contact=contact, why=why):
                self.skipped[why.code] += 1
                if isinstance(why, Duplicate):
                    self.merged.see(contact, called=why.row)

    def _note_unspoken(self, contact: Contact) -> None:
        said = {key for key, _ in contact.variables}
        for key in self.optional:
            if key not in said:
                self.unspoken.setdefault(key, RowRanges()).add(contact.row)

    def _keep(self, note: Note) -> None:
        # A row with two such dates is asked about once; what is merely worth a look is counted as it is listed.
        if note.kind is NoteKind.WARNING or self._noted_last.get(note.kind) != note.row:
            self.noted[note.kind] += 1
        self._noted_last[note.kind] = note.row
        self.doubts[note.kind].add([Problem(note.row, note.column, note.value, note.text, "")])
        if self.noted[note.kind] <= MOST_NOTES_KEPT:
            self.notes.append(note)


def screen_sheet(  # noqa: PLR0913 - what decides on a row
    sheet: Path,
    template: Template,
    *,
    call: CallPlan,
    secret: Callable[[str], str],
    on_list: OnList,
    choices: Choices = UNDECIDED,
    edits: Edits = NO_EDITS,
    accepted: Accepted = ALL_ACCEPTED,
    most_rows: int | None = None,
    now: datetime,
) -> Screening:
    """Opens the sheet and matches its columns; its rows are read as the result is iterated.

    A sheet with a column of consent or opt-outs is read through before, for the numbers of those who say no.

    Args:
        sheet: the file.
        template: what its columns are for.
        call: what all calls share.
        secret: looks a webhook's secret up by its variable's name.
        on_list: looks numbers up on the suppression list.
        choices: how the sheet is to be read.
        edits: cells and rows that its owner has changed since.
        accepted: which doubtful numbers are called.
        most_rows: with more rows than these the sheet's owner must confirm.
        now: aware; a row's own time is not before it.

    Raises:
        UsageError: no call could be written, to any number.
        UndecidedError: there are more rows than `most_rows`; while iterating.
        SheetError: the sheet cannot be read, or lacks a column that the template names; also while iterating.
    """
    # Whatever a row passes screening with can be written. What all calls share is no row's fault, and is tried once.
    if fault := plan_fault(call, secret=secret):
        raise UsageError(f"no call can be made: {fault}; correct [call] in the template, or the environment")
    choices = choices_for(sheet, template, choices)
    opened, columns = matched(sheet, template, choices=choices)
    opened.notices.extend(left_above(sheet, choices=choices, region=template.phone.region))
    opened = edited(opened, edits)
    refused: Mapping[int, int] = {}
    if asks(columns, accepted=accepted):
        refused = refusals(opened.rows, columns, template, accepted=accepted)
        opened = edited(_opened_again(sheet, opened, choices=choices), edits)
    times, unclear = times_of(columns, template, now=now), Unclear()
    screened = screen(
        opened.rows,
        columns,
        template,
        refused=refused,
        accepted=accepted,
        times=times,
        unclear=unclear,
        notices=opened.notices,
        now=now,
        left_out=frozenset(edits.left_out),
    )
    if most_rows is not None:
        screened = _at_most(most_rows, screened, sheet)
    if warning := lookup_in_use().warning:
        opened.notices.append(warning)
    own = own_number(call.from_phone_number, region=template.phone.region)
    return Screening(
        header=opened.header,
        keys=ContentKeys(opened.header),
        notices=opened.notices,
        unclear=unclear,
        optional=tuple(one.key for one in columns.variables if one.optional),
        first_rows=partial(_rows_again, sheet, opened, columns, template, choices=choices, accepted=accepted),
        _rows=allowed(screened, own=own, on_list=on_list),
    )


def decided(sheet: Path, template: Template, choices: Choices) -> Choices:
    """Returns the choices, if the sheet can be opened with them.

    Raises:
        UndecidedError: one more must be made.
        SheetError: the sheet cannot be read, or lacks a column that the template names.
    """
    matched(sheet, template, choices=choices_for(sheet, template, choices))
    return choices


def _opened_again(sheet: Path, first: Sheet, *, choices: Choices) -> Sheet:
    """Opens the sheet again, and refuses a changed file: the consent that was read must belong to the same rows."""
    opened = open_sheet(sheet, choices=choices)
    if (opened.header, opened.state) != (first.header, first.state):
        raise ChangingError(f"sheet {sheet}: it was changed while it was read; start again once nobody writes to it")
    return opened


def _rows_again(  # noqa: PLR0917 - what they were read by
    sheet: Path,
    first: Sheet,
    columns: Columns,
    template: Template,
    wanted: Collection[int],
    *,
    choices: Choices,
    accepted: Accepted,
) -> Iterator[Contact]:
    """Yields these rows, which can be called, as they are called; no two of them have one number."""
    last = max(wanted)
    rows = takewhile(lambda row: row.number <= last, _opened_again(sheet, first, choices=choices).rows)
    found = screen((row for row in rows if row.number in wanted), columns, template, accepted=accepted)
    yield from (one.verdict for one in found if isinstance(one.verdict, Contact))


def _at_most(most: int, rows: Iterator[Screened], sheet: Path) -> Iterator[Screened]:
    """Yields the rows up to the limit, and refuses more: it may be the wrong file."""
    yield from islice(rows, most)
    if next(rows, None) is not None:
        raise UndecidedError(
            f"sheet {sheet}: more than {most:,} rows",
            cure=Cure(CureCode.SAY_ROW_LIMIT),
            choice="max_rows",
            options=[(str(most * times), f"read up to {most * times:,} rows") for times in (10, 100, 1_000)],
        )


def allowed(rows: Iterator[Screened], *, own: str | None, on_list: OnList) -> Iterator[Screened]:
    """Skips the rows that may not be called under any template."""
    while chunk := list(islice(rows, _ASKED_AT_ONCE)):
        listed = on_list([one.verdict.phone for one in chunk if isinstance(one.verdict, Contact)])
        if own is None and not listed:
            yield from chunk
            continue
        for one in chunk:
            match one.verdict:
                case Contact(phone=phone) as contact if own is not None and line_of(phone) == line_of(own):
                    yield Screened(one.row, Skip(contact, OwnNumber()))
                case Contact(phone=phone) as contact if phone in listed:
                    yield Screened(one.row, Skip(contact, listed[phone].why_skipped))
                case _:
                    yield one
