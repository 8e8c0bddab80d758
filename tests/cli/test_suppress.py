"""The suppression list, as a person keeps it: every number accounted for, and nobody on it called."""

import json
import stat
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from tests.cli.conftest import TEMPLATE, Desk, stand_in
from tests.cli.dialling.test_signals import SLOW, started, until

pytestmark = pytest.mark.usefixtures("workbooks_here")

ADA, BOB, CY = "+12125550101", "+12125550102", "+12125550103"


@pytest.fixture
def listed(desk: Desk) -> Desk:
    """A desk with Ada on the list."""
    assert desk("suppress", "add", ADA, "--reason", "asked on the phone").code == 0
    return desk


def entries(desk: Desk, *flags: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(desk("suppress", "list", "--json", *flags).out)
    return found


def digits(desk: Desk) -> list[str]:
    return [entry["last_digits"] for entry in entries(desk)]


def run(desk: Desk, sheet: Path, *flags: str) -> tuple[int, str]:
    ended = desk("run", sheet, "-t", desk.template(), "--sandbox", "--yes", "--name", "visits", *flags)
    return ended.code, ended.err


def test_c16_a_number_on_the_list_is_skipped_with_the_reason(listed: Desk) -> None:
    """In the results, so that the row can say why it was not called."""
    code, told = run(listed, listed.sheet(f"Ada,{ADA},Monday", f"Bob,{BOB},Monday"))
    assert code == 0
    assert "1 to call, 0 invalid, 1 skipped" in told
    assert "skipped: 1 on the suppression list" in told
    ada, bob = listed.results("visits.results.csv")
    assert (ada["_status"], bob["_status"]) == ("skipped", "created")
    assert ada["_error"].startswith("on the suppression list since 20")
    assert ada["_error"].endswith("(asked on the phone)")


def test_c16_check_and_a_dry_run_leave_them_out_as_a_run_does(listed: Desk) -> None:
    sheet = listed.sheet(f"Ada,{ADA},Monday", f"Bob,{BOB},Monday")
    checked = listed("check", sheet, "-t", listed.template(), "--json")
    assert checked.code == 0
    assert json.loads(checked.out)["skipped"] == {"on the suppression list": 1}
    shown = listed("run", sheet, "-t", listed.template(), "--sandbox", "--dry-run")
    assert [json.loads(line)["row"] for line in shown.out.splitlines()] == [3]


def test_c16_our_own_number_is_not_called(desk: Desk) -> None:
    """It would ring at the one who makes the calls, or at nobody, and be paid for."""
    template = desk.template(f'[call]\nfrom_phone_number = "(212) 555-0102"\n{TEMPLATE}')
    sheet = desk.sheet(f"Ada,{ADA},Monday", f"Us,{BOB},Monday")
    checked = desk("check", sheet, "-t", template, "--json")
    assert json.loads(checked.out)["skipped"] == {"our own number": 1}


def test_a_number_that_was_listed_between_run_and_resume_is_not_called(desk: Desk) -> None:
    """The sheet was loaded before; the wish not to be called came after."""
    sheet = desk.sheet(f"Ada,{ADA},Monday", f"Bob,{BOB},Monday", f"Cy,{CY},Monday")
    assert run(desk, sheet, "--limit", "1")[0] == 0
    desk("suppress", "add", BOB)
    assert desk("resume", "visits", "--sandbox", "--yes").code == 0
    statuses = [row["_status"] for row in desk.results("visits.results.csv")]
    assert statuses == ["created", "skipped", "created"]
    truth = (desk.folder / "home" / "sandbox.truth.jsonl").read_text("utf-8")
    rings = [json.loads(line)["phone"] for line in truth.splitlines()]
    assert rings == [ADA, CY]


def test_a_number_is_read_as_a_sheets_numbers_are(desk: Desk) -> None:
    """Whatever its spelling, it is the same person's."""
    ended = desk("suppress", "add", "(212) 555-0101", "+1 212 555 0102", "--region", "US")
    assert ended.code == 0
    assert ended.out.splitlines() == [f"…{n}: on the suppression list now" for n in ("0101", "0102")]
    again = desk("suppress", "add", ADA)
    assert again.code == 0
    assert "…0101: on the suppression list since 20" in again.out
    assert digits(desk) == ["0101", "0102"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["2125550101"], "'2125550101': written without a country; add + and the country code, or say --region;"),
        (["+1212"], "'+1212': "),
        (["+12125550101 ext 7"], "an extension cannot be dialled"),
        ([ADA, "--region", "XX"], "--region 'XX' is not one"),
        ([ADA, "--reason", "a\nb"], "holds a line break or another control character"),
        ([ADA, "--reason", "x" * 201], "--reason has 201 characters; shorten it to 200"),
    ],
)
def test_what_cannot_be_put_on_the_list_is_refused_in_one_line(desk: Desk, words: list[str], message: str) -> None:
    """All of it: whoever types five numbers must not have to find out which three were taken."""
    ended = desk("suppress", "add", BOB, *words)
    assert ended.code == 2
    assert message in ended.err
    assert ended.err.count("\n") == 1
    assert entries(desk) == []


