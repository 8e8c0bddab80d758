"""The page of a loaded sheet has words for every kind of doubt: one without them would be a page of a fault."""

from campaign.domain.cures.notes import NoteKind
from campaign.presentation.page.sheets.check import DOUBT_TITLES


def test_every_kind_of_doubt_has_a_title_on_the_page() -> None:
    assert set(DOUBT_TITLES) == set(NoteKind)
