"""Use case: correct a cell of an uploaded sheet, or leave a row out, before it is called. The file stays as it is.

cell, and what was seen of its row --> stored with the upload --> the sheet is loaded again with it
                                  `--> another person was first: what they said
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from campaign.domain.errors import UsageError
from campaign.domain.model import Screened
from campaign.intake.edits import LONGEST_CELL, CellEdit, Edits
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.drafts import LoadedRow
from campaign.preparation.drafts.look import SheetDraft
from campaign.preparation.drafts.one_row import screened_row
from campaign.usecases.serving.drafts.answer_upload import change_settings
from campaign.usecases.serving.drafts.overtaken import DraftOvertakenError
from campaign.usecases.serving.load_upload import settings_of
from campaign.usecases.serving.upload_settings import UploadSettings
from campaign.usecases.serving.uploads import UploadRecord

__all__ = ["EditedFirstError", "EditedRow", "edit_cell", "edited_row_of", "leave_row_out", "seen_of", "take_edits_back"]


@dataclass(frozen=True, slots=True)
class EditedRow:
    """A row as it is by the edits of now.

    Attributes:
        number: the sheet's.
        header: the columns' names.
        cells: as they are by the edits.
        edits: of its cells; each has the file's own text.
        is_left_out: whether its owner does not want it to be called.
        seen: names these edits: a form that was made from them sends it back.
        loaded: the row as it was last loaded.
        verdict: on the cells of now.
    """

    number: int
    header: tuple[str, ...]
    cells: tuple[str, ...]
    edits: tuple[CellEdit, ...]
    is_left_out: bool
    seen: str
    loaded: LoadedRow
    verdict: Screened | None

    def before(self, place: int) -> str | None:
        """The file's own text of a cell that was edited; None for another cell."""
        return next((edit.before for edit in self.edits if edit.place == place), None)


class EditedFirstError(DraftOvertakenError):
    """Another person has edited the row since it was looked at; nothing was changed."""


def seen_of(edits: Edits, number: int) -> str:
    """Names the edits of that row."""
    told = repr((edits.of_row(number), number in edits.left_out))
    return sha256(told.encode()).hexdigest()[:16]


def edited_row_of(
    ledger: Ledger, upload: UploadRecord, draft: SheetDraft, *, number: int, judged: bool = True
) -> EditedRow:
    """The row with that number as it is by the edits of now; `judged` with the verdict on it.

    Raises:
        UsageError: the sheet has no such row.
    """
    loaded = ledger.read.drafts.row(draft.run_id, number)
    if loaded is None:
        raise UsageError(f"the sheet has no row {number}")
    edits = settings_of(upload).edits
    cells = list(_cells_of_file(loaded, draft))
    own = edits.of_row(number)
    for edit in own:
        if edit.place < len(cells):
            cells[edit.place] = edit.value
    return EditedRow(
        number=number,
        header=ledger.read.drafts.header(draft.run_id),
        cells=tuple(cells),
        edits=own,
        is_left_out=number in edits.left_out,
        seen=seen_of(edits, number),
        loaded=loaded,
        verdict=screened_row(ledger, draft, number=number, cells=tuple(cells), edits=edits) if judged else None,
    )


def edit_cell(
    ledger: Ledger, upload: UploadRecord, draft: SheetDraft, *, number: int, place: int, value: str, seen: str
) -> UploadRecord:
    """Stores a cell's new text with the upload; the file's own text takes an earlier edit back.

    Args:
        ledger: where the upload is.
        upload: the sheet.
        draft: into which it is loaded.
        number: the row's, in the sheet.
        place: index of the column.
        value: what counts from now on.
        seen: names the edits of the row that the caller has looked at.

    Raises:
        EditedFirstError: the row has other edits by now.
        UsageError: there is no such cell, its row is damaged, or the text is too long.
    """
    if len(value) > LONGEST_CELL:
        raise UsageError(f"a cell holds at most {LONGEST_CELL:,} characters; nothing was changed")
    row = ledger.read.drafts.row(draft.run_id, number)
    header = ledger.read.drafts.header(draft.run_id)
    if row is None or not 0 <= place < min(len(row.cells), len(header)):
        raise UsageError(f"the sheet has no such cell in row {number}; nothing was changed")
    before = _cells_of_file(row, draft)[place]
    edit = CellEdit(number, place, header[place], before, value)
    return _changed(ledger, upload, number=number, seen=seen, change=lambda edits: edits.with_cell(edit))


def leave_row_out(
    ledger: Ledger, upload: UploadRecord, draft: SheetDraft, *, number: int, left_out: bool, seen: str
) -> UploadRecord:
    """Leaves a row out of the calls, or takes it in again.

    Raises:
        EditedFirstError: the row has other edits by now.
        UsageError: the sheet has no such row.
    """
    if ledger.read.drafts.row(draft.run_id, number) is None:
        raise UsageError(f"the sheet has no row {number}; nothing was changed")
    return _changed(
        ledger, upload, number=number, seen=seen, change=lambda edits: edits.with_row(number, left_out=left_out)
    )


def take_edits_back(ledger: Ledger, upload: UploadRecord) -> UploadRecord:
    """Takes all edits of the sheet back: it counts as its file has it.

    Raises:
        UsageError: the upload is gone.
    """
    return _changed(ledger, upload, number=None, seen="", change=lambda _: Edits())


def _changed(
    ledger: Ledger, upload: UploadRecord, *, number: int | None, seen: str, change: Callable[[Edits], Edits]
) -> UploadRecord:
    def edited(said: UploadSettings) -> UploadSettings:
        if number is not None and seen_of(said.edits, number) != seen:
            raise EditedFirstError(f"row {number} was changed by somebody else meanwhile; yours was not taken")
        return said.model_copy(update={"edits": change(said.edits)})

    return change_settings(ledger, upload, edited)


def _cells_of_file(row: LoadedRow, draft: SheetDraft) -> tuple[str, ...]:
    """The row's cells as the file has them, without the edits that it was loaded with."""
    cells = list(row.cells)
    for edit in draft.source.edits.of_row(row.number):
        cells[edit.place] = edit.before
    return tuple(cells)
