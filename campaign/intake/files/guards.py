"""Guards of exporting programs: what keeps a spreadsheet program from changing a cell, and is no part of its value.

'+14155550111   '02138   ="02138"
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from campaign.domain.model import Row, Sheet
from campaign.intake.formats.cells import without_apostrophe

_FORMULA = re.compile(r'="((?:[^"]|"")*)"')


def without_guards(sheet: Sheet, *, apostrophes: bool) -> Sheet:
    """Takes the guards off a sheet's cells, and says so in one notice.

    Args:
        sheet: of the user's own; a file of ours has guards of our own.
        apostrophes: whether they are looked for; in a workbook they are taken off already.
    """
    header = tuple(_bare(name, apostrophes=apostrophes) for name in sheet.header)
    return replace(sheet, header=header, rows=_bare_rows(sheet, apostrophes=apostrophes))


def _bare_rows(sheet: Sheet, *, apostrophes: bool) -> Iterator[Row]:
    count = first = 0
    for row in sheet.rows:
        text = "\t".join(row.cells)
        if '="' in text or (apostrophes and "'" in text):
            cells = tuple(_bare(cell, apostrophes=apostrophes) for cell in row.cells)
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


def _bare(cell: str, *, apostrophes: bool) -> str:
    if formula := _FORMULA.fullmatch(cell.strip()):
        return formula[1].replace('""', '"')
    return without_apostrophe(cell) if apostrophes else cell
