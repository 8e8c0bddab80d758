"""Questions of a run as a page asks them: what it is about, and the answers in words, the safe one first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.notes import Note
from campaign.preparation.drafts.look import SheetDraft
from campaign.preparation.grouping import Group
from campaign.preparation.questions import Answers, OpenQuestion
from campaign.presentation.cures.doubt_words import DOUBT_WORDS
from campaign.presentation.masking import Mask
from campaign.presentation.wording import counted

NOTHING = ""
"""The answer that leaves rows as they are: not called."""
_CHOICES: Mapping[str, Sequence[tuple[str, str]]] = {
    "repairs": (("skip", "Leave these rows out"), ("accept", "Call the numbers as restored")),
    "changed": (("skip", "Leave these rows out"), ("call", "Call them again, with the new words")),
    "opted_out": (("skip", "Leave these rows out"), ("call", "Call them all the same")),
    "marked": (("skip", "Leave these rows out"), ("call", "Call them all the same")),
    "plus": (
        ("skip", "Leave these rows out"),
        ("written", "Call the numbers as they are written"),
        ("region", "Read them as numbers of the template's region"),
    ),
    "name_order": (("turned", "Speak the part behind the comma first"), ("written", "Speak them as written")),
    "date_order": (("day_first", "The day comes first"), ("month_first", "The month comes first")),
    "past": (("skip", "Leave these rows out"), ("call", "Call them all the same")),
    "unfollowed": (
        ("follow", "Look those calls up first, at the launch, and leave out who said no"),
        ("call", "Call them all the same"),
    ),
    "short_rows": ((NOTHING, "Leave these rows out"), ("read", "Read them: only empty cells at their end are missing")),
    "line_breaks": ((NOTHING, "Leave these rows out"), ("read", "Read them: their cells do have several lines")),
    "allow_fictitious": (("no", "Leave these rows out"), ("yes", "Call them: they are meant")),
}
_WORD_CHOICES = (("no_words", "No"), ("yes_words", "Yes"))
_DAMAGED = {
    "short_rows": "have too few fields, and are left out as invalid",
    "line_breaks": "have cells of several lines, and may be several rows each",
}
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class AskedOnPage:
    """One question.

    Attributes:
        about: the field of `Answers` that answers it; `limit` besides for a question of how many calls.
        text: the question.
        choices: (field, its value, in words), the safe one first.
        stops: whether nothing is called before it is answered.
        examples: what it is about.
        word: of a word of consent, the word itself.
    """

    about: str
    text: str
    choices: tuple[tuple[str, str, str], ...]
    stops: bool
    examples: tuple[str, ...] = ()
    word: str = ""


@dataclass(frozen=True, slots=True)
class GivenOnPage:
    """An answer that was given: the field, the question's subject and the answer in words."""

    about: str
    what: str
    answer: str


def asked_on_page(draft: SheetDraft, questions: Sequence[OpenQuestion], *, mask: Mask) -> Iterator[AskedOnPage]:
    """The open questions of the draft, those that stop its run first."""
    for question in sorted(questions, key=lambda one: not one.stops):
        if question.words:
            yield from _words(question)
        elif question.about == "calls":
            yield _calls(question)
        else:
            yield _rows(draft, question, mask=mask)
    if kept := sum(group.rows for group in draft.summary.problems if _is_fictitious(group)):
        text = f"{counted(kept, 'number')} kept for examples, which nobody answers: such rows are left out as invalid."
        yield AskedOnPage("allow_fictitious", text, _fields("allow_fictitious"), stops=False)


def given_on_page(answers: Answers) -> Iterator[GivenOnPage]:
    """The answers that were given on the page, each of which can be taken back."""
    for about, choices in _CHOICES.items():
        value = getattr(answers, about)
        if value in (None, False):
            continue
        told = dict(choices).get("yes" if value is True else value, str(value))
        yield GivenOnPage(about, _SUBJECTS[about], told)
    if answers.max_calls is not None:
        yield GivenOnPage("max_calls", "How many calls", f"At most {answers.max_calls:,}")
    for about, means in (("yes_words", "yes"), ("no_words", "no")):
        if words := getattr(answers, about):
            yield GivenOnPage(about, f"Words that mean {means}", ", ".join(map(repr, words)))


_SUBJECTS = {
    "repairs": "Restored numbers",
    "changed": "Rows that changed since their call",
    "opted_out": "Rows that a column says may not be called",
    "marked": "Rows that a remark says may not be called",
    "plus": "Numbers with a doubtful +",
    "name_order": "Names with a comma",
    "date_order": "Dates that may be two days",
    "past": "Days or times that have passed",
    "unfollowed": "People whose earlier call was not looked up",
    "short_rows": "Rows with too few fields",
    "line_breaks": "Rows with cells of several lines",
    "allow_fictitious": "Numbers kept for examples",
}


def _rows(draft: SheetDraft, question: OpenQuestion, *, mask: Mask) -> AskedOnPage:
    about, count = question.about, question.count
    notes: Sequence[Note] = ()
    if about == "repairs":
        text = f"{counted(count, 'number')} would be called as restored, not as written."
        notes = draft.view.repaired
    elif about == "changed" and draft.view.changed is not None:
        changed = draft.view.changed
        text = (
            f"{counted(count, 'row')} changed since the call: row {changed.row} was called {changed.called_at[:10]} "
            f"by run {changed.run}."
        )
    elif about == "unfollowed":
        runs = ", ".join(draft.unfollowed)
        text = (
            f"{counted(count, 'person')} would be called who were called before (run {runs}), and nobody has looked up "
            "since how that call ended: they may have asked not to be called again."
        ).replace("persons", "people")
    elif about in DOUBT_WORDS:
        words = DOUBT_WORDS[about]
        text = f"{counted(count, 'row')} {words}."
        notes = tuple(note for note in draft.view.doubted if note.kind.value == about)
    else:
        text = f"{counted(count, 'row')} {_DAMAGED.get(about, about)}."
    examples = tuple(mask(str(note)) for note in notes[:_EXAMPLES])
    return AskedOnPage(about, text, _fields(about), question.stops, examples)


def _calls(question: OpenQuestion) -> AskedOnPage:
    limit = question.limit or 0
    first = ("limit", str(limit), f"Make only the first {limit:,}")
    every = ("max_calls", str(question.count), f"Make all {question.count:,}")
    text = f"{counted(question.count, 'call')} would be made, and the limit is {limit:,}."
    return AskedOnPage("calls", text, (first, every), stops=True)


def _words(question: OpenQuestion) -> Iterator[AskedOnPage]:
    for column, word, rows in question.words:
        text = f"{word!r} in column {column!r} ({counted(rows, 'row')}) says neither yes nor no. What does it mean?"
        choices = tuple((field, word, told) for field, told in _WORD_CHOICES)
        yield AskedOnPage("words", text, choices, stops=True, word=word)


def _fields(about: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((about, value, told) for value, told in _CHOICES.get(about, ()))


def _is_fictitious(group: Group) -> bool:
    return isinstance(group.cure, Cure) and group.cure.code is CureCode.GIVE_OWN_NUMBER
