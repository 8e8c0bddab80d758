"""The process that reads workbooks: it knows no secret, keeps to its limits, and is gone when it is not needed."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from campaign.domain.errors import SheetError
from campaign.domain.model import Mark, Row
from campaign.domain.sheet import Sheet
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.open_sheet import open_sheet
from campaign.intake.workbook.child import Limits, Task
from campaign.intake.workbook.reader_process import Reader, read_workbook
from tests.intake.workbook.files import people, text, xlsx

ANN = '<row r="2">' + text("A2", "Ann") + text("B2", "+14155550100") + "</row>"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="told by signals and /proc")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return xlsx(tmp_path, people(ANN))


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """More rows than the pipe between the processes holds."""
    rows = (f'<row r="{n}">{text(f"A{n}", "Ann")}{text(f"B{n}", "x" * 200)}</row>' for n in range(2, 3_000))
    return xlsx(tmp_path, people(*rows))


@pytest.fixture(autouse=True)
def _nothing_lingers() -> Iterator[None]:
    before = children()
    yield
    assert children() == before


def children() -> set[str]:
    """Of this process, whichever thread started them."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a clock's thread that has just ended
            found.update((task / "children").read_text().split())
    return found


def python(code: str, *, limits: Limits | None = None) -> Reader:
    """A reader that does this instead of reading."""
    return Reader((sys.executable, "-c", code), limits or Limits())


def refused(path: Path, reader: Reader) -> str:
    with pytest.raises(SheetError) as caught:
        list(read_workbook(path, reader=reader).rows)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"sheet {path}: unreadable as a workbook (")
    return str(caught.value)


def test_rows_arrive_with_all_that_is_known_of_them(tmp_path: Path) -> None:
    row = f'<row r="3">{text("A3", "Bob")}<c r="B3"><v>14155550101</v></c></row>'
    sheet = read_workbook(xlsx(tmp_path, people(ANN, row)))
    assert (sheet.header, sheet.header_row, sheet.notices) == (("Name", "Phone"), 1, [])
    expected = [Row(2, ("Ann", "+14155550100")), Row(3, ("Bob", "14155550101"), marks=((1, Mark.NUMBER),))]
    assert list(sheet.rows) == expected


# --- what it knows


