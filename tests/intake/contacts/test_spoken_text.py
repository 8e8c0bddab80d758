"""A text that would be heard as nonsense is refused where that is sure, and doubted where it is not."""

import pytest
from hypothesis import given, settings, strategies as st

from campaign.intake.contacts import spoken_text
from campaign.intake.contacts.placeholders import fields_of
from campaign.intake.contacts.spoken_text import CellFault, DoubtfulText, ValueReader, read_name

FIELDS = fields_of(["Patient", "Room No", "due_on"])


def value(
    text: str, *, optional: bool = False, key: str = "note", column: str = "Note"
) -> str | DoubtfulText | CellFault:
    return ValueReader(key, column, optional=optional, fields=FIELDS).read(text)


def fault(read: str | DoubtfulText | CellFault) -> str:
    assert isinstance(read, CellFault), read
    assert read.cure
    return read.reason


def doubts(read: str | DoubtfulText | CellFault) -> tuple[str, ...]:
    assert isinstance(read, DoubtfulText), read
    return read.doubts


LEFTOVERS = [
    ("#N/A", "the error #N/A of a spreadsheet program"),
    ("Dr. #REF!", "the error #REF! of a spreadsheet program"),
    ("#¡VALOR!", "the error #¡VALOR! of a spreadsheet program"),
    ("#NV", "the error #NV of a spreadsheet program"),
    ("########", "the error ######## of a spreadsheet program"),
    ("Err:502", "the error Err:502 of a spreadsheet program"),
    ("{{leftover}}", "a placeholder that was never filled in ('{{leftover}}')"),
    ("Dear {{name", "a placeholder that was never filled in ('{{name')"),
    ("Dear {name},", "a placeholder that was never filled in ('{name},')"),
    ("{0.__class__}", "a placeholder that was never filled in ('{0.__class__}')"),
    ("{}", "a placeholder that was never filled in ('{}')"),
    ("${first_name}", "a placeholder that was never filled in ('${first_name}')"),
    ("{% if x %}", "a placeholder that was never filled in ('{% if x %}')"),
    ("*|FNAME|*", "a placeholder that was never filled in ('*|FNAME|*')"),
    ("%NAME%", "a placeholder that was never filled in ('%NAME%')"),
    ("[NAME]", "a placeholder that was never filled in ('[NAME]')"),
    ("<First Name>", "a placeholder that was never filled in ('<First Name>')"),
    ("«Nachname»", "a placeholder that was never filled in ('«Nachname»')"),
    ("$name", "a placeholder that was never filled in ('$name')"),
    ("in [room no]", "a placeholder that was never filled in ('[room no]')"),
    ("on $due_on", "a placeholder that was never filled in ('$due_on')"),
    ("[object Object]", "a placeholder that was never filled in ('[object Object]')"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), LEFTOVERS)
def test_d05_what_a_program_left_behind_is_never_spoken(text: str, reason: str) -> None:
    """In a name as in a variable, wanted or not: to leave it out would be a guess."""
    for read in (value(text), value(text, optional=True), read_name(text, FIELDS)):
        assert fault(read)[:40] == reason[:40]


@pytest.mark.parametrize(
    "text",
    ["Room [B]", "100% sure, 50% off", "costs $5", "A$AP", "a < b", "C# course", "#1 in town", "5'2\" {tall, dark}",
     "tom & ann", "2 * 3 | 4", "see www.example.com/a?b=%20c", "on-call", "50/50", "«sic»"],
)  # fmt: skip
def test_what_people_write_is_sent_as_it_stands(text: str) -> None:
    """A refused row is a person who is not called."""
    assert value(text) == text


@pytest.mark.parametrize("text", ["nan", "NaN", "null", "NULL", "None", "NaT", "<NA>", "undefined", "\\N"])
def test_a30_a_programs_word_for_no_value_is_refused_in_a_variable_and_doubted_in_a_name(text: str) -> None:
    """People are called Null; nobody's appointment is."""
    assert "which a program writes for no value" in fault(value(text))
    assert "which a program writes for no value" in fault(value(text, optional=True))
    if text.isalpha() and text != "NaT":
        assert doubts(read_name(text, FIELDS)) == ("may be no one's name",)


@pytest.mark.parametrize("text", ["N/A", "n/a", "n.a.", "-", "--", "\u2014", "?", "...", "/"])
def test_a_sign_for_no_value_is_refused_only_where_a_value_is_required(text: str) -> None:
    """An agent that is told notes: n/a says nothing of them; one that is told date: n/a says so."""
    assert fault(value(text)) == "no value for the variable 'note'"
    assert value(text, optional=True) == DoubtfulText(
        text, ("may be no value at all; leave the cell empty if there is none",)
    )


