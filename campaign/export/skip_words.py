"""Skip reasons in words for groups of rows: `3 called recently`."""

from collections.abc import Mapping

from campaign.domain.skip_reason import SkipReason

SKIP_WORDS: Mapping[SkipReason, str] = {
    SkipReason.DUPLICATE: "duplicate",
    SkipReason.NO_CONSENT: "no consent",
    SkipReason.OPTED_OUT: "opted out",
    SkipReason.MARKED: "marked as not to be called",
    SkipReason.PASSED: "speaking of a day or time that has passed",
    SkipReason.OWN_NUMBER: "our own number",
    SkipReason.SUPPRESSED: "on the suppression list",
    SkipReason.CALLED_RECENTLY: "called recently",
    SkipReason.CALLED_BEFORE: "done already",
    SkipReason.CHANGED: "changed since it was called",
    SkipReason.OVER_DAY_LIMIT: "called as often as calls_per_person_per_day allows",
    SkipReason.SUPERSEDED: "called since by another run of this template",
    SkipReason.CALLED_MEANWHILE: "called meanwhile, with the same words, by another run of this template",
    SkipReason.CALLED_ELSEWHERE: "called by a call that this ledger does not know",
    SkipReason.ERASED: "forgotten before it was called",
    SkipReason.CANCELLED: "cancelled with the run",
}
"""They are keys of the JSON of `check` as well: none is changed."""
