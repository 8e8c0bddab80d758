"""A loaded sheet as its page shows it: counts, groups of problems with their rows, doubts, and the first calls."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from campaign.domain.cures.notes import NoteKind
from campaign.domain.model import Contact, Invalid, Problem, Screened, Skip
from campaign.domain.skip_reason import SkipReason
from campaign.intake.edits import Edits
from campaign.preparation.grouping import Group, RowRanges
from campaign.preparation.summary import Summary
from campaign.presentation.cures.doubt_words import DOUBT_WORDS
from campaign.presentation.cures.page import page_words
from campaign.presentation.masking import Mask
from campaign.presentation.skip_reasons import skip_word
from campaign.presentation.wording import counted
from campaign.usecases.serving.drafts.row_pages import key_of

GROUPS_OF_A_PAGE = 10
EXAMPLES = 3
_RANGES_SHOWN = 5
_NAMED = 6
DOUBT_TITLES: Mapping[NoteKind, str] = {
    NoteKind.REPAIRED: "Numbers that were restored: as written, and as they would be called",
    NoteKind.FICTITIOUS: "Numbers kept for examples, which nobody answers",
    NoteKind.OPTED_OUT: f"Rows {DOUBT_WORDS['opted_out']}",
    NoteKind.MARKED: f"Rows {DOUBT_WORDS['marked']}",
    NoteKind.PLUS: f"Numbers {DOUBT_WORDS['plus']}",
    NoteKind.NAME_ORDER: f"Rows {DOUBT_WORDS['name_order']}",
    NoteKind.DATE_ORDER: f"Rows {DOUBT_WORDS['date_order']}",
    NoteKind.PAST: f"Rows {DOUBT_WORDS['past']}",
    NoteKind.WARNING: "Other doubts",
}
"""Title of each kind of doubt; a test holds that none is missing."""


@dataclass(frozen=True, slots=True)
class CheckTile:
    """A number of rows, and what they are; `kind` names its colour."""

    rows: int
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Example:
    """A row of a group, as it was read.

    Attributes:
        number: the sheet's.
        line: of a text file, where that is not its number.
        value: the cell, as a message shows it.
        reason: its own, where it differs from the group's.
    """

    number: int
    line: int | None
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class GroupOnPage:
    """Rows that share a problem, or a doubt.

    Attributes:
        key: names it in addresses.
        where: its rows as ranges.
    """

    key: str
    rows: int
    where: str
    column: str
    reason: str
    cure: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class DoubtOnPage:
    """Doubts of one kind about rows that are called."""

    kind: str
    title: str
    rows: int
    groups: tuple[GroupOnPage, ...]


@dataclass(frozen=True, slots=True)
class SkippedOnPage:
    """Rows that are left out for one reason, by its code."""

    code: str
    meaning: str
    rows: int


@dataclass(frozen=True, slots=True)
class FirstCall:
    """One of the first calls, with its words."""

    row: int
    name: str
    phone: str
    email: str
    variables: tuple[tuple[str, str], ...]


def tiles(summary: Summary) -> list[CheckTile]:
    """The counts of the sheet."""
    skipped = sum(summary.skipped.values())
    return [
        CheckTile(summary.to_call, "created", "to call"),
        CheckTile(summary.invalid, "invalid", "cannot be called as they are"),
        CheckTile(skipped, "skipped", "left out on purpose"),
    ]


def groups_on_page(summary: Summary, *, page: int, mask: Mask) -> tuple[list[GroupOnPage], int]:
    """A page of the groups of problems, the first is 1; and how many pages there are."""
    pages = max(1, -(-len(summary.problems) // GROUPS_OF_A_PAGE))
    begin = (min(max(page, 1), pages) - 1) * GROUPS_OF_A_PAGE
    shown = summary.problems[begin : begin + GROUPS_OF_A_PAGE]
    return [group_on_page(group, mask=mask) for group in shown], pages


def group_on_page(group: Group, *, mask: Mask, examples: int = EXAMPLES) -> GroupOnPage:
    """One group, with its first rows."""
    return GroupOnPage(
        key=key_of(group),
        rows=group.rows,
        where=ranges_text(group),
        column=group.column,
        reason=mask(group.reason),
        cure=mask(page_words(group.cure)),
        examples=tuple(_example(one, group, mask=mask) for one in group.examples[:examples]),
    )


def doubts_on_page(summary: Summary, *, mask: Mask) -> Iterator[DoubtOnPage]:
    """The doubts about rows that are called, by kind."""
    for kind, groups in sorted(summary.doubts.items()):
        shown = tuple(group_on_page(group, mask=mask, examples=10) for group in groups[:GROUPS_OF_A_PAGE])
        yield DoubtOnPage(kind.value, DOUBT_TITLES[kind], summary.noted[kind], shown)


def skipped_on_page(counts: Mapping[SkipReason, int]) -> list[SkippedOnPage]:
    """The reasons why rows are left out, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    return [SkippedOnPage(reason.value, skip_word(reason), rows) for reason, rows in ordered if rows]


