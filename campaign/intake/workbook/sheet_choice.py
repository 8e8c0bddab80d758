"""Chooses a workbook's sheet: the only visible one with cells, or the one named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campaign.domain.cures import Setting
from campaign.domain.cures.sheets import choose_sheet
from campaign.domain.errors import SheetError, UndecidedError
from campaign.intake.files.own_results import OWN_SHEETS


@dataclass(frozen=True, slots=True)
class Page:
    """Sheet of a workbook; one that holds a chart, a dialog or macros has no cells."""

    index: int
    name: str
    hidden: bool = False
    cells: bool = True


def chosen(pages: Sequence[Page], wanted: str | None, *, description: Callable[[Page], str]) -> Page:
    """Chooses the sheet.

    Args:
        pages: all sheets, in the workbook's order.
        wanted: the name of one, when its owner gave it.
        description: what a sheet holds, in a few words; empty when it holds nothing.

    Raises:
        UndecidedError: several sheets may be meant.
        SheetError: none can be.
    """
    readable = [page for page in pages if page.cells]
    own = {page.name for page in readable} == set(OWN_SHEETS)
    # The name is that of the user's own sheets, of which this workbook is a report.
    if wanted is not None and not (own and wanted not in OWN_SHEETS):
        return _named(readable, wanted, description)
    shown = [page for page in readable if not page.hidden]
    if len(shown) == 1 and len(readable) == 1:
        return shown[0]
    if own:
        return next(page for page in readable if page.name == OWN_SHEETS[0])
    filled = [(page, text) for page in shown if (text := description(page))]
    if len(filled) == 1:
        return filled[0][0]
    if filled:
        raise UndecidedError(
            f"it holds {len(filled)} sheets",
            cure=choose_sheet(sheets=_listed([page for page, _ in filled])),
            choice="sheet",
            options=[(page.name, text) for page, text in filled],
        )
    hidden = [page for page in readable if page.hidden and description(page)]
    if hidden:
        raise SheetError("only hidden sheets hold anything", cure=choose_sheet(sheets=_listed(hidden)))
    raise SheetError("no sheet with cells in it; save the contacts as an .xlsx or .csv file")


def _named(readable: Sequence[Page], wanted: str, description: Callable[[Page], str]) -> Page:
    page = next((page for page in readable if page.name == wanted), None)
    if page is None:
        listed = _listed(readable) or "(it has none with cells)"
        raise UndecidedError(
            f"no sheet {wanted!r} in it; ",
            Setting.SHEET,
            f" must be one of {listed}",
            choice="sheet",
            options=[(page.name, description(page)) for page in readable],
        )
    return page


def _listed(pages: Sequence[Page]) -> str:
    return ", ".join(repr(page.name) for page in pages)
