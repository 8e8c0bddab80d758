"""No letter of a name is guessed: an encoding is proved over the whole file, named by its owner, or asked for."""

# ruff: noqa: RUF001 - the letters of other alphabets are what is tested
import codecs
import contextlib
import encodings.aliases
import io
from pathlib import Path

import pytest

from campaign.domain.cures import CureCode, Setting
from campaign.domain.cures.sheets import leave_encoding_out, leave_out, say_byte_order
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Row
from campaign.domain.sheet import Sheet
from campaign.intake.files.read_options import Choices
from campaign.intake.text.delimited import read_delimited

TEXT = "Name,City\nZoë Müller,Köln\n"
READ = [Row(2, ("Zoë Müller", "Köln"))]


def saved(folder: Path, content: str | bytes) -> Path:
    path = folder / "sheet.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheet_of(folder: Path, content: str | bytes, *, encoding: str | None = None) -> Sheet:
    return read_delimited(saved(folder, content), choices=Choices(encoding=encoding))


def asked(folder: Path, content: bytes, *, encoding: str | None = None) -> UndecidedError:
    with pytest.raises(UndecidedError) as caught:
        sheet_of(folder, content, encoding=encoding)
    assert caught.value.choice == "encoding"
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("quoted", [False, True])
def test_a01_a_utf8_mark_is_no_part_of_the_first_name(tmp_path: Path, *, quoted: bool) -> None:
    text = TEXT.replace("Name", '"Name"') if quoted else TEXT
    sheet = sheet_of(tmp_path, codecs.BOM_UTF8 + text.encode())
    assert sheet.header == ("Name", "City")
    assert list(sheet.rows) == READ


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("said", [False, True])
def test_a02_a_marked_wide_encoding_loads(
    tmp_path: Path, *, delimiter: str, mark: bytes, encoding: str, said: bool
) -> None:
    """What Excel calls Unicode text; to say what the mark says is no contradiction."""
    content = mark + TEXT.replace(",", delimiter).encode(encoding)
    for name in (encoding, encoding[:6]) if said else (None,):
        sheet = sheet_of(tmp_path, content, encoding=name)
        assert sheet.header == ("Name", "City")
        assert list(sheet.rows) == READ
        assert not sheet.notices


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("rows", [1, 3_000])
def test_a03_a_wide_encoding_without_a_mark_shows_by_its_nuls(tmp_path: Path, *, encoding: str, rows: int) -> None:
    sheet = sheet_of(tmp_path, ("Name,City\n" + "Zoë,東京\n" * rows).encode(encoding))
    assert {row.cells for row in sheet.rows} == {("Zoë", "東京")}
    assert sheet.notices == [f"read as {encoding.upper()}, which no mark at its start says"]


def test_a03_where_nuls_prove_nothing_the_sheet_is_refused(tmp_path: Path) -> None:
    """A few NUL bytes among plain text would make Chinese of an English sheet."""
    for content in (b"Name,City\nAnn\0,x\n", b"Name,City\nAnn\0\0,x\n", b"a,b\n\0\0\0\0\0\0\0\0\n"):
        with pytest.raises(SheetError, match="NUL byte in line 2: this is no text"):
            sheet_of(tmp_path, content)
    with pytest.raises(SheetError, match=r"no mark of UTF-16$") as caught:
        sheet_of(tmp_path, TEXT, encoding="utf-16")
    assert caught.value.cures == (say_byte_order(encoding="utf-16"),)
    with pytest.raises(SheetError, match="UTF-16-BE is what it is said to be in, and is not"):
        sheet_of(tmp_path, TEXT.encode("utf-16-le"), encoding="utf-16-be")
    with pytest.raises(SheetError, match=r"line 2, byte 28 \(0x00\) is not UTF-16-LE, as it is said to be"):
        sheet_of(tmp_path, "Name,City\nAnn,\udc00".encode("utf-16-le", "surrogatepass"), encoding="utf-16-le")


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfeName,City\nAnn,x\n", b"\xfe\xffName,City\nAnn,x\n", b"\xff\xfe\0\0Name,City\nAnn,x\n"],
    ids=["16-le", "16-be", "32-le"],
)
def test_a04_a_mark_that_lies_is_refused(tmp_path: Path, content: bytes) -> None:
    """Read as it says, the sheet would be one of Chinese names."""
    with pytest.raises(SheetError, match="said to be"):
        sheet_of(tmp_path, content)


