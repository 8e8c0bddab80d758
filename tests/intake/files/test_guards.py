"""Guards of exporting programs are no part of a value: a number behind one is called, and none of them is spoken."""

from pathlib import Path

import pytest

from campaign.intake.open_sheet import open_sheet

GUARDED = '''Name,Phone,Zip
Ada Lindqvist,'+14155550111,'02138
Bo Marek,"\t+16505550112",94025
Cy Novak,"=""+12125550113""","=""say """"hi"""
'''


@pytest.mark.parametrize("header", ["", "'", '="'])
def test_one_apostrophe_and_a_text_formula_are_taken_off_and_said_once(tmp_path: Path, header: str) -> None:
    path = tmp_path / "sheet.csv"
    closing = '"' if header.startswith("=") else ""
    path.write_text(GUARDED.replace("Zip", f"{header}Zip{closing}", 1), encoding="utf-8")
    sheet = open_sheet(path)
    assert sheet.header == ("Name", "Phone", "Zip")
    assert [row.cells[1:] for row in sheet.rows] == [
        ("+14155550111", "02138"),
        ("\t+16505550112", "94025"),
        ("+12125550113", 'say "hi'),
    ]
    [notice] = [notice for notice in sheet.notices if "guards" in notice]
    assert "2 rows (the first: row 2)" in notice


def test_an_apostrophe_that_belongs_to_the_word_stays(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Name,City\n't Hart,'s-Hertogenbosch\nO'Brien,''x\n", encoding="utf-8")
    sheet = open_sheet(path)
    assert [row.cells for row in sheet.rows] == [("'t Hart", "'s-Hertogenbosch"), ("O'Brien", "'x")]
