"""Columns of a sheet as a page shows them: each with its first cells, the choices of its use, and the reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaign.domain.model import Contact
from campaign.presentation.cures.column_words import ABOUT_USE, COLUMN_QUESTIONS
from campaign.presentation.wording import counted
from campaign.usecases.init import Offer, SheetHead
from campaign.usecases.serving.reading.said import SEVERAL, UNUSED, VARIABLE, slot_of
from campaign.usecases.serving.reading.view import ColumnsView

MOST_SHOWN = 120
"""Columns; of a wider sheet, the filled ones come first."""
FIRST_ROWS = 6
_LONGEST = 60
_USES: Mapping[str, str] = {
    "name": "Name",
    "phone": "Phone",
    "email": "E-mail",
    "consent": "Agreed to be called",
    "opted_out": "Must not be called",
    "country": "Country of the number",
    "call_at": "Time of the call",
    "timezone": "Time zone",
    "state": "State (US)",
    "zip": "ZIP code (US)",
}
_PARTS = ("", ", 2nd part", ", 3rd part")
_TRIED = (", called first", ", tried second", ", tried third", ", tried fourth")


def _slots() -> Iterator[tuple[str, str]]:
    for use, words in _USES.items():
        for place in range(SEVERAL.get(use, 1)):
            after = _TRIED[place] if use == "phone" else _PARTS[place]
            yield slot_of(use, place), f"{words}{after}"
    yield VARIABLE, "Spoken variable"
    yield UNUSED, "Not used"


SLOT_WORDS: Mapping[str, str] = dict(_slots())
"""The uses of a column, in the order in which they are offered."""


def slot_words(slot: str) -> str:
    """The use in words; beyond those that are offered, with its place."""
    use, _, place = slot.partition(".")
    return SLOT_WORDS.get(slot) or f"{_USES[use]}, number {place}"


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """One column of the form.

    Attributes:
        name: of the column; its place where it has none.
        slot: its use, `words` in words; `proposed` is what it would be without a word of the owner.
        reason: of its use; may be empty.
        key: of the variable; empty for a column that cannot be spoken.
        format: how its dates are said; None for a column without dates.
        proposed_format: the same, as proposed.
        samples: of what will be said, in the proposed format.
        doubt: dates that cannot be said, in words; may be empty.
    """

    index: int
    name: str
    slot: str
    words: str
    proposed: str
    reason: str
    key: str
    format: str | None
    proposed_format: str
    samples: str
    doubt: str


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A use that only the owner can decide: (index, name, first cells) of each candidate."""

    use: str
    text: str
    about: str
    needed: bool
    candidates: tuple[tuple[int, str, str], ...]


def columns_shown(look: SheetHead, view: ColumnsView) -> list[ColumnShown]:
    """The columns of the form: filled ones, at most so many."""
    dated = {offer.index: offer for offer in view.dates.offers}
    return [_column(look, view, index, offer=dated.get(index)) for index in indices_shown(look, view.uses)]


def indices_shown(look: SheetHead, uses: Mapping[int, object]) -> list[int]:
    """The columns worth showing, in the sheet's order: those with a use, then those with a name or a cell."""
    used = [index for index, slot in uses.items() if slot not in (VARIABLE, UNUSED)]
    told = [i for i, name in enumerate(look.header) if name.strip() or any(row.cells[i].strip() for row in look.rows)]
    return sorted(dict.fromkeys([*used, *told][:MOST_SHOWN]))


def questions_shown(look: SheetHead, view: ColumnsView, *, mask: Callable[[str], str]) -> list[QuestionShown]:
    """The questions of the form, with the columns to choose from."""
    return [
        QuestionShown(
            question.use,
            COLUMN_QUESTIONS[question.use],
            ABOUT_USE[question.use],
            question.needed,
            tuple((i, column_name(look, i), _examples(look, i, mask)) for i in question.candidates[:MOST_SHOWN]),
        )
        for question in view.questions
    ]


def rows_shown(look: SheetHead, indices: Sequence[int], *, mask: Callable[[str], str]) -> list[tuple[int, list[str]]]:
    """(number, cells) of the first rows."""
    return [(row.number, [short(mask(row.cells[index])) for index in indices]) for row in look.rows[:FIRST_ROWS]]


def calls_shown(calls: Sequence[Contact], *, mask: Callable[[str], str]) -> list[tuple[int, str, str, str]]:
    """(row, name, number, what is spoken) of the first calls."""
    return [
        (
            call.row,
            short(call.name),
            mask(call.phone),
            ", ".join(f"{key}: {short(value)}" for key, value in call.variables) or "nothing of the sheet",
        )
        for call in calls
    ]


def column_name(look: SheetHead, index: int) -> str:
    """The column's name; its place where it has none."""
    return short(look.header[index].strip()) or f"Column {index + 1}"


def short(text: str) -> str:
    """The text, cut where it is long."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _column(look: SheetHead, view: ColumnsView, index: int, *, offer: Offer | None) -> ColumnShown:
    dates = None if offer is None else offer.dates
    unread = 0 if dates is None else dates.unread
    return ColumnShown(
        index=index,
        name=column_name(look, index),
        slot=view.uses[index],
        words=slot_words(view.uses[index]),
        proposed=view.proposed[index],
        reason=view.reasons.get(index, ""),
        key=view.keys.get(index, ""),
        format=view.dates.formats.get(index),
        proposed_format="" if dates is None else dates.format,
        samples="" if dates is None else " · ".join(dates.samples),
        doubt=f"{counted(unread, 'cell')} of it cannot be said so: such rows are not called" if unread else "",
    )


def _examples(look: SheetHead, index: int, mask: Callable[[str], str]) -> str:
    filled = dict.fromkeys(row.cells[index].strip() for row in look.rows if row.cells[index].strip())
    return ", ".join(short(mask(cell)) for cell in list(filled)[:2])
