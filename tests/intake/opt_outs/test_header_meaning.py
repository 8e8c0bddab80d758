"""A column that says who is not to be called is known by its name, in six languages, and is never a consent."""

import pytest

from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.domain.model import Row
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.consent import refusals
from campaign.intake.contacts.screen import screen
from campaign.intake.opt_outs.header_meaning import Meaning, denies, meaning_of
from campaign.intake.proposal.column_profile import profiles_of
from campaign.intake.proposal.header_words import Use, use_of
from campaign.intake.proposal.propose import propose
from tests.intake.opt_outs import more_headers
from tests.intake.opt_outs.headers import LANGUAGES, OTHERS, listed

FEWEST = 150
TEMPLATE = Template.model_validate({"columns": {"name": "Name", "phone": "Phone"}, "phone": {}})


def all_names(language: str) -> list[str]:
    return listed(LANGUAGES[language] + more_headers.LANGUAGES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_opt_outs_are_known_by_their_names(language: str) -> None:
    """One that is overlooked lets a run call the people who are named in it."""
    names = all_names(language)
    assert len(set(names)) >= FEWEST
    assert [name for name in names if meaning_of(name) is not Meaning.OPTED_OUT] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_opt_outs_are_never_read_as_consent(language: str) -> None:
    """That turns the column round: those who said no are called, and nobody else."""
    names = all_names(language)
    assert [name for name in names if use_of(name) is Use.CONSENT or not denies(name)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_says_yes_in_such_a_column_is_asked_about_and_init_proposes_it(language: str) -> None:
    """Whether or not the template names it, nobody in it is called unasked."""
    said = [("Ada Lindqvist", "+14155550111", "Yes"), ("Bo Marek", "+16505550112", "No")]
    rows = [Row(number, cells) for number, cells in enumerate(said, start=2)]
    for name in all_names(language):
        header = ("Name", "Phone", name)
        columns = match_columns(header, TEMPLATE)
        ada, bo = screen(rows, columns, TEMPLATE, refused=refusals(rows, columns, TEMPLATE))
        assert NoteKind.OPTED_OUT in {note.kind for note in ada.notes}, name
        assert NoteKind.OPTED_OUT not in {note.kind for note in bo.notes}, name
        proposal = propose(profiles_of(header, rows, region=None), rows, region=None, said={})
        assert (proposal.opted_out.indices, proposal.consent.indices) == ((2,), ()), name


def test_other_columns_are_no_opt_outs() -> None:
    """Each of them would be asked about, and what is always asked is no longer read."""
    assert [name for name in listed(OTHERS + more_headers.OTHERS) if meaning_of(name) is not None] == []


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
