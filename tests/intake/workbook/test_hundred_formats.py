"""A hundred formats of Excel: what is spoken is what LibreOffice shows, or the sheet's owner is told that it is not.

Three differences are meant, and are stated here: a whole number without signs keeps its bare digits (1234, not 1,234),
a date is read as 2026-12-01, which is one day everywhere, and is told in each check while it is spoken so, and a time
in the machine's own format is read as 14:30:00.
"""

import csv
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no types

from campaign.config.template import Template
from campaign.domain.sheet import Sheet
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from campaign.intake.open_sheet import open_sheet

FORMATS = [
    ("General", "1234.5"),
    ("General", "0.1"),
    ("General", "1e-5"),
    ("General", "123456789012"),
    ("General", "29.690499999999997"),
    ("0", "7.4"),
    ("0", "-7.6"),
    ("0.0", "2.25"),
    ("0.00", "2.675"),
    ("0.000", "1.0005"),
    ("#", "5"),
    ("#.#", "2.5"),
    ("#.##", "0.25"),
    ("#.00", ".5"),
    ("0.0#", "2.5"),
    ("0.##", "2"),
    ("00000", "501"),
    ("000-00-0000", "123456789"),
    ("(000) 000-0000", "4155550111"),
    ("0000 0000", "12345678"),
    ("#,##0", "1234.4"),
    ("#,##0", "1234"),
    ("#,##0.0", "1234.56"),
    ("#,##0.00", "1234567.891"),
    ("#,##0_);(#,##0)", "-1234.5"),
    ("#,##0.00_);(#,##0.00)", "-1234.5"),
    ("#,##0;[Red]-#,##0", "-1234.5"),
    ("#,##0,", "1234567"),
    ("0.0,", "1234567"),
    ('#,##0.0,,"M"', "2500000"),
    ('"$"#,##0', "1234.5"),
    ('"$"#,##0.00', "7.0000000000000009"),
    ('"$"#,##0.00', "-1234.5"),
    ('"$"#,##0.00_);("$"#,##0.00)', "-1234.5"),
    ('"$"#,##0_);[Red]\\("$"#,##0\\)', "-1234.5"),
    ("$#,##0.00", "1234.5"),
    ('_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', "3"),
    ('_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', "-3.5"),
    ('_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', "0"),
    ("[$$-409]#,##0.00", "1234.5"),
    ("[$€-2]\\ #,##0.00", "1234.5"),
    ("#,##0.00\\ [$€-407]", "1234.5"),
    ("[$£-809]#,##0.00", "1234.5"),
    ("[$¥-411]#,##0.00", "1234.5"),
    ("[$CHF]\\ #,##0.00", "1234.5"),
    ('#,##0.00\\ "EUR"', "1234.5"),
    ("[$USD]\\ #,##0.00", "1234.5"),
    ("0%", "0.25"),
    ("0%", "0.255"),
    ("0.0%", "0.1234"),
    ("0.00%", "0.0725"),
    ("#%", "1.5"),
    ("0%;-0%", "-0.5"),
    ('0" %"', "25"),
    ("0.00E+00", "12345.678"),
    ("##0.0E+0", "12345.678"),
    ("# ?/?", "0.25"),
    ("# ??/??", "1.3333"),
    ("# ?/8", "0.625"),
    ('0.0" km"', "12.34"),
    ('0" items"', "3"),
    ('"No. "0', "42"),
    ('0 "of 10"', "7"),
    ("0\\°", "21.6"),
    ("+0;-0;0", "5"),
    ("+0.0;-0.0", "-2.5"),
    ('0.0;"minus "0.0', "-2.5"),
    ('0;0;"none"', "0"),
    ("[Blue]0.0;[Red]0.0", "1.25"),
    ("[>=100]0;0.0", "99.5"),
    ("[<1]0.00;0", "0.5"),
    ('"yes";"yes";"no"', "1"),
    ("@", "5"),
    ("0.0 0", "1.5"),
    ("[DBNum1]0", "5"),
    ("yyyy-mm-dd", "46357"),
    ("m/d/yyyy", "46357"),
    ("m/d/yy", "46357"),
    ("dd/mm/yyyy", "46357"),
    ("dd.mm.yyyy", "46357"),
    ("d-mmm-yy", "46357"),
    ("d-mmm", "46357"),
    ("mmm-yy", "46357"),
    ("mmmm d, yyyy", "46357"),
    ("[$-409]mmmm d, yyyy;@", "46357"),
    ("[$-409]dddd, mmmm d, yyyy", "46357"),
    ("[$-407]d. mmmm yyyy", "46357"),
    ("dddd", "46357"),
    ("yyyy", "46357"),
    ("[$-F800]dddd, mmmm dd, yyyy", "46357"),
    ("m/d/yyyy h:mm", "46357.604166666664"),
    ("yyyy-mm-dd hh:mm:ss", "46357.604166666664"),
    ("[$-409]m/d/yy h:mm AM/PM;@", "46357.604166666664"),
    ("h:mm", "46357.604166666664"),
    ("h:mm", "0.604166666666667"),
    ("h:mm", "0.604166666666666"),
    ("h:mm AM/PM", "0.604166666666667"),
    ("hh:mm", "0.375"),
    ("h:mm:ss", "0.604166666666667"),
    ("h:mm:ss AM/PM", "0.0000115740740741"),
    ("[$-409]h:mm AM/PM;@", "0.5"),
    ("h AM/PM", "0.75"),
    ('h"h"mm', "0.604166666666667"),
    ("mm:ss", "0.0125"),
    ("mm:ss.0", "0.0123"),
    ("[h]:mm", "1.5"),
    ("[hh]:mm:ss", "1.25"),
    ("[mm]:ss", "0.05"),
    ("[$-F400]h:mm:ss AM/PM", "0.604166666666667"),
]
_FIRST_DATE = 36_526  # 2000: no number of the table but the dates is as large and has a format of days
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - local, as sheets are


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "seen.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["Name", "Phone", "Seen"])
        for row, (code, value) in enumerate(FORMATS, start=1):
            page.write_row(row, 0, ["Ada", "+14155550111"])
            page.write_number(row, 2, float(value), made.add_format({"num_format": code}))
    return path


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_what_is_spoken_is_what_libreoffice_shows_or_it_is_told(book: Path) -> None:
    assert len(FORMATS) >= 100
    sheet = open_sheet(book)
    read = [row.cells[2] for row in sheet.rows]
    wrong = [
        (code, value, seen, text)
        for (code, value), seen, text in zip(FORMATS, shown_by_libreoffice(book), read, strict=True)
        if text not in said_likewise(code, value, seen) and not told(sheet, code)
    ]
    assert not wrong
    assert sum(told(sheet, code) for code, _ in FORMATS) <= 13


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_an_ods_is_read_as_it_is_shown(book: Path) -> None:
    """Its file holds what is shown beside each value; a whole number as long as a phone number keeps its digits."""
    seen = shown_by_libreoffice(book)
    converted(book, "ods")
    read = [row.cells[2] for row in open_sheet(book.with_suffix(".ods")).rows]
    wrong = [
        (code, value, shown, text)
        for (code, value), shown, text in zip(FORMATS, seen, read, strict=True)
        if text not in {" ".join(one.split()) for one in said_likewise(code, value, shown)}
        and text != "".join(filter(str.isdigit, shown))
    ]
    assert not wrong