def first_calls(summary: Summary, *, mask: Mask) -> list[FirstCall]:
    """The first calls as they would be made."""
    return [_first_call(contact, mask=mask) for contact in summary.preview]


def notices(summary: Summary, *, mask: Mask) -> Iterator[str]:
    """What else should be known before the first call, one line each."""
    yield from map(mask, summary.notices)
    for key, rows in summary.unspoken.items():
        yield f"{counted(rows.rows, 'row')} ({ranges_text(rows)}) called with {key!r} left out"
    if summary.diff.done or summary.diff.changed:
        yield str(summary.diff)


def numbers_line(summary: Summary) -> str:
    """Countries and kinds of the numbers."""
    return "; ".join(filter(None, (_counts(summary.regions), _counts(summary.call_types))))


def ranges_text(found: RowRanges) -> str:
    """The rows as ranges, the first few of them."""
    shown = found.ranges[:_RANGES_SHOWN]
    text = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in shown)
    beyond = found.rows - sum(last - first + 1 for first, last in shown)
    word = "row" if found.rows == 1 else "rows"
    return f"{word} {text}" + (f" and {beyond:,} more" if beyond else "")


def verdict_words(verdict: Screened | None, *, mask: Mask) -> tuple[str, str]:
    """(kind of the verdict, in words) of one row."""
    match verdict:
        case Screened(_, Contact(phone=phone, name=name), notes):
            doubts = "".join(f"; {note.text}" for note in notes)
            return "created", mask(f"can be called: {name}, {phone}{doubts}")
        case Screened(_, Invalid(problems), _):
            return "invalid", "cannot be called: " + "; ".join(mask(problem_words(problem)) for problem in problems)
        case Screened(_, Skip() as skip, _):
            return "skipped", mask(f"is left out: {skip.reason}")
        case _:
            return "invalid", "cannot be read"


def problem_words(problem: Problem) -> str:
    """A problem of one row: the column, the reason and what to do."""
    where = f"column {problem.column!r}: " if problem.column else ""
    cure = page_words(problem.cure)
    return f"{where}{problem.reason}" + (f"; {cure}" if cure else "")


def differing(header: Sequence[str], one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str, str]]:
    """(column, the one's cell, the other's) of the cells in which two rows differ."""
    pairs = zip(header, one, other, strict=False)
    return [(name, mine, theirs) for name, mine, theirs in pairs if mine.strip() != theirs.strip()]


def edits_lines(edits: Edits, *, mask: Mask) -> list[tuple[int, str, str, str]]:
    """(row, column, before, now) of each edited cell."""
    return [(one.row, one.column, mask(one.before), mask(one.value)) for one in edits.cells]


def _example(one: Problem, group: Group, *, mask: Mask) -> Example:
    own = "" if one.reason == group.reason else mask(one.reason)
    return Example(one.row, one.line, mask(one.value), own)


def _first_call(contact: Contact, *, mask: Mask) -> FirstCall:
    said = tuple((key, mask(value)) for key, value in contact.variables)
    return FirstCall(contact.row, contact.name, mask(contact.phone), mask(contact.email or ""), said)


def _counts(counts: Mapping[str, int]) -> str:
    shown = [f"{count:,} {name}" for name, count in islice(counts.items(), _NAMED)]
    return ", ".join(shown) + (f" and {len(counts) - _NAMED} more" if len(counts) > _NAMED else "")
