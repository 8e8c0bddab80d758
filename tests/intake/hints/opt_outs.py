"""Lists of people who must not be called, as they are kept for years: in a text file or a workbook, in any writing."""

import io
from dataclasses import replace
from random import Random

import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from tests.intake.hints.source import Sheet

WRITTEN = [
    "+1{0}{1}{2}",
    "({0}) {1}-{2}",
    "{0}.{1}.{2}",
    "1-{0}-{1}-{2}",
    "'+1{0}{1}{2}",
    '="+1{0}{1}{2}"',
    "1{0}{1}{2}.0",
    "+1 {0} {1} {2} ext. 12",
    "home ({0}) {1}-{2}, work (212) 555-0198",
    "(212) 555-0198 / {0}-{1}-{2}",
    "+12125550198\n+1{0}{1}{2}",
    "tel:+1-{0}-{1}-{2}",
    "<+1 {0} {1} {2}>",
    "\u201c+1 {0} {1} {2}\u201d",
    "{0}\u2011{1}\u2011{2}",
    "DNC {0} {1} {2} since May",
]
HEADERS = ["", "Phone", "Number", "Mobile", "do not call", "Telefon"]
FORMATS = ["0", "(000) 000-0000", "$#,##0.00", "0.00E+00", "yyyy-mm-dd", ";;;"]


def with_opt_outs(sheet: Sheet, rng: Random) -> Sheet:
    """The sheet with a list beside it, and some of its people on the list."""
    phones = [phone for _, phone in sheet.truth if rng.random() < 0.4]
    unwanted = frozenset(phones)
    if not unwanted:
        return sheet
    header, suffix = rng.choice(HEADERS), rng.choice([".csv", ".xlsx"])
    cells = [(phone, rng.choice(WRITTEN).format(phone[2:5], phone[5:8], phone[8:])) for phone in sorted(unwanted)]
    content = _book(header, cells, rng) if suffix == ".xlsx" else _text(header, [cell for _, cell in cells])
    truth = {who: said for who, said in sheet.truth.items() if who[1] not in unwanted}
    spoilt = (*sheet.spoilt, "opt-outs")
    return replace(sheet, truth=truth, unwanted=unwanted, opt_outs=(content, suffix), spoilt=spoilt)


def _text(header: str, cells: list[str]) -> bytes:
    lines = [header] * bool(header) + ['"' + cell.replace('"', '""') + '"' for cell in cells]
    return "\r\n".join([*lines, ""]).encode()


def _book(header: str, cells: list[tuple[str, str]], rng: Random) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        if header:
            page.write_string(0, 0, header)
        for place, (phone, cell) in enumerate(cells, start=bool(header)):
            if rng.random() < 0.5:
                page.write_number(place, 0, int(phone[1:]), book.add_format({"num_format": rng.choice(FORMATS)}))
            else:
                page.write_string(place, 0, cell)
    return file.getvalue()