@pytest.mark.parametrize("text", ["unknown", "TBD", "test", "none", "Nan", "Null", "xxx"])
def test_a_word_that_may_be_meant_is_sent_and_doubted(text: str) -> None:
    """Allergies: none."""
    for read in (value(text), value(text, optional=True)):
        assert read == DoubtfulText(text, ("may be no value at all; leave the cell empty if there is none",))


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u00a0\ufeff"])
def test_a_blank_is_left_out_where_it_may_be_and_refused_where_it_may_not(text: str) -> None:
    assert value(text, optional=True) == ""
    assert fault(value(text)) == "no value for the variable 'note'"


def test_d06_a_text_has_a_cap() -> None:
    """A cell can hold 32,767 characters, and an agent reads them all."""
    assert value("ab " * 666 + "ab") == "ab " * 666 + "ab"
    assert fault(value("a" * 2_001)) == "a text of 2001 characters"
    assert fault(value("é!/" * 700)) == "a text of 2100 characters"
    assert fault(read_name("Ann " * 51, FIELDS)) == "a name of 203 characters"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\x1b]0;x\x07", "a control character"),
        ("a\x00b", "a control character"),
        ("a\ud800", "half a character, which cannot be sent"),
    ],
)
def test_what_no_voice_can_say_is_refused(text: str, reason: str) -> None:
    """It does harm in terminals, files and prompts."""
    assert fault(value(text, optional=True)) == reason


@pytest.mark.parametrize(
    ("written", "sent"),
    [("\u202eAnn\u202c Lee", "Ann Lee"), ("Ann\u00ad Lee\u200b", "Ann Lee"), ("\ufeffAnn Lee", "Ann Lee")],
)
def test_a35_signs_that_nobody_sees_are_taken_out_and_said(written: str, sent: str) -> None:
    """A text that is shown in another order than it is sent deceives the one who looks at it."""
    gone = "invisible characters were taken out"
    assert value(written) == DoubtfulText(sent, (gone,))
    assert read_name(written, FIELDS) == DoubtfulText(sent, (gone,))


def test_a35_marks_are_joined_with_their_letters_and_joiners_kept() -> None:
    """The same name is the same text; and Persian and emoji need what joins them."""
    assert value("Zoe\u0308") == read_name("Zoe\u0308", FIELDS) == "Zo\u00eb"
    assert value("نیک\u200cنام") == "نیک\u200cنام"  # noqa: RUF001 - a Persian name is meant


@pytest.mark.parametrize("text", ["J\ufffdrg Weber", "Ren\ufffd"])
def test_a09_a_lost_character_is_doubted(text: str) -> None:
    for read in (value(text), read_name(text, FIELDS)):
        assert doubts(read) == ("a character was lost before, and stands as \ufffd",)


@pytest.mark.parametrize("text", ["JÃ¼rgen", "RenÃ© Weber", "Annâ€™s", "Ãª la"])
def test_a05_text_of_a_wrong_encoding_is_doubted(text: str) -> None:
    """It was read wrongly before it came here, and would be spoken so."""
    for read in (value(text), read_name(text, FIELDS)):
        assert "looks like text that was read in a wrong encoding" in doubts(read)


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("ANN LEE", "written in capitals, and may be spelled out when it is spoken"),
        ("ЖАННА Д'АРК", "written in capitals, and may be spelled out when it is spoken"),  # noqa: RUF001 - Cyrillic is meant
        ("J", "a name of one letter"),
        ("j.", "a name of one letter"),
        ("Test", "may be no one's name"),
        ("test user", "may be no one's name"),
        ("Unknown", "may be no one's name"),
        ("First Name", "may be no one's name"),
        ("N/A", "may be no one's name"),
        ("-", "may be no one's name"),
        ("Ann 2", "digits in the name"),
        ("Ann +1 415 555 0100", "a phone number in the name"),
        ("ann@example.com", "an email address in the name"),
        ("www.example.com", "a web address in the name"),
        ("Ann www.x", "a web address in the name"),
        ("Ann [VIP]", "'[VIP]' looks like a placeholder"),
        ("<b>Ann</b>", "'<b>' looks like a piece of a web page"),
        ("Ann &amp; Bob", "'&amp;' looks like a piece of a web page"),
    ],
)
def test_a_name_that_may_be_none_is_called_and_doubted(name: str, doubt: str) -> None:
    """A real person may be called anything; whoever looks through the doubts knows."""
    assert read_name(name, FIELDS) == DoubtfulText(name, (doubt,))


