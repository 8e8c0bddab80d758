"""One table of yes and no; a word that is not in it is neither."""

# ruff: noqa: RUF001 - these are lists of foreign words

import pytest

from campaign.intake.opt_outs.yes_no import Said, Words, is_yes_or_no, said_by
from tests.intake.opt_outs.headers import LANGUAGES, listed


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("Yes|TRUE|1|1.0|x|checked|WAHR|VRAI|Sì|SI|да|tak|sim|evet|はい|✓|☑|Ja|oui|Vero|OK", Said.YES),
        ("No|false|0|0.0|unchecked|FALSCH|FAUX|nein|non|нет|nie|não|hayır|いいえ|✗|☐|Falso", Said.NO),
        ("Allow|opted in|subscribed|Allowed", Said.ALLOWED),
        ("Do Not Allow|opted out|DNC|do not call|Unsubscribed|nicht anrufen|ne pas appeler|no llamar", Said.REFUSED),
        ("| |-|—|n/a|N/A", Said.NOTHING),
        ("maybe|?|vielleicht|unknown", Said.UNSURE),
        ("2026-05-03|3.5.2026|05/03/26|2026-05-03T10:00:00", Said.DATED),
        ("yep|yes?|not yes|2|by letter|hm", Said.UNKNOWN),
    ],
)
def test_words_say_what_they_say_in_any_case(cells: str, said: Said) -> None:
    for cell in cells.split("|"):
        assert (cell, said_by(cell)) == (cell, said)
        assert said_by(f" {cell.lower()} ") is said


def test_a_refusal_in_words_is_never_a_yes() -> None:
    """`Opted out` under "Agreed to calls" is a no, in whatever language it is written."""
    for language in LANGUAGES.values():
        assert [name for name in listed(language) if said_by(name) in (Said.YES, Said.ALLOWED)] == []


def test_words_can_be_explained_and_the_explanation_wins() -> None:
    words = Words.of(yes=("Yep ", "2"), no=("Nope", "ok"))
    assert [said_by(cell, words) for cell in ("yep", "2", "NOPE", "ok", "hm", "yes")] == [
        Said.YES, Said.YES, Said.NO, Said.NO, Said.UNKNOWN, Said.YES,
    ]  # fmt: skip
    others = Words.of(yes=("yep",), no=("*",))
    assert [said_by(cell, others) for cell in ("yep", "hm", "", "maybe")] == [
        Said.YES, Said.NO, Said.NOTHING, Said.UNSURE,
    ]  # fmt: skip


def test_a_column_of_them_is_known_by_its_cells() -> None:
    assert all(map(is_yes_or_no, ("Yes", "0", "Do Not Allow", "VRAI")))
    assert not any(map(is_yes_or_no, ("", "maybe", "12", "Ada")))
