"""Guards of exporting programs: what keeps a spreadsheet program from changing a cell, and is no part of its value.

'+14155550111   '02138   ="02138"
"""

from collections.abc import Iterator
from dataclasses import replace

from campaign.domain.model import Row
from campaign.domain.sheet import Sheet
from campaign.intake.formats.cells import without_guards


def text_without_guards(sheet: Sheet) -> Sheet:
    """Takes the guards off a text sheet's cells, and says so in one notice.

    Args:
        sheet: of the user's own; a file of ours has guards of our own.
    """
    header = tuple(map(without_guards, sheet.header))
    return replace(sheet, header=header, rows=sheet.rows if sheet.bare else _bare_rows(sheet))


def _bare_rows(sheet: Sheet) -> Iterator[Row]:
    count = first = 0
    for row in sheet.rows:
        text = "\t".join(row.cells)
        if "'" in text or '="' in text:
            cells = tuple(map(without_guards, row.cells))
            if cells != row.cells:
                count, first = count + 1, first or row.number
                yield row._replace(cells=cells)
                continue
        yield row
    if count:
        rows = "1 row" if count == 1 else f"{count:,} rows"
        sheet.notices.append(
            f"guards of the exporting program were taken off the cells of {rows} (the first: row {first}): an "
            'apostrophe in front, or ="" around'
        )
