"""Every cure and setting has words for a page, and none of them can only be typed at a terminal."""

import re
from string import Formatter

import pytest

from campaign.cli.main import program
from campaign.domain.cures import Cure, CureCode, Message, Setting, runs
from campaign.presentation.cures.page import page_links, page_name, page_text, page_words
from campaign.presentation.cures.page_run_words import PAGE_RUN_WORDS
from campaign.presentation.cures.page_sheet_words import PAGE_SHEET_WORDS
from campaign.presentation.cures.page_words import PAGE_SETTINGS, PAGE_WORDS
from tests.presentation.test_cures import CURES, commands

TYPED = re.compile(
    r"(?<![\w-])--?[a-z][a-z-]*|`|\bcampaign (" + "|".join(words[0] for words in commands(program)) + r")\b"
)


def test_every_cure_and_every_setting_has_words() -> None:
    """A cure without words would leave a person with a problem and no way on."""
    assert set(PAGE_WORDS) == set(CureCode)
    assert len(PAGE_WORDS) == len(PAGE_SHEET_WORDS) + len(PAGE_RUN_WORDS)
    assert set(PAGE_SETTINGS) == set(Setting)


@pytest.mark.parametrize("cure", CURES, ids=lambda cure: cure.code)
def test_no_words_of_a_page_name_a_flag_or_a_command(cure: Cure) -> None:
    """Whoever reads a page has no terminal."""
    assert page_words(cure)
    assert not TYPED.search(page_words(cure))
    said = {name for _, name, _, _ in Formatter().parse(PAGE_WORDS[cure.code]) if name}
    assert said <= dict(cure.values).keys()


@pytest.mark.parametrize("setting", Setting)
def test_a_setting_has_a_plain_name(setting: Setting) -> None:
    assert not TYPED.search(page_name(setting))
    assert "_" not in page_name(setting)


def test_a_message_is_worded_with_the_names_of_fields() -> None:
    message = Message.of(Setting.START, " 'soon' is over", Cure(CureCode.SAY_WHEN))
    assert page_text(message).startswith("the start 'soon' is over; give either one time")


def test_a_cure_that_is_a_thing_to_press_leads_there_once() -> None:
    """A run's name is anybody's text: in an address it is quoted."""
    message = Message.of("it stopped", runs.resume_run("a/b?c"), runs.see_run("a/b?c"), Cure(CureCode.REHEARSE))
    assert page_links(message) == (("/runs/a%2Fb%3Fc", "Go to a/b?c"),)
