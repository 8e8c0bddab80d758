"""Doubts on the page of a sheet: each kind has its words there."""

import pytest

from campaign.domain.cures.notes import NoteKind
from campaign.presentation.page.sheets.check import DOUBT_TITLES


@pytest.mark.parametrize("kind", list(NoteKind))
def test_each_kind_of_doubt_has_a_title_on_the_page(kind: NoteKind) -> None:
    """A kind without one would be an error in place of the check of a sheet."""
    assert DOUBT_TITLES[kind]


def test_titles_are_sentences_of_their_own() -> None:
    """They are put together of words that also stand behind a count."""
    assert not [title for title in DOUBT_TITLES.values() if "that that" in title or "that with" in title]