def test_a04_a_utf8_mark_over_other_bytes_is_refused_and_not_argued_with(tmp_path: Path) -> None:
    content = codecs.BOM_UTF8 + TEXT.encode("cp1252")
    with pytest.raises(SheetError, match=r"line 2, byte 15 \(0xEB\) is not UTF-8, as it is said") as caught:
        sheet_of(tmp_path, content)
    assert not isinstance(caught.value, UndecidedError)
    with pytest.raises(SheetError, match=r"begins with the mark of UTF-8$") as caught:
        sheet_of(tmp_path, content, encoding="cp1252")
    assert caught.value.cures == (leave_encoding_out(encoding="cp1252"),)


def test_a05_windows_western_is_offered_with_samples_and_latin1_never_is(tmp_path: Path) -> None:
    """The curly apostrophe of O'Brien is a control character in latin-1."""
    error = asked(tmp_path, "Name,City\nZoë Müller,Köln\nO’Brien,5 €\nÉmile,x\n".encode("cp1252"))
    assert error.options[0] == ("cp1252", "Western European, Windows: 'Zoë Müller' | 'O’Brien' | 'Émile'")
    assert not {"latin_1", "iso8859_1", "iso8859_15"} & {value for value, _ in error.options}
    assert "line 2, byte 12 (0xEB) is not UTF-8" in str(error)
    [cure] = error.cures
    assert cure.code is CureCode.CHOOSE_ENCODING
    assert "('cp1252', 'Zoë Müller')" in str(dict(cure.values)["options"])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Zoë Müller,Köln"),
        ("cp1250", "Łukasz Wiśniewski,Łódź\nJiří Dvořák,Brno"),
        ("cp1251", "Мария Иванова,Москва\nПётр Ёлкин,Тула"),
        ("koi8_r", "Мария Иванова,Москва\nПётр Ёлкин,Тула"),
        ("iso8859_7", "Μαρία Παπά,Αθήνα\nΆννα,x"),
        ("cp1253", "Μαρία Παπά,Αθήνα\nΆννα,x"),
        ("cp932", "田中 太郎,東京\nソ表ポ,x"),
        ("euc_jp", "田中 太郎,東京\nさくら,x"),
        ("gb18030", "王小明,北京\n李芳,上海"),
        ("cp950", "王小明,臺北\n李芳,x"),
        ("cp949", "김철수,서울\n이영희,부산"),
        ("mac_roman", "Zoë Müller,Köln"),
        ("cp850", "Zoë Müller,Köln"),
    ],
)
def test_a06_an_old_encoding_is_asked_for_and_the_likeliest_shown_first(
    tmp_path: Path, *, encoding: str, text: str
) -> None:
    """Names are spoken aloud. A guess that is mostly right is wrong for the people it is wrong for."""
    content = f"Name,City\n{text}\n".encode(encoding)
    error = asked(tmp_path, content)
    assert error.options[0][0] == encoding
    assert 1 <= len(error.options) <= 6
    read = [row.cells for row in sheet_of(tmp_path, content, encoding=encoding).rows]
    assert read == [tuple(line.split(",")) for line in text.split("\n")]


def test_a06_no_two_options_read_alike_and_each_reads_the_whole_file(tmp_path: Path) -> None:
    """A byte in the last row, which most of them lack, counts."""
    content = ("Name,City\n" + "Zoë,x\n" * 50_000).encode("cp1252") + b"\x8d,x\n"
    assert "cp1252" not in dict(asked(tmp_path, content).options)
    for text in (content, TEXT.encode("cp1252"), b"Name,City\n\xd8yvind,\xc5rhus \xa4\n"):
        texts = [text.decode(value) for value, _ in asked(tmp_path, text).options]
        assert len(set(texts)) == len(texts)


def test_a06_an_encoding_that_hides_in_ascii_is_asked_for(tmp_path: Path) -> None:
    """Every byte of it is sound UTF-8, and every name would be spoken as dollars and letters."""
    content = "Name,City\nAnn,x\n田中 太郎,東京\n".encode("iso2022_jp")
    error = asked(tmp_path, content)
    assert "line 3 has escape sequences" in str(error)
    read = [row.cells for row in sheet_of(tmp_path, content, encoding=error.options[0][0]).rows]
    assert read == [("Ann", "x"), ("田中 太郎", "東京")]


