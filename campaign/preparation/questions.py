"""Questions that a run would ask, and the answers that a person gives beforehand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from campaign.config.settings import LOOPBACK_SERVICE, SANDBOX_SERVICE
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.notes import NoteKind
from campaign.domain.cures.runs import call_first_ones, raise_call_limit, raise_row_limit
from campaign.domain.cures.sheets import no_word, yes_word
from campaign.intake.contacts.findings import Accepted
from campaign.intake.opt_outs.yes_no import Words
from campaign.preparation.grouping import Group

About = Literal[
    "repairs",
    "changed",
    "calls",
    "rows",
    "fictitious",
    "opted_out",
    "marked",
    "plus",
    "name_order",
    "date_order",
    "past",
    "words",
    "short_rows",
    "line_breaks",
]
RowDoubt = Literal["opted_out", "marked", "plus", "name_order", "date_order", "past"]
"""Names of the answers to doubts about rows."""
ROW_DOUBTS: Mapping[NoteKind, tuple[RowDoubt, tuple[CureCode, ...]]] = {
    NoteKind.OPTED_OUT: ("opted_out", (CureCode.SKIP_OPTED_OUT, CureCode.CALL_OPTED_OUT)),
    NoteKind.MARKED: ("marked", (CureCode.SKIP_MARKED, CureCode.CALL_MARKED)),
    NoteKind.PLUS: ("plus", (CureCode.PLUS_AS_WRITTEN, CureCode.PLUS_IN_REGION, CureCode.SKIP_PLUS)),
    NoteKind.NAME_ORDER: ("name_order", (CureCode.TURN_NAMES, CureCode.NAMES_AS_WRITTEN)),
    NoteKind.DATE_ORDER: ("date_order", (CureCode.DAY_FIRST, CureCode.MONTH_FIRST)),
    NoteKind.PAST: ("past", (CureCode.SKIP_PAST, CureCode.CALL_PAST)),
}
"""Doubts about rows that stop a run: what they are about, which is the name of the answer too, and the answers."""
ANSWERS_OF: Mapping[CureCode, str] = {
    CureCode.SKIP_OPTED_OUT: "skip",
    CureCode.CALL_OPTED_OUT: "call",
    CureCode.SKIP_MARKED: "skip",
    CureCode.CALL_MARKED: "call",
    CureCode.PLUS_AS_WRITTEN: "written",
    CureCode.PLUS_IN_REGION: "region",
    CureCode.SKIP_PLUS: "skip",
    CureCode.TURN_NAMES: "turned",
    CureCode.NAMES_AS_WRITTEN: "written",
    CureCode.DAY_FIRST: "day_first",
    CureCode.MONTH_FIRST: "month_first",
    CureCode.SKIP_PAST: "skip",
    CureCode.CALL_PAST: "call",
}
"""The values that those answers have in `Answers`."""
ROWS_TO_READ: Mapping[CureCode, tuple[Literal["short_rows", "line_breaks"], CureCode]] = {
    CureCode.CORRECT_OR_READ_SHORT: ("short_rows", CureCode.READ_SHORT_ROWS),
    CureCode.CORRECT_OR_READ_LINES: ("line_breaks", CureCode.READ_LINE_BREAKS),
}
"""Cures of damaged rows that an answer makes sound: what the question is about, and the answer."""
_NOBODY_RINGS = (SANDBOX_SERVICE, LOOPBACK_SERVICE)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers given beforehand; None, or False, leaves a question open.

    Attributes:
        repairs: whether restored numbers are called.
        changed: whether rows are called again that changed since their call.
        max_calls: how many calls are meant at most.
        allow_fictitious: whether numbers that are kept for examples are called for real.
        opted_out, marked, plus, name_order, date_order, past, yes_words, no_words, short_rows, line_breaks: as in the
            template's `[answers]`, which they override.
    """

    repairs: Literal["accept", "skip"] | None = None
    changed: Literal["call", "skip"] | None = None
    max_calls: int | None = None
    allow_fictitious: bool = False
    opted_out: Literal["skip", "call"] | None = None
    marked: Literal["skip", "call"] | None = None
    plus: Literal["written", "region", "skip"] | None = None
    name_order: Literal["written", "turned"] | None = None
    date_order: Literal["day_first", "month_first"] | None = None
    past: Literal["skip", "call"] | None = None
    yes_words: tuple[str, ...] = ()
    no_words: tuple[str, ...] = ()
    short_rows: Literal["read"] | None = None
    line_breaks: Literal["read"] | None = None

    def beside(self, template: Template) -> "Answers":
        """These answers, and beside them those that the template gives; one that is given here wins."""
        said = template.answers
        return replace(
            self,
            opted_out=self.opted_out or said.opted_out,
            marked=self.marked or said.marked,
            plus=self.plus or said.plus,
            name_order=self.name_order or said.name_order,
            date_order=self.date_order or said.date_order,
            past=self.past or said.past,
            yes_words=(*self.yes_words, *said.yes_words),
            no_words=(*self.no_words, *said.no_words),
            short_rows=self.short_rows or said.short_rows,
            line_breaks=self.line_breaks or said.line_breaks,
        )


