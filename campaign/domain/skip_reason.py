"""Why a row that could be called is not."""

from enum import StrEnum


class SkipReason(StrEnum):
    """The codes under which skipped rows are kept and counted. They are in ledgers: none is ever renamed."""

    DUPLICATE = "duplicate"
    """An earlier row of the sheet is called on the same number."""
    NO_CONSENT = "no_consent"
    """The row says no, or another one says no for the same number."""
    OWN_NUMBER = "own_number"
    """The number that the calls are made from."""
    SUPPRESSED = "suppressed"
    """The number is on the suppression list."""
    CALLED_RECENTLY = "called_recently"
    """Another row's call to the number is not older than `call_again_after`."""
    CALLED_BEFORE = "called_before"
    """It was called with the same words by an earlier run of this template."""
    CHANGED = "changed"
    """It was called with other words, and a person said to leave such rows out."""
    OVER_DAY_LIMIT = "over_day_limit"
    """The number was called as often as `calls_per_person_per_day` allows."""
    SUPERSEDED = "superseded"
    """A later run of this template called the number since this run began."""
    CALLED_ELSEWHERE = "called_elsewhere"
    """AICaller lists a call to the number that this ledger does not know."""
    ERASED = "erased"
    """Its person was erased before the call."""
