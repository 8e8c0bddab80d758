"""A phonenumbers that reads numbers otherwise than our patterns is believed; one that does not keeps them."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType as Kind

from campaign.intake.phones.lookup import (
    BY_LIBRARY,
    BY_PATTERNS,
    CHECKED_RELEASE,
    Lookup,
    chosen,
    differences,
    lookup_in_use,
)
from campaign.intake.phones.numbering_plan import Number, number_of

ANOTHER = "99.0.1"


def premium(digits: str, *, region: str | None) -> Number:
    """Takes British mobiles for premium numbers."""
    number = number_of(digits, region=region)
    return number._replace(kind=Kind.PREMIUM_RATE) if number.e164.startswith("+447") else number


def unknown(digits: str, *, region: str | None) -> Number:
    """Knows of no number that is dialled in Germany."""
    return Number("", digits, Kind.UNKNOWN, "") if region == "DE" else number_of(digits, region=region)


PLANTED = {
    "kind": replace(BY_PATTERNS, number_of=premium),
    "in a region": replace(BY_PATTERNS, number_of=unknown),
    "fast path": replace(BY_PATTERNS, is_ordinary=lambda _: True),
}


def test_on_every_example_number_the_patterns_agree_with_the_installed_release() -> None:
    """Before a release: if this holds for a newer phonenumbers, CHECKED_RELEASE becomes that one."""
    assert list(differences(BY_PATTERNS, sorted(phonenumbers.SUPPORTED_REGIONS))) == []


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_release_that_reads_a_number_otherwise_is_asked_for_every_number(planted: Lookup) -> None:
    """A pattern that is out of date would call a number that costs, or refuse one that does not."""
    found = chosen(ANOTHER, patterns=planted)
    assert found.lookup == BY_LIBRARY
    assert found.warning is not None
    assert f"phonenumbers {ANOTHER} reads" in found.warning
    assert "\n" not in found.warning


def test_another_release_that_reads_the_sample_alike_keeps_the_patterns() -> None:
    found = chosen(ANOTHER)
    assert (found.lookup, found.warning) == (BY_PATTERNS, None)


def test_the_release_that_was_checked_is_not_compared_again() -> None:
    def unexpected(digits: str, *, region: str | None) -> Number:
        raise AssertionError(digits, region)

    found = chosen(CHECKED_RELEASE, patterns=replace(BY_PATTERNS, number_of=unexpected))
    assert found.warning is None


def test_it_is_decided_once() -> None:
    assert lookup_in_use() is lookup_in_use()


# --- a process with another release

NEW_RELEASE = f"""
import sys
import phonenumbers
phonenumbers.__version__ = "{ANOTHER}"
kind_of = phonenumbers.number_type
if "parts" in sys.argv:
    premium = phonenumbers.PhoneNumberType.PREMIUM_RATE
    phonenumbers.number_type = lambda one: premium if one.country_code == 44 else kind_of(one)
from campaign.cli.main import main
main(sys.argv[2:])
"""
TEMPLATE = """
[call]
team_id = "0123456789abcdef01234567"
call_template_id = "0123456789abcdef01234567"
[columns]
name = "Name"
phone = "Phone"
"""


@pytest.mark.parametrize("release", ["parts", "agrees"])
def test_check_says_that_a_release_parts_from_the_patterns_and_gives_its_answers(tmp_path: Path, release: str) -> None:
    """The person who is about to start a run sees it, and so does a program that reads --json."""
    (tmp_path / "sheet.csv").write_text("Name,Phone\nAnn Lee,+447400123456\nBo Lee,+12125550101\n", encoding="utf-8")
    (tmp_path / "sheet.toml").write_text(TEMPLATE, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", NEW_RELEASE, release, "check", "sheet.csv", "-t", "sheet.toml", "--json"],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"CAMPAIGN_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3])},
        timeout=60,
    )
    said = json.loads(ended.stdout)
    told = [notice for notice in said["notices"] if ANOTHER in notice]
    assert len(told) == (1 if release == "parts" else 0)
    assert said["invalid"] == (1 if release == "parts" else 0)