NO_ANSWERS = Answers()
"""No answer was given."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Open question: without an answer, a run that cannot ask calls fewer rows, or none.

    Attributes:
        about: repairs, changed, calls, rows, fictitious; the kind of doubt about rows; words; or damaged rows.
        count: how many rows, or calls, it is about.
        answers: the possible answers.
        limit: the limit that the calls or rows exceed.
        stops: whether no row at all is called until it is answered.
        words: (column, word, rows) of the words that it is about, the most frequent first.
    """

    about: About
    count: int
    answers: tuple[Cure, ...]
    limit: int | None = None
    stops: bool = True
    words: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionInputs:
    """Inputs of the questions: the number of rows for each, and the limits.

    Attributes:
        doubts: kind of doubt -> how many rows that would be called have it.
        words: (column, word, rows) of words of consent that say neither yes nor no.
        unread: what would make damaged rows sound -> how many rows.
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
    doubts: Mapping[NoteKind, int] = field(default_factory=dict)
    words: tuple[tuple[str, str, int], ...] = ()
    unread: Mapping[CureCode, int] = field(default_factory=dict)


def accepted_at(service: str, template: Template, answers: Answers) -> Accepted:
    """Doubtful numbers that a run at this service calls."""
    return accepted_by(answers, template, fictitious=fictitious_are_called(service, template, answers=answers))


def accepted_by(answers: Answers, template: Template, *, fictitious: bool = True) -> Accepted:
    """Doubts about rows as these answers, and those of the template, decide them."""
    said = answers.beside(template)
    return Accepted(
        repaired=said.repairs != "skip",
        fictitious=fictitious,
        opted_out=said.opted_out,
        marked=said.marked,
        plus=said.plus,
        name_order=said.name_order,
        date_order=said.date_order,
        past=said.past,
        words=Words.of(yes=said.yes_words, no=said.no_words),
        read=frozenset(about for about, _ in ROWS_TO_READ.values() if getattr(said, about) == "read"),
    )


def fictitious_are_called(service: str, template: Template, *, answers: Answers) -> bool:
    """Whether fictitious numbers are called: where no phone rings, and where the caller asked for it."""
    return service in _NOBODY_RINGS or answers.allow_fictitious or "fictitious" in template.phone.allow


def unread_in(groups: Iterable[Group]) -> Mapping[CureCode, int]:
    """What would make rows with these problems sound -> how many rows."""
    found = Counter[CureCode]()
    for group in groups:
        if isinstance(group.cure, Cure) and group.cure.code in ROWS_TO_READ:
            found[group.cure.code] += group.rows
    return found


def questions(asked: QuestionInputs, answers: Answers) -> Iterator[OpenQuestion]:
    """Yields the questions that are still open."""
    for kind, (about, codes) in ROW_DOUBTS.items():
        if asked.doubts.get(kind) and getattr(answers, about) is None:
            yield OpenQuestion(about, asked.doubts[kind], tuple(map(Cure, codes)))
    if asked.words:
        shown = asked.words[0][1]
        cures = yes_word(shown), no_word(shown), Cure(CureCode.OTHER_WORDS_ARE_NO)
        yield OpenQuestion("words", sum(rows for _, _, rows in asked.words), cures, words=asked.words)
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
    for code, rows in asked.unread.items():
        damage, answer = ROWS_TO_READ[code]
        yield OpenQuestion(damage, rows, (Cure(answer),), stops=False)
    if asked.fictitious:
        yield OpenQuestion("fictitious", asked.fictitious, (Cure(CureCode.ALLOW_FICTITIOUS),), stops=False)