def test_the_list_says_when_and_why_and_never_who(listed: Desk) -> None:
    shown = listed("suppress", "list")
    assert "…0101  asked on the phone (cli)" in shown.out
    assert ADA[:-4] not in shown.out
    listed("suppress", "add", BOB)
    assert [entry["last_digits"] for entry in entries(listed, "--last", "1")] == ["0102"]


def test_whether_a_number_is_on_the_list_can_be_asked(listed: Desk) -> None:
    there, not_there = listed("suppress", "check", "+1 212-555-0101"), listed("suppress", "check", BOB)
    assert (there.code, not_there.code) == (0, 1)
    assert "on the suppression list since" in there.out
    assert not_there.out == "…0102: not on the suppression list\n"


def test_a_number_is_taken_off_with_a_reason_and_its_history_stays(listed: Desk) -> None:
    assert listed("suppress", "remove", ADA).code == 2
    assert listed("suppress", "remove", ADA, "--reason", " ").code == 2
    assert listed("suppress", "remove", ADA, "--reason", "asked for a call").code == 0
    assert listed("suppress", "check", ADA).code == 1
    assert entries(listed) == []
    [kept] = entries(listed, "--all")
    assert kept["removed_reason"] == "asked for a call"
    again = listed("suppress", "remove", ADA, "--reason", "twice")
    assert (again.code, again.err.count("\n")) == (2, 1)


def test_every_row_of_an_imported_sheet_is_accounted_for(listed: Desk) -> None:
    """A row that is passed over is a person who is called against their will."""
    sheet = listed.sheet(
        f"Ada,{ADA},", f"Bob,{BOB},", f"Bob,{BOB},", "Dee,ask her,", "Eve,,", f"Cy,{CY},", name="no-calls.csv"
    )
    ended = listed("suppress", "import", sheet, "--reason", "national list")
    assert ended.code == 1
    summary, *problems = ended.out.splitlines()
    assert summary == "6 rows, numbers from column 'Phone': 2 added, 2 on the list already, 2 unreadable"
    assert [line.split(":")[0].strip() for line in problems] == ["row 5, column 'Phone'", "row 6, column 'Phone'"]
    assert digits(listed) == ["0101", "0102", "0103"]
    assert [entry["source"] for entry in entries(listed)] == ["cli"] + ["import no-calls.csv"] * 2
    assert listed("suppress", "import", listed.sheet(f"Cy,{CY},")).code == 0


def test_a_workbook_can_be_imported(desk: Desk) -> None:
    with xlsxwriter.Workbook(desk.folder / "list.xlsx") as book:
        page = book.add_worksheet()
        for number, line in enumerate((("Customer", "Handset"), ("Ada", ADA), ("Bob", "(212) 555-0102"))):
            page.write_row(number, 0, line)
    ended = desk("suppress", "import", "list.xlsx", "--region", "US")
    assert ended.code == 0
    assert "numbers from column 'Handset': 2 added" in ended.out


