"""Use case choices: what only the owner of an uploaded sheet can say of how it is read, with what would come of each.

UndecidedError, kept as UploadFailure --> offers_of: each answer with the first rows it leads to --> answer_choice
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from campaign.domain.errors import SheetError, UsageError
from campaign.intake.contacts.header import first_rows
from campaign.intake.files.read_options import UNDECIDED, Choices, chosen
from campaign.intake.open_sheet import open_sheet
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.serving import UploadRecord
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.uploads import Overtaken, change_upload

__all__ = ["UNDECIDED", "Choices", "Offered", "SheetGlance", "answer_choice", "forget_choices", "glance", "offers_of"]

_ROWS = 3
_MOST_BYTES = 2 * 1024 * 1024
"""A larger workbook takes seconds to read, for each answer: what the answers say of it must do."""
_TEXT = (".csv", ".tsv", ".txt")
_SAME_FOR_ALL = ("max_rows",)
"""Choices that change nothing about how the first rows are read."""
_ASKED = {each.name for each in fields(Choices)} - {"one_column", "usual_extra_field"}


@dataclass(frozen=True, slots=True)
class SheetGlance:
    """The first rows of a sheet under some choices.

    Attributes:
        header: the columns' names; empty where they are not known.
        rows: (number, cells) of the first ones.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """An answer, what the sheet would be with it, and its first rows then; None where they tell nothing of it."""

    value: str
    what: str
    glance: SheetGlance | None


def offers_of(path: Path, choices: Choices, *, field: str, options: Sequence[tuple[str, str]]) -> tuple[Offered, ...]:
    """The answers to one question, each with what the sheet would be with it.

    Args:
        path: of the sheet.
        choices: those that were made before.
        field: of `Choices`: what is asked.
        options: (value, what the sheet would be with it).
    """
    large = path.suffix not in _TEXT and path.stat().st_size > _MOST_BYTES
    tells = field not in _SAME_FOR_ALL and not large

    def shown(value: str) -> SheetGlance | None:
        return glance(path, chosen(choices, field, value)) if tells else None

    return tuple(Offered(value, what, shown(value)) for value, what in options)


def glance(path: Path, choices: Choices) -> SheetGlance | None:
    """The sheet's first rows, as they would be read; None where it cannot be read that way."""
    try:
        sheet = open_sheet(path, choices=choices)
        return SheetGlance(sheet.header, tuple((row.number, row.cells) for row in islice(sheet.rows, _ROWS)))
    except SheetError:
        rows = first_rows(path, choices)[: _ROWS + 1]
    return SheetGlance((), tuple((row.number, row.cells) for row in rows)) if rows else None


def answer_choice(ledger: Ledger, upload: UploadRecord, *, field: str, value: str) -> UploadRecord | Overtaken:
    """Adds the owner's answer to what is known of the sheet; `Overtaken` where somebody else was first.

    Raises:
        UsageError: it is no answer to that question.
    """
    if field not in _ASKED or not value:
        raise UsageError("choose one of the answers first; nothing was changed")
    before = settings_of(upload)
    try:
        made = chosen(before.choices, field, value)
        TypeAdapter(Choices).validate_python(asdict(made))
        _refuse_senseless(made)
    except (ValueError, ValidationError):
        raise UsageError(f"{value!r} is no answer to that; choose one of those that are offered") from None
    return change_upload(
        ledger, upload, settings=before.model_copy(update={"choices": made}).model_dump_json(), failure=None
    )


def forget_choices(ledger: Ledger, upload: UploadRecord) -> UploadRecord | Overtaken:
    """Takes all answers back, so that they are asked for anew; `Overtaken` where somebody else was first."""
    after = settings_of(upload).model_copy(update={"choices": UNDECIDED})
    return change_upload(ledger, upload, settings=after.model_dump_json(), failure=None)


def _refuse_senseless(choices: Choices) -> None:
    for number in _numbers(choices):
        if not 1 <= number < 10**9:
            raise ValueError(number)


def _numbers(choices: Choices) -> Iterator[int]:
    yield from (number for number in (choices.header_row, choices.max_rows) if number is not None)