@pytest.mark.parametrize(
    "name",
    ["Ann Lee", "ann lee", "DJ Bo", "AJ", "O'Brien", "J. R. Weber", "Jean-Luc", "李", "李明", "Ø", "Мария", "Ng",
     "Guest Lee", "Tester Weber", "X Æ"],
)  # fmt: skip
def test_a36_names_are_what_people_are_called(name: str) -> None:
    if name == "Ø":
        assert doubts(read_name(name, FIELDS)) == ("a name of one letter",)
    else:
        assert read_name(name, FIELDS) == name


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("03/04/2026", "03/04/2026 may be 3 April 2026 or 4 March 2026: write the month as a word"),
        ("on 3-4-26 at 9:00", "3-4-26 may be 3 April 2026 or 4 March 2026: write the month as a word"),
        ("12/11/2026 09:00", "12/11/2026 may be 12 November 2026 or 11 December 2026: write the month as a word"),
    ],
)
def test_b14_a_date_that_may_be_two_days_names_both(text: str, doubt: str) -> None:
    """A person who is told the wrong day comes on the wrong day."""
    assert value(text) == DoubtfulText(text, (doubt,))


@pytest.mark.parametrize(
    "text",
    ["2026-12-01", "13/04/2026", "04/13/2026", "04/04/2026", "03.04.2026", "3 April 2026", "555-0100", "1/2",
     "00/00/2026",      "10:30 AM", "1-2-3-4", "24/7/365"],
)  # fmt: skip
def test_b14_a_date_that_is_one_day_is_not_doubted(text: str) -> None:
    assert value(text) == text


def test_b14_a_bare_number_among_dates_may_be_a_day() -> None:
    """A spreadsheet program keeps days as numbers; spoken, 46357 means nothing to anybody."""
    doubt = ("may be the day 1 December 2026, written as the number that a spreadsheet program keeps for it",)
    assert value("46357", key="when", column="Appointment") == DoubtfulText("46357", doubt)
    assert value("46357", key="zip", column="Zip") == "46357"
    reader = ValueReader("x", "X", optional=False, fields=FIELDS)
    assert [reader.read(text) for text in ("46357", "2026-12-01", "46357")] == [
        "46357", "2026-12-01", DoubtfulText("46357", doubt)
    ]  # fmt: skip


def test_only_so_many_values_of_a_column_are_kept() -> None:
    """Ten million rows are a matter of time, not of memory."""
    reader = ValueReader("street", "Street", optional=False, fields=FIELDS)
    for number in range(3_000):
        assert reader.read(f" Street {number}") == reader.read(f" Street {number}") == f"Street {number}"
    assert len(reader.known) == 1_000


def test_d05_braces_in_a_cell_are_never_filled_in() -> None:
    """No cell is ever read as a pattern."""
    for text in ("{0.__class__.__init__.__globals__}", "%(name)s", "{tall, dark}"):
        read = value(text, optional=True)
        assert isinstance(read, CellFault) or read == text


PIECES = st.sampled_from(
    ["Ann", "Lee", "test", "null", "NaT", "n", "a", "A", "é", "É", "\u0301", "Ã", "©", "ª", "李", "ي", "'", "-", ".",
     " ", "  ", "@", "www", "Err", ":", "502", "\u200d", "\u00ad", "{", "}", "$", "&amp;", "/", "3", "04", "2026",
     "46357", "\t", "\n", "\ufffd", "가", "\u11a8", "か", "\u3099", "#N/A", "ŉ", "\u212a", "²", "!"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=8)


@settings(max_examples=1_000)
@given(text=TEXTS, optional=st.booleans(), column=st.sampled_from(["Day", "Note"]))
def test_the_quick_look_and_the_careful_one_agree(text: str, *, optional: bool, column: str) -> None:
    """Nearly all texts are plain, and only looked at quickly; what that lets through must be what care would say."""
    assert read_name(text, FIELDS) == spoken_text._name_carefully(text, FIELDS)
    quick, careful = (ValueReader("x", column, optional=optional, fields=FIELDS) for _ in range(2))
    assert quick.read(text) == careful._carefully(text.strip())


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("one\ntwo", "one, two"),
        ("one.\r\n\r\ntwo", "one. two"),
        ("one,\u2028 two\v", "one, two"),
        ("\n12 Main St \n Springfield\n", "12 Main St, Springfield"),
    ],
)
def test_lines_of_one_value_are_spoken_one_after_the_other(written: str, spoken: str) -> None:
    """An address and a note have lines; run together without a pause they would be another address."""
    read = value(written)
    assert isinstance(read, DoubtfulText) or "\n" not in written.strip()
    assert (read.text if isinstance(read, DoubtfulText) else read) == spoken


def test_a_line_break_at_the_end_of_a_name_is_no_part_of_it() -> None:
    assert read_name("Bo Marek\n", FIELDS) == "Bo Marek"
    assert fault(read_name("Bo\nMarek", FIELDS)) == "a line break in the name"
