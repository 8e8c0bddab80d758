"""Reasons of skipped rows: each code has its words, its text and its place in the ledger; nothing reads the texts."""

import re
from pathlib import Path
from typing import get_args

import pytest

from campaign.domain.model import ClaimRefused, Contact, Skip
from campaign.domain.skip_reason import (
    CalledBeforeBy,
    CalledElsewhere,
    CalledMeanwhile,
    CalledRecentlyBy,
    Cancelled,
    ChangedSince,
    ConsentRefused,
    Duplicate,
    Erased,
    Marked,
    NoConsent,
    OnSuppressionList,
    OptedOut,
    OverDayLimit,
    OwnNumber,
    Passed,
    Skipped,
    SkipReason,
    SupersededBy,
    text_of,
)
from campaign.export.skip_words import SKIP_WORDS

ROOT = Path(__file__).parents[2]
AT = "2026-12-01T09:00:00.000Z"
UNKNOWN_HERE = "by a call that this ledger does not know: c-1"
TEXTS: tuple[tuple[Skipped, SkipReason, str], ...] = (
    (Duplicate(4), SkipReason.DUPLICATE, "duplicate of row 4"),
    (Duplicate(4, same_name=False), SkipReason.DUPLICATE, "duplicate of row 4, there under another name"),
    (NoConsent("OK?", "no"), SkipReason.NO_CONSENT, "no consent (column 'OK?': 'no')"),
    (OptedOut("DNC", "Yes"), SkipReason.OPTED_OUT, "opted out (column 'DNC': 'Yes')"),
    (Marked("Name", "deceased"), SkipReason.MARKED, "marked as not to be called (column 'Name': 'deceased')"),
    (Passed("Visit", "2026-11-20"), SkipReason.PASSED, "has passed (column 'Visit': '2026-11-20')"),
    (ConsentRefused(7), SkipReason.NO_CONSENT, "no consent (row 7 says no for the same number)"),
    (
        ConsentRefused(7, place="the file"),
        SkipReason.NO_CONSENT,
        "no consent (row 7 of the file says no for the same number)",
    ),
    (OwnNumber(), SkipReason.OWN_NUMBER, "our own number"),
    (OnSuppressionList(AT), SkipReason.SUPPRESSED, "on the suppression list since 2026-12-01"),
    (OnSuppressionList(AT, "asked"), SkipReason.SUPPRESSED, "on the suppression list since 2026-12-01 (asked)"),
    (CalledRecentlyBy(AT, "a", row=2), SkipReason.CALLED_RECENTLY, f"called recently: {AT} by run a, row 2"),
    (
        CalledMeanwhile(AT, "a", row=2),
        SkipReason.CALLED_MEANWHILE,
        f"called meanwhile: {AT} by run a, row 2, with the same words",
    ),
    (Duplicate(4, line="+541123456789"), SkipReason.DUPLICATE, "duplicate of row 4 (same line as +541123456789)"),
    (CalledRecentlyBy(AT, "a", row=None), SkipReason.CALLED_RECENTLY, f"called recently: {AT} by run a"),
    (CalledBeforeBy(AT, "a", row=2), SkipReason.CALLED_BEFORE, f"done already: {AT} by run a, row 2"),
    (ChangedSince(AT, "a", row=2), SkipReason.CHANGED, f"changed since it was called: {AT} by run a, row 2"),
    (OverDayLimit(1), SkipReason.OVER_DAY_LIMIT, "called once within 24 hours (calls_per_person_per_day)"),
    (OverDayLimit(3), SkipReason.OVER_DAY_LIMIT, "called 3 times within 24 hours (calls_per_person_per_day)"),
    (SupersededBy(AT, "a", row=2), SkipReason.SUPERSEDED, f"called since: {AT} by run a, row 2"),
    (
        CalledElsewhere("c-1", at=None, recent=False),
        SkipReason.CALLED_ELSEWHERE,
        f"called with the same words, {UNKNOWN_HERE}",
    ),
    (CalledElsewhere("c-1", at=AT, recent=True), SkipReason.CALLED_ELSEWHERE, f"called recently: {AT} {UNKNOWN_HERE}"),
    (CalledElsewhere("c-1", at=AT, recent=False), SkipReason.CALLED_ELSEWHERE, f"done already: {AT} {UNKNOWN_HERE}"),
    (Erased(), SkipReason.ERASED, "forgotten before it was called"),
    (Cancelled("closed"), SkipReason.CANCELLED, "the run was cancelled (closed)"),
)
"""As results files, `--why` and older ledgers have them: people and their scripts read them."""


@pytest.mark.parametrize(("skipped", "code", "text"), TEXTS, ids=[text for _, _, text in TEXTS])
def test_each_reason_has_the_text_that_results_have_always_shown(skipped: Skipped, code: SkipReason, text: str) -> None:
    assert (skipped.code, text_of(skipped)) == (code, text)
    contact = Contact(row=2, name="Ada", phone="+12025550101")
    assert Skip(contact, skipped).reason == ClaimRefused(skipped).reason == text


def test_no_code_is_without_a_class_a_text_and_words() -> None:
    """What a new reason needs, as the module says it."""
    assert {type(skipped) for skipped, _, _ in TEXTS} == set(get_args(Skipped))
    assert {code for _, code, _ in TEXTS} == set(SkipReason) == set(SKIP_WORDS)
    assert len(set(SKIP_WORDS.values())) == len(SKIP_WORDS)


def test_no_reason_is_known_by_how_it_begins() -> None:
    """A text is for people: what a program asks of a reason is its code."""
    asking = re.compile(r"(?:reason|why|error|text_of\(\w+\))\w*\.(?:startswith|removeprefix)\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "campaign").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if asking.search(line)
    ]
    assert not found


def test_the_text_of_a_reason_is_put_together_in_one_place() -> None:
    """A second spelling would be a second truth."""
    begun = (
        "duplicate of row ",
        "no consent (",
        "our own number",
        "on the suppression list since",
        "called recently:",
        "done already:",
        "changed since it was called:",
        "called since:",
        "forgotten before it was called",
    )
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "campaign").rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if any(f'"{words}' in line for words in begun)
    }
    assert found == {"campaign/domain/skip_reason.py", "campaign/export/skip_words.py"}
