"""A column that says who is not to be called is known by its name, in six languages, and is never a consent."""

import pytest

from campaign.intake.opt_outs.header_meaning import Meaning, denies, meaning_of
from campaign.intake.proposal.header_words import Use, use_of
from tests.intake.opt_outs.headers import LANGUAGES, OTHERS, listed

FEWEST = 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_opt_outs_are_known_by_their_names(language: str) -> None:
    """One that is overlooked lets a run call the people who are named in it."""
    names = listed(LANGUAGES[language])
    assert len(set(names)) >= FEWEST
    assert [name for name in names if meaning_of(name) is not Meaning.OPTED_OUT] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_opt_outs_are_never_read_as_consent(language: str) -> None:
    """That turns the column round: those who said no are called, and nobody else."""
    names = listed(LANGUAGES[language])
    assert [name for name in names if use_of(name) is Use.CONSENT or not denies(name)] == []


def test_other_columns_are_no_opt_outs() -> None:
    """Each of them would be asked about, and what is always asked is no longer read."""
    assert [name for name in listed(OTHERS) if meaning_of(name) is not None] == []


@pytest.mark.parametrize(
    "name", ["Not opted out", "Not unsubscribed", "Nicht abgemeldet", "Non désabonné", "Not on DNC list"]
)
def test_a_denied_refusal_is_neither(name: str) -> None:
    """Its no forbids calls: only its owner can say how it is meant."""
    assert meaning_of(name) is Meaning.TWISTED


@pytest.mark.parametrize("writing", ["{}", " {} ", "{}?", "[{}]", "{}:"])
def test_case_and_signs_around_a_name_make_no_difference(writing: str) -> None:
    for name in ("Do Not Call", "Ne pas appeler", "Nicht anrufen", "DNC"):
        for written in (name, name.upper(), name.lower(), name.replace(" ", "_")):
            assert meaning_of(writing.format(written)) is Meaning.OPTED_OUT