@pytest.mark.parametrize("name", ["Ann表", "ポ", "ソ|能"])
def test_a07_the_second_byte_of_a_character_is_no_backslash_and_no_delimiter(tmp_path: Path, name: str) -> None:
    content = f"Name|City\n{name.replace('|', '')}|東京\n".encode("cp932")
    rows = list(sheet_of(tmp_path, content, encoding="shift_jis").rows)
    assert rows == [Row(2, (name.replace("|", ""), "東京"))]


def test_a08_one_line_in_another_encoding_is_told_as_such(tmp_path: Path) -> None:
    """Whatever the whole were read as, some names would be wrong: no option is offered."""
    good = "Zoë,Köln\n" * 15
    content = f"Name,City\n{good}".encode() + "Zoë,x\n".encode("cp1252") + good.encode()
    with pytest.raises(
        SheetError, match=r"line 17, byte \d+ \(0xEB\) is not UTF-8, while 30 other lines are"
    ) as caught:
        sheet_of(tmp_path, content)
    assert not isinstance(caught.value, UndecidedError)
    forced = sheet_of(tmp_path, content, encoding="cp1252")
    assert forced.notices == ["lines that are sound UTF-8 are read as cp1252: 30; 'Zoë' becomes 'ZoÃ«'"]


def test_a09_letters_that_were_lost_before_are_counted_and_kept(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "Name,City\nAnn,x\n\nZo\ufffd,x\nJos\ufffd,\ufffd\n")
    assert list(sheet.rows)[1:] == [Row(4, ("Zo\ufffd", "x")), Row(5, ("Jos\ufffd", "\ufffd"))]
    assert any(notice.startswith("\ufffd stands in 2 rows (the first: row 4)") for notice in sheet.notices)


def test_a18_a_nul_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    for rows in (1, 100_000):
        with pytest.raises(SheetError, match=f"NUL byte in line {rows + 2}"):
            sheet_of(tmp_path, "Name,City\n" + "Ann,x\n" * rows + "B\0,y\n")
    with pytest.raises(SheetError, match="NUL byte in line 2"):
        sheet_of(tmp_path, "Name,City\nZo\xeb\0,x\n".encode("cp1252"), encoding="cp1252")


