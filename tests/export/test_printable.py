"""What a server or a sheet said cannot take over the terminal or the spreadsheet that shows it."""

import unicodedata

import pytest
from hypothesis import given, strategies as st

from campaign.export.printable import LIMIT, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("a\x00b", "a\\x00b"),
        ("two\r\nlines\tand a tab", "two\\r\\nlines\\tand a tab"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\ud83d", "\\ud83d"),
        ("Zoë said “no” 🙂", "Zoë said “no” 🙂"),
    ],
    ids=ascii,
)
def test_controls_are_shown_as_escapes_and_text_as_itself(text: str, shown: str) -> None:
    """An escape sequence in an error message would otherwise run in the terminal of whoever prints the file."""
    assert visible(text) == shown


def test_a_long_text_is_cut_and_says_so() -> None:
    """An answer of ten megabytes must not become a cell of ten megabytes."""
    assert visible("x" * LIMIT) == "x" * LIMIT
    assert visible("x" * 10_000_000) == "x" * (LIMIT - 1) + "…"
    assert LIMIT == 500


@given(st.text() | st.text(alphabet="\x00\x1b\u202eab", min_size=LIMIT - 200, max_size=LIMIT + 5))
def test_no_text_is_shown_longer_than_the_limit_or_with_controls(text: str) -> None:
    """Escapes make a text longer: the limit holds after them."""
    shown = visible(text)
    assert len(shown) <= LIMIT
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in shown)
