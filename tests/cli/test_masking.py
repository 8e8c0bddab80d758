"""Nobody's number comes onto a screen, or into a log that is kept of it, whatever the verb, unless it is asked for."""

import json
import re

import pytest

from campaign.presentation.masking import masked_text
from tests.cli.conftest import TEMPLATE, Desk, Ended

CONSENT = TEMPLATE.replace("[variables]", 'email = "Mail"\nconsent = "Agreed"\n[variables]').replace('"US"', '"GB"')
PEOPLE = (
    "Ada,+12125550101,Monday,ada@example.org,yes",
    "Bob,(212) 555-0102,Monday,,yes",
    "Cy,2079460123,Monday,,yes",
    "Dee,+12125550104 ext 9,Monday,,yes",
    "Eve,+12125550105; +12125550106,Monday,,yes",
    "Fay,+12125550101,Monday,,yes",
    "Gus,+1 212 555 0107,Monday,no.mail 2125550108,yes",
    "Hal,+12125550109,Monday,hal@example.org,no",
    "Ida,+12125550110,Monday,,yes",
    "Jon,2.12555E+09,Monday,,yes",
)
# Not the restored one: it is shown before and after, or nobody could say whether it is right.
NUMBERS = [f"2125550{n}" for n in range(101, 111)]


def seen(ended: Ended) -> list[str]:
    """Numbers of the sheet that came out, however they are written; a results file's name may say anything."""
    digits = re.sub(r"[^\d\n]", "", re.sub(r"[ ().+-]", "", ended.out + ended.err))
    return [number for number in NUMBERS if number in digits]


def test_no_verb_shows_a_number(desk: Desk) -> None:
    """`-v` included, and what AICaller says of a number too."""
    sheet = desk.sheet(*PEOPLE, header="Name,Phone,Day,Mail,Agreed")
    template = desk.template(CONSENT)
    sandbox = ("--sandbox", "--yes")
    faults = ("--fault", "400_telling=0.4,reset_after=0.2", "--seed", "1", "--accept-repairs")
    everything = [
        ("init", sheet, "-t", "made.toml", "--region", "US", "--yes"),
        ("check", sheet, "-t", template),
        ("check", sheet, "-t", template, "-v"),
        ("run", sheet, "-t", template, "--sandbox", "--dry-run"),
        ("run", sheet, "-t", template, *sandbox),
        ("run", sheet, "-t", template, *sandbox, *faults, "-v", "--name", "first", "--limit", "2"),
        ("resume", "first", *sandbox, "-v"),
        ("rerun", "first", *sandbox, "-v"),
        ("run", sheet, "-t", template, *sandbox, "--again", "--accept-repairs", "--name", "again", "-v"),
        ("status",),
        ("status", "first"),
        ("status", "first", "--json"),
        *(("status", "first", "--why", row) for row in range(2, 8)),
        ("status", "first", "--why", 4, "--json"),
        ("results", "first", "-o", "out.xlsx"),
        ("results", "first", "-o", "out.html"),
        ("suppress", "add", "+12125550101", "--reason", "asked"),
        ("suppress", "import", sheet, "--column", "Phone", "--region", "US"),
        ("suppress", "list", "--json"),
        ("suppress", "check", "+12125550101"),
        ("suppress", "remove", "+12125550101", "--reason", "asked"),
        ("forget", "first", "--yes", "--unfinished"),
        ("status", "first", "--why", 2),
    ]
    shown = {" ".join(map(str, words)): found for words in everything if (found := seen(desk(*map(str, words))))}
    assert shown == {}


def test_numbers_are_shown_to_one_who_asks(desk: Desk) -> None:
    """And to programs: `check --json` is the sheet's own data, cell by cell."""
    sheet, template = desk.sheet("Dee,+12125550104 ext 9,Monday", "Bob,+12125550102,"), desk.template()
    assert "'…0104 ext 9'" in desk("check", sheet, "-t", template).out
    assert "'+12125550104 ext 9'" in desk("check", sheet, "-t", template, "--show-numbers").out
    problems = json.loads(desk("check", sheet, "-t", template, "--json").out)["problems"]
    assert problems[0]["value"] == "+12125550104 ext 9"


def test_a_restored_number_is_shown_before_and_after(desk: Desk) -> None:
    """Whoever is to say that it is right must see it."""
    sheet, template = desk.sheet("Cy,2079460123,Monday"), desk.template(TEMPLATE.replace('"US"', '"GB"'))
    for words in (("check",), ("check", "-v"), ("run", "--sandbox", "--yes")):
        ended = desk(words[0], sheet, "-t", template, *words[1:])
        assert "'2079460123': called as +442079460123" in ended.out + ended.err


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("'+1 (212) 555-0101': too long", "'…0101': too long"),
        ("called recently: 2026-12-01T14:00:00.000Z by run first, row 3", None),
        ("call ada@example.org", "call a•••@example.org"),
        ("id 665f1c2ab7e4d20012ab34cd, status 400", None),
        ("campaign resume visits-20261201; /data/20261201/list.csv", None),
        ("400: +12125550101 and 020 7946 0123 refused", "400: …0101 and …0123 refused"),
        ("row 12, 3 of 100,000", None),
        ("tel:+442079460123", "tel:…0123"),
        ("+4420\N{NON-BREAKING HYPHEN}7946\N{NO-BREAK SPACE}0123", "…0123"),
    ],
)
def test_only_what_could_be_called_is_masked(text: str, masked: str | None) -> None:
    assert masked_text(text) == (masked or text)