@pytest.mark.parametrize("end", ["\x1a", "\x1a\r\n", "\x1a\x1a\n\x1a", "Bob,2\x1a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a18_a_ctrl_z_at_the_end_is_left_out_and_told(tmp_path: Path, *, end: str, encoding: str) -> None:
    """It becomes a person of that name elsewhere."""
    sheet = sheet_of(tmp_path, f"Name,City\nAnn,x\n{end}".encode(encoding), encoding=encoding)
    assert [row.cells for row in sheet.rows] == [("Ann", "x"), ("Bob", "2")][: 1 + end.startswith("Bob")]
    assert sheet.notices == ["the Ctrl-Z at its end, which once marked the end of a file, is left out"]


def test_a18_control_characters_within_the_text_are_data(tmp_path: Path) -> None:
    """Form feed, vertical tab and the separators end a line in some readers: half a row each would be left."""
    strange = "\f\v\x1a\x1c\x85\u2028"
    assert list(sheet_of(tmp_path, f"Name,City\nA{strange}B,x\nC,y\n").rows) == [
        Row(2, (f"A{strange}B", "x")),
        Row(3, ("C", "y")),
    ]


@pytest.mark.parametrize(
    "name",
    ["rot13", "hex", "base64", "zip", "utf-7", "idna", "punycode", "unicode_escape", "undefined", "nope", "", "\0"],
)
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    """In UTF-7 the plus of a phone number begins an escape."""
    with pytest.raises(SheetError, match="is no encoding known here"):
        sheet_of(tmp_path, TEXT, encoding=name)


@pytest.mark.parametrize("name", sorted(set(encodings.aliases.aliases.values())))
def test_whatever_is_named_as_the_encoding_the_file_is_read_strictly_or_refused(tmp_path: Path, name: str) -> None:
    for content in (TEXT.encode(), TEXT.encode("cp1252"), b"A,B\n\x81\xff\xfe\x80,x\n\xe9,y\n"):
        path = saved(tmp_path, content)
        with contextlib.suppress(SheetError):
            rows = list(read_delimited(path, choices=Choices(encoding=name)).rows)
            expected = list(io.StringIO(content.decode(name), newline=None))
            assert [",".join(row.cells) for row in rows if row.damage is None] == [
                line.rstrip("\n") for line in expected[1:]
            ]


def test_a_wrong_choice_is_answered_with_the_ones_that_fit(tmp_path: Path) -> None:
    error = asked(tmp_path, b"Name,City\nO\x98Brien,K\xf6ln\n", encoding="cp1251")
    assert "line 2, byte 11 (0x98) is not CP1251" in str(error)
    assert error.options[0][0] == "cp1252"
    with pytest.raises(SheetError, match=r"but all of it is UTF-8$") as caught:
        sheet_of(tmp_path, "A,B\n\u3042\n", encoding="ascii")
    assert caught.value.cures == (leave_out(Setting.ENCODING),)


def test_a_choice_that_makes_control_characters_is_refused(tmp_path: Path) -> None:
    """Latin-1 decodes anything, and swallows the apostrophe of O'Brien."""
    error = asked(tmp_path, "Name,City\nAnn,x\nO’Brien,Köln\n".encode("cp1252"), encoding="latin-1")
    assert "line 3 has control characters in ISO8859-1" in str(error)
    assert error.options[0][0] == "cp1252"
    assert list(sheet_of(tmp_path, "Name,City\nZoë,Köln\n".encode("latin-1"), encoding="latin-1").rows)


def test_a_choice_that_spoils_sound_utf8_is_carried_out_and_told(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, TEXT, encoding="cp1252")
    assert sheet.notices == ["lines that are sound UTF-8 are read as cp1252: 1; 'Zoë Müller' becomes 'ZoÃ« MÃ¼ller'"]
    assert not sheet_of(tmp_path, TEXT.encode("cp1252"), encoding="cp1252").notices


def test_bytes_that_are_no_text_are_not_offered_as_one(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="it is no text") as caught:
        sheet_of(tmp_path, b"Name,City\n\x89PNG\x01\x02\xff,x\n")
    assert not isinstance(caught.value, UndecidedError)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("rows", [4_095, 4_096, 40_000])
def test_a_wrong_byte_is_named_by_its_line_however_the_lines_end(tmp_path: Path, *, ending: str, rows: int) -> None:
    """Blocks of the file end within characters and within line ends."""
    good = ending.join(["Name,City", *["Zoë,x"] * rows, ""]).encode()
    with pytest.raises(SheetError, match=rf"line {rows + 2}, byte {len(good) + 1} \(0xFF\) is not UTF-8"):
        sheet_of(tmp_path, good + b"B\xff,2\n")


def test_a_wrong_byte_is_named_by_its_place_after_a_character_that_two_blocks_share(tmp_path: Path) -> None:
    for letters in (20_000, 40_000):
        with pytest.raises(SheetError, match=rf"line 2, byte {4 + 2 * letters} \(0xFF\)"):
            sheet_of(tmp_path, b"N,P\n" + "é".encode() * letters + b"\xff,1\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-be", "cp932"])
def test_a_file_that_ends_within_a_character_is_refused(tmp_path: Path, encoding: str) -> None:
    """It was cut, and more than half a letter may be missing."""
    content = "Name,City\nZoe,ソ".encode(encoding)[:-1]
    with pytest.raises(SheetError, match=rf"line 2, byte \d+ \(0x..\) is not {encoding.upper()}"):
        sheet_of(tmp_path, content, encoding=encoding)


@pytest.mark.parametrize(
    "offer", ["£50 off", "Ann Lee\u00a0", "Dover – Calais", "“now”", "€ 20", "Müller", "José – £5"]
)
def test_windows_western_comes_first_unless_letters_speak_against_it(tmp_path: Path, offer: str) -> None:
    """A sign of money or a dash is a letter of other pages, and was offered as one alone."""
    error = asked(tmp_path, f"Name,Phone,Offer\nAnn,+12125550101,{offer}\n".encode("cp1252"))
    assert error.options[0][0] == "cp1252"


@pytest.mark.parametrize(
    ("page", "text"), [("cp1251", "Приветствуем Вас"), ("cp1253", "Καλημέρα σας"), ("cp1250", "Łukasz Wałęsa")]
)
def test_windows_western_is_offered_where_letters_speak_against_it_and_not_first(
    tmp_path: Path, page: str, text: str
) -> None:
    error = asked(tmp_path, f"Name,Phone\n{text},+12125550101\n".encode(page))
    offered = [option for option, _ in error.options]
    assert offered[0] != "cp1252"
    assert "cp1252" in offered or page != "cp1250"
