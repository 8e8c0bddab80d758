"""Rows that can be corrected on a page: their cells as they are now, and the verdict on them."""

from dataclasses import dataclass

from campaign.presentation.masking import mask_for
from campaign.presentation.page.sheets.check import GroupOnPage, differing, verdict_words
from campaign.usecases.serving.drafts.edit_rows import EditedRow, edited_row_of
from campaign.usecases.serving.drafts.row_pages import LoadedRow, called_instead
from campaign.web.asking import Ask
from campaign.web.pages.drafts.opening import OpenDraft


@dataclass(frozen=True, slots=True)
class MendRow:
    """A row with one cell that can be corrected.

    Attributes:
        number: the sheet's.
        place: index of the cell's column; None where the row has no such cell.
        column: the column's name.
        value: the cell now.
        before: the cell in the file, where it was edited.
        seen: names the row's edits; the form sends it back.
        is_left_out: whether it is not to be called.
        kind: of the verdict on it, if it was edited and the sheet is not read again yet; else empty.
        verdict: the same in words.
        beside: another cell that tells people the row, such as the name.
    """

    number: int
    place: int | None
    column: str
    value: str
    before: str | None
    seen: str
    is_left_out: bool
    kind: str
    verdict: str
    beside: str


def cells_to_mend(ask: Ask, found: OpenDraft, group: GroupOnPage) -> list[tuple[MendRow, str]]:
    """The first rows of a group, each with its own reason where it differs."""
    return [(row_to_mend(ask, found, one.number, column=group.column), one.reason) for one in group.examples]


def row_to_mend(ask: Ask, found: OpenDraft, number: int, *, column: str) -> MendRow:
    """The row, with the cell of that column."""
    row = edited_row_of(ask.ledger, found.upload, found.draft, number=number, judged=found.is_outdated)
    return mend_row(row, column=column, shown=ask.visitor.role == "operator", judged=found.is_outdated)


def mend_row(row: EditedRow, *, column: str, shown: bool, judged: bool) -> MendRow:
    """The row, with the cell of that column; `shown` with whole numbers, `judged` with the verdict if it was edited."""
    mask = mask_for(show_numbers=shown)
    place = row.header.index(column) if column in row.header[: len(row.cells)] else None
    value = "" if place is None else row.cells[place]
    before = None if place is None else row.before(place)
    kind, verdict = "", ""
    if judged and (row.edits or row.is_left_out):
        kind, verdict = verdict_words(row.verdict, mask=mask)
    others = (cell.strip() for at, cell in enumerate(row.cells) if at != place)
    return MendRow(
        number=row.number,
        place=place,
        column=column,
        value=mask(value),
        before=None if before is None else mask(before),
        seen=row.seen,
        is_left_out=row.is_left_out,
        kind=kind,
        verdict=verdict,
        beside=mask(next((cell for cell in others if cell), "")[:80]),
    )


def twins(ask: Ask, found: OpenDraft, row: LoadedRow) -> list[tuple[str, str, str]]:
    """(column, cell of this row, cell of the row that is called) where a duplicate differs from it; else none."""
    other = called_instead(ask.ledger, found.draft, row)
    if other is None:
        return []
    mask = mask_for(show_numbers=ask.visitor.role == "operator")
    header = ask.ledger.read.drafts.header(found.draft.run_id)
    return [(name, mask(one), mask(two)) for name, one, two in differing(header, row.cells, other.cells)]