def test_dates_that_are_not_spoken_as_they_are_shown_are_told_in_each_check(book: Path) -> None:
    sheet, notices = open_sheet(book), list[str]()
    template = Template.model_validate({"columns": {"name": "Name", "phone": "Phone"}, "variables": {"seen": "Seen"}})
    list(screen(sheet.rows, match_columns(sheet.header, template), template, notices=notices))
    (notice,) = notices
    assert notice.startswith("dates of 'Seen' are spoken as they stand, 2026-12-01: a format of the variable")


def shown_by_libreoffice(book: Path) -> list[str]:
    converted(book, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false")
    with book.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return [cells[2].strip() for cells in csv.reader(file)][1:]


def converted(book: Path, kind: str) -> None:
    home = f"-env:UserInstallation={(book.parent / 'home').as_uri()}"
    asked = ["soffice", home, "--headless", "--convert-to", kind, "--outdir", str(book.parent), str(book)]
    subprocess.run(asked, check=True, capture_output=True, timeout=100)


def said_likewise(code: str, value: str, seen: str) -> set[str]:
    """The texts that say what LibreOffice shows."""
    number = float(value)
    if any(letter in code for letter in "ydh") and number >= _FIRST_DATE:
        moment = (_DAY_ZERO + timedelta(days=number) + timedelta(milliseconds=1)).replace(microsecond=0)
        return {seen, moment.date().isoformat() if number == int(number) else moment.isoformat()}
    if "[$-F400]" in code:
        return {seen, datetime.strptime(seen, "%I:%M:%S %p").time().isoformat()}  # noqa: DTZ007 - a time alone
    bare = seen.replace(",", "")
    return {seen, bare} if bare.isdigit() and number == int(number) else {seen}


def told(sheet: Sheet, code: str) -> bool:
    return any(
        f", {code.encode('unicode_escape').decode()}: read as bare numbers" in notice for notice in sheet.notices
    )