def test_every_number_of_a_workbooks_cells_is_taken_however_it_is_written_and_shown(desk: Desk) -> None:
    """A list is kept for years, by many hands: one writing that is passed over is one person who is called."""
    with xlsxwriter.Workbook(desk.folder / "list.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ("Customer", "Phone"))
        shown = {
            1: (12125550101, "0"),
            2: (2125550102, "(###) ###-####"),
            3: (12125550103, "$#,##0.00"),
            4: (2125550104, "0.00E+00"),
            5: (12125550105, ";;;"),
            6: (12125550106, "yyyy-mm-dd"),
            7: ("'+12125550107", None),
            8: ('="+12125550108"', None),
            9: ("+1 212 555 0109\n+1 212 555 0110", None),
            10: ("home (212) 555-0111, work (212) 555-0112 x7", None),
            11: ("12125550113.0", None),
            12: ("1.21255501E+10", None),
        }
        for number, (value, code) in shown.items():
            page.write_string(number, 0, f"Person {number}")
            style = book.add_format({"num_format": code}) if code else None
            page.write(number, 1, value, style) if style else page.write_string(number, 1, str(value))
    ended = desk("suppress", "import", "list.xlsx", "--region", "US")
    assert ended.code == 1
    summary, problem = ended.out.splitlines()
    assert summary == "12 rows, numbers from column 'Phone': 11 added, 0 on the list already, 1 unreadable"
    assert problem.strip().startswith("row 13, column 'Phone'")
    assert sorted(digits(desk)) == [f"01{place:02}" for place in range(1, 14)]


def test_a_bare_list_loses_no_number_to_its_header(desk: Desk) -> None:
    """Its first row is a person too, who does not want to be called either."""
    sheet = desk.sheet(f"{BOB},home", f"{CY},work", header=f"{ADA},mobile")
    ended = desk("suppress", "import", sheet)
    assert "3 rows" in ended.out
    assert digits(desk) == ["0101", "0102", "0103"]


@pytest.mark.parametrize(
    "text",
    [
        f"{ADA}\n{BOB}\n{CY}\n",
        f"Phone\r\n{ADA}\r\n{BOB}\r\n\r\n{CY}",
        f'\ufeff"numbers"\n"{ADA}"\n"{BOB}"\n"{CY}"\n',
        f"Do not call\n{ADA}\n{BOB}\n{CY}\n",
        f"{ADA};\n{BOB};\n{CY};\n",
        "(212) 555-0101\n(212) 555-0102\n212.555.0103\n",
        "do not call\nDNC 212 555 0101 since May\nAda: (212) 555-0102\n212-555-0103 ext. 7\n",
    ],
)
def test_a_list_of_numbers_alone_can_be_imported(desk: Desk, text: str) -> None:
    """As the telephone authority hands it out: one column, with a name above it or without."""
    path = desk.folder / "list.txt"
    path.write_text(text, encoding="utf-8")
    ended = desk("suppress", "import", path, "--region", "US")
    assert (ended.code, ended.out.split(",")[0]) == (0, "3 rows")
    assert digits(desk) == ["0101", "0102", "0103"]


@pytest.mark.parametrize(
    "first",
    ["DNC 212 555 0101 since May", "home (212) 555-0101, work (212) 555-0198", '"=""+12125550101"""', "12125550101.0"],
)
def test_a_first_line_that_holds_a_number_in_any_writing_is_no_header(desk: Desk, first: str) -> None:
    """It is a person too, who would be called."""
    path = desk.folder / "list.txt"
    for rest in (f"{BOB}\n{CY}\n", ""):
        path.write_text(f"{first}\n{rest}" if first.startswith('"') else f'"{first}"\n{rest}', encoding="utf-8")
        assert desk("suppress", "import", path, "--region", "US").code == 0
        assert desk("suppress", "check", ADA).code == 0
        assert desk("suppress", "remove", ADA, "--reason", "again").code == 0


@pytest.mark.parametrize("named", ["Name,Phone,Since", "Name,Mobile,Since"])
@pytest.mark.parametrize(
    "above", [("Do not call list,,",), ("Do not call list",), ("Opt-outs", "", "as of 2026-11-01")]
)
def test_the_names_of_columns_may_stand_below_a_title(desk: Desk, named: str, above: tuple[str, ...]) -> None:
    """A list that is refused is put off, and its people are called meanwhile."""
    sheet = desk.sheet(*above[1:], named, f"Ada,{ADA},2026", f"Bo,{BOB},2026", header=above[0])
    for flags in ((), ("--column", named.split(",")[1])):
        ended = desk("suppress", "import", sheet, *flags)
        assert (ended.code, ended.err) == (0, ""), ended
        assert ended.out.startswith("2 rows, ")
    assert digits(desk) == ["0101", "0102"]


def test_a_title_of_a_workbook_hides_no_names_of_columns_either(desk: Desk) -> None:
    book = xlsxwriter.Workbook(desk.folder / "list.xlsx")
    page = book.add_worksheet()
    for place, row in enumerate((["Do not call"], [], ["Name", "Phone", "Other"], ["Ada", ADA, CY], ["Bo", BOB])):
        page.write_row(place, 0, row)
    book.close()
    assert desk("suppress", "import", "list.xlsx").out.startswith("2 rows, numbers from column 'Phone': 2 added")


def test_a_number_above_the_names_of_columns_is_on_the_list_too(desk: Desk) -> None:
    """A person may have been added at the top, in the title's row."""
    rows = (f"add: {CY}", "Name,Phone,Since", f"Ada,{ADA},2026", f"Bo,{BOB},2026")
    ended = desk("suppress", "import", desk.sheet(*rows, header="Do not call list"))
    assert ended.code == 0
    assert sorted(digits(desk)) == ["0101", "0102", "0103"]


def test_a_title_above_columns_of_any_name_is_no_reason_to_refuse_the_list(desk: Desk) -> None:
    sheet = desk.sheet("Who,Reach at,Since", f"Ada,{ADA},2026", f"Bo,{BOB},2026", header="Our list")
    assert "2 added" in desk("suppress", "import", sheet).out
    assert digits(desk) == ["0101", "0102"]


def test_a_list_of_one_number_can_be_imported(desk: Desk) -> None:
    path = desk.folder / "list.txt"
    path.write_text(ADA, encoding="utf-8")
    assert desk("suppress", "import", path).code == 0
    assert digits(desk) == ["0101"]
    path.write_text("nobody", encoding="utf-8")
    refused = desk("suppress", "import", path)
    assert (refused.code, refused.err.count("\n")) == (2, 1)


def test_a_sheet_of_one_column_is_still_no_sheet_of_people(desk: Desk) -> None:
    """Where a name is wanted, a single column is a delimiter that was not found."""
    path = desk.folder / "list.csv"
    path.write_text(f"Phone\n{ADA}\n", encoding="utf-8")
    assert "row 1 is not the header of a table" in desk("check", path, "-t", desk.template()).err


def test_the_usual_names_of_a_column_are_known_in_several_languages(desk: Desk) -> None:
    """Beside a landline and a number at work the person's own is meant."""
    sheet = desk.sheet(f"{CY},{ADA},{BOB}", header="Bürotelefon,Téléphone,Home phone")
    assert desk("suppress", "import", sheet).code == 0
    assert digits(desk) == ["0101"]


@pytest.mark.parametrize(
    ("header", "flags", "message"),
    [
        ("Phone,Mobile", [], "2 columns could hold the numbers: 'Phone', 'Mobile'; name one with --column"),
        ("A,B", [], "2 columns could hold the numbers: 'A', 'B'"),
        ("Phone,B", ["--column", "Fax"], "no column 'Fax' in it; name the one that does with --column: it has 'Phone'"),
    ],
)
def test_a_column_is_not_guessed(desk: Desk, *, header: str, flags: list[str], message: str) -> None:
    ended = desk("suppress", "import", desk.sheet(f"{ADA},{BOB}", header=header), *flags)
    assert ended.code == 2
    assert message in ended.err
    assert entries(desk) == []


def test_a_named_column_is_taken_whatever_its_case(desk: Desk) -> None:
    sheet = desk.sheet(f"{ADA},{BOB}", header="Phone,Fax_Number")
    assert desk("suppress", "import", sheet, "--column", "fax number").code == 0
    assert digits(desk) == ["0102"]


def test_without_the_lists_key_nobody_is_called(listed: Desk) -> None:
    """A ledger that was moved without it: the list would let everybody through."""
    (listed.folder / "home" / "suppression.key").unlink()
    sheet = listed.sheet(f"Bob,{BOB},Monday")
    code, told = run(listed, sheet)
    assert code == 5
    assert "suppression.key is missing" in told
    assert not (listed.folder / "home" / "sandbox.truth.jsonl").exists()
    assert listed("check", sheet, "-t", listed.template()).code == 5
    assert listed("status").code == 0


def test_nobody_else_can_read_what_the_list_leaves_on_the_disk(listed: Desk) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in (listed.folder / "home").iterdir()} == {0o600}


def test_a_number_can_be_listed_while_a_run_of_another_process_goes_on(desk: Desk) -> None:
    """The person says so to the agent at the desk, in the middle of the campaign."""
    with stand_in(desk.folder) as server:
        words = ("run", desk.people(40), "-t", desk.template(SLOW), "--yes", "--name", "first")
        with started(desk, server, *words) as process:
            until(lambda: len(server.rings()) >= 2)
            last = "+12125550139"
            assert desk("suppress", "add", last, "--reason", "asked").code == 0
            before = len(server.rings())
            process.ended()
            assert process.returncode == 0
        assert before < 40
        assert len(server.rings()) == 39
        assert last not in server.rings()
    row = desk.results("first.results.csv")[39]
    assert (row["_status"], row["_attempts"]) == ("skipped", "0")
    assert "on the suppression list since" in row["_error"]