def test_it_is_told_no_secret_and_given_nothing_but_the_workbook(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile file that takes the reader over finds nothing there."""
    monkeypatch.setenv("AICALLER_API_KEY", "planted-key")
    monkeypatch.setenv("SOME_TOKEN", "planted-token")
    says = (
        "import json, os; said = [*os.environ, *os.environ.values(), *os.listdir('/proc/self/fd')];"
        "print(json.dumps({'header': said, 'header_row': 1, 'notices': []})); print('[]')"
    )
    with path.open("rb") as other:
        os.set_inheritable(other.fileno(), True)  # noqa: FBT003 - the function's own signature
        said = read_workbook(path, reader=python(says)).header
    assert "PATH" in said
    assert not [word for word in said if "AICALLER" in word or "TOKEN" in word or "planted" in word]
    # Its own listing is the fourth.
    assert [word for word in said if word.isdigit() and len(word) < 4][-4:] == ["0", "1", "2", "3"]


def test_the_real_one_has_no_secret_in_its_environment(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICALLER_API_KEY", "planted-key")
    before = children()
    sheet = read_workbook(long)
    (child,) = children() - before
    assert b"planted" not in Path(f"/proc/{child}/environ").read_bytes()
    assert b"planted" not in Path(f"/proc/{child}/cmdline").read_bytes()
    assert b"sheet.xlsx" not in Path(f"/proc/{child}/cmdline").read_bytes()
    assert len(list(sheet.rows)) == 2_998


def test_a_program_beside_the_sheet_is_not_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets lie in download folders, and so does what calls itself pandas.py."""
    for name in ("pandas", "campaign", "json", "sitecustomize"):
        (path.parent / f"{name}.py").write_text(f"open({str(path.parent / 'ran')!r}, 'w').close()")
    monkeypatch.chdir(path.parent)
    assert len(list(read_workbook(path).rows)) == 1
    assert not (path.parent / "ran").exists()


# --- what it may take


def test_b21_a_reader_that_hangs_is_ended(path: Path) -> None:
    said = refused(path, python("import signal; signal.pause()", limits=Limits(seconds=1)))
    assert "(reading it takes over 1 seconds); open it in a spreadsheet program" in said


def test_b21_a_reader_that_hangs_between_rows_is_ended(path: Path) -> None:
    code = """print('{"header": ["A"], "header_row": 1, "notices": []}', flush=True); import signal; signal.pause()"""
    assert "takes over 1 seconds" in refused(path, python(code, limits=Limits(seconds=1)))


@pytest.mark.parametrize("busy", ["import signal; signal.pause()", "while True: pass"], ids=["waiting", "working"])
def test_b21_it_ends_itself_when_nobody_is_left_to_do_it(busy: str) -> None:
    """The one that asked may have been killed: the limits hold without it, whatever the reader is busy with."""
    code = f"import sys; from campaign.intake.workbook import child as r; r._limit(r.Limits(seconds=1)); {busy}"
    code = code.replace("; while", "\nwhile")
    ended = subprocess.run([sys.executable, "-c", code], check=False, timeout=30)
    assert ended.returncode in (-signal.SIGALRM, -signal.SIGXCPU)


@pytest.mark.parametrize("code", ["import os; os.abort()", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"])
def test_b21_a_reader_that_crashes_is_one_line(path: Path, code: str) -> None:
    assert "(its reader crashed, or needed too much memory" in refused(path, python(code))


@pytest.mark.parametrize("place", ["XFD1048576", "XFD1048575", "BZZ1048576"])
def test_a_stray_cell_at_the_far_corner_is_left_out_and_told(tmp_path: Path, place: str) -> None:
    """A slip of the hand: there is no memory for the seventeen billion cells between it and the table."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    stray = f'<row r="{row}"><c r="{place}"><v>1</v></c></row>'
    sheet = open_sheet(xlsx(tmp_path, people(ANN, stray)))
    assert sheet.header == ("Name", "Phone")
    assert [(one.number, one.cells) for one in sheet.rows] == [(2, ("Ann", "+14155550100"))]
    assert f"1 cell far from the table left out: {place}" in sheet.notices


def test_b21_a_file_that_needs_too_much_memory_is_one_line(tmp_path: Path) -> None:
    """So many cells are no slip of the hand: somebody keeps something there. As a table, half a terabyte."""
    rows = [f'<row r="{n}">{text(f"XFA{n}", "x")}{text(f"XFB{n}", "y")}</row>' for n in range(1_000_000, 1_000_060)]
    assert "too much memory" in refused(xlsx(tmp_path, people(ANN, *rows)), Reader())


def test_b18_many_cells_of_one_long_text_end_at_the_limit(tmp_path: Path) -> None:
    """110 KB that become 12.6 GB."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 40_000))
    bomb = xlsx(tmp_path, people(rows), shared=f"<si><t>{'xy' * 16_000}</t></si>")
    assert bomb.stat().st_size < 250_000
    assert "too much memory" in refused(bomb, Reader(limits=Limits(memory=1 << 30)))


def test_b21_a_panic_of_the_reader_is_one_line(tmp_path: Path) -> None:
    """It raises a class that `except Exception` lets through."""
    dates = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    odd = people('<row r="2">' + text("A2", "Ann") + '<c r="B2" s="1"><v>-1e300</v></c></row>')
    assert "(TimeDelta::milliseconds out of bounds)" in refused(xlsx(tmp_path, odd, styles=dates), Reader())


@pytest.mark.parametrize(
    "said", ["", "no json", "5", "[]", '{"header": 1}', '{"header": ["A"]', "[" * 100_000, '{"end": true}']
)
def test_b21_a_reader_that_talks_nonsense_is_one_line(path: Path, said: str) -> None:
    assert "its reader broke off" in refused(path, python(f"print({said!r})"))


def test_b21_rows_that_break_off_are_no_sheet(path: Path) -> None:
    """A list that ends early looks like a shorter list: the last word must have been said."""
    code = """print('{"header": ["A"], "header_row": 1, "notices": []}\\n[[2, ["Ann"], "", null]]')"""
    assert "its reader broke off" in refused(path, python(code))


# --- when it goes


def test_a_sheet_that_is_abandoned_ends_its_reader(long: Path) -> None:
    before = children()
    sheet: Sheet | None = read_workbook(long)
    assert next(sheet.rows).number == 2 if sheet else False
    assert len(children() - before) == 1
    sheet = None
    assert children() == before
    read_workbook(long)
    assert children() == before


def test_a_sheet_that_is_abandoned_ends_a_reader_that_hears_nothing(path: Path) -> None:
    code = """print('{"header": ["A"], "header_row": 1, "notices": []}', flush=True); import signal; signal.pause()"""
    before = children()
    read_workbook(path, reader=python(code))
    assert children() == before


def test_a_sheet_that_is_refused_ends_its_reader(long: Path) -> None:
    before = children()
    with pytest.raises(SheetError):
        open_sheet(long, choices=Choices(header_row=9_999))
    assert children() == before


def test_it_goes_with_the_one_that_asked() -> None:
    """A kill -9 of the parent tells nobody: the child must look."""
    waits, ends = os.pipe()
    told, tells = os.pipe()
    parent = (
        "import os, subprocess, sys; from campaign.intake.files.read_options import UNDECIDED;"
        "from campaign.intake.workbook.child import Limits, Task;"
        "task = Task(UNDECIDED, Limits(seconds=3_000), os.getpid()).as_text();"
        "command = [sys.executable, '-m', 'campaign.intake.workbook.child', task];"
        f"subprocess.Popen(command, stdin={waits}, stdout={tells}); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", parent], pass_fds=(waits, tells), check=False, timeout=30)
    assert killed.returncode == -signal.SIGKILL
    os.close(waits)
    os.close(tells)
    # It waits for a workbook of which nothing comes; the end of its output is the end of itself.
    assert os.read(told, 100) == b""
    os.close(told)
    os.close(ends)


# --- the file may go


def test_b25_a_workbook_may_be_saved_while_its_rows_are_read(long: Path) -> None:
    """What was opened is what is read."""
    rows = read_workbook(long).rows
    long.write_bytes(b"gone")
    assert sum(1 for _ in rows) == 2_998


# --- the whole door


def test_b13_our_own_results_keep_their_apostrophes(tmp_path: Path) -> None:
    """In a workbook they carry no guards: one that stands there stood in the user's sheet."""
    path = tmp_path / "results.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["_status", "Name", "Phone", "_row", "_id"])
        page.write_row(1, 0, ["created", "'Ann", 14155550100, "2", "x"])
    assert list(open_sheet(path).rows) == [Row(2, ("'Ann", "14155550100"), marks=((1, Mark.NUMBER),))]


@pytest.mark.parametrize("rows", ["", people()], ids=["nothing", "header"])
def test_a28_a_workbook_without_contacts_is_refused(tmp_path: Path, rows: str) -> None:
    """ "Done: 0 of 0" looks like success."""
    with pytest.raises(SheetError, match="no contacts"):
        open_sheet(xlsx(tmp_path, rows))


def test_a_task_survives_the_command_line() -> None:
    task = Task(Choices(sheet="Ärzte '26\"", header_row=3, hidden="skip"), Limits(seconds=7), parent=5)
    assert Task.of_text(task.as_text()) == task
    assert Task.of_text(Task(UNDECIDED, Limits(), 1).as_text()).choices == UNDECIDED
