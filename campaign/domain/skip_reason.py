"""Skip reasons: why a row that could be called is left out, as a code to count by, details, and text for the results.

    SkipReason        the code; what the ledger keeps and counts
    Skipped           one class for each reason, with its details and its code
    text_of(skipped)  the row's reason in the ledger and the results; put together nowhere else

A new reason is a code, a class and a case of `text_of` here, the place that decides it, and a line in
`export/skip_words.py`. The ledger's schema does not list the codes, so it stays as it is.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, assert_never


class SkipReason(StrEnum):
    """The codes under which skipped rows are stored and counted. Ledgers contain them: never rename one."""

    DUPLICATE = "duplicate"
    """An earlier row of the sheet is called on the same number."""
    NO_CONSENT = "no_consent"
    """The row says no, or another one says no for the same number."""
    OPTED_OUT = "opted_out"
    """The row says, in a column of its own, that its person is not to be called."""
    MARKED = "marked"
    """A remark in its name or notes says that its person is not to be called, and its owner said to leave it out."""
    PASSED = "passed"
    """It speaks of a day or time that lies before now, and its owner said to leave such rows out."""
    LEFT_OUT = "left_out"
    """Its owner said of this very row that it is not to be called."""
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
    CALLED_MEANWHILE = "called_meanwhile"
    """Another run of this template called the number with the same words after this run was loaded."""
    ERASED = "erased"
    """Its person was erased before the call."""
    CANCELLED = "cancelled"
    """A person has ended the run before the call."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The earlier row with the same number; `same_name`: both rows name the same person.

    `line`: the number of that row, where it is another spelling of the same line.
    """

    code: ClassVar = SkipReason.DUPLICATE
    row: int
    same_name: bool = True
    line: str = ""


@dataclass(frozen=True, slots=True)
class NoConsent:
    """The row's own cell refuses consent: the column's name, and the cell as it can be shown."""

    code: ClassVar = SkipReason.NO_CONSENT
    column: str
    says: str


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    """Another row refuses consent for the same number; `place` says where it is if not in the same sheet."""

    code: ClassVar = SkipReason.NO_CONSENT
    row: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class OptedOut:
    """The row's own cell says that its person is not to be called: the column's name, and the cell as can be shown."""

    code: ClassVar = SkipReason.OPTED_OUT
    column: str
    says: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The remark, and the name of its column."""

    code: ClassVar = SkipReason.MARKED
    column: str
    mark: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The day or time that has passed, as the row has it, and the name of its column."""

    code: ClassVar = SkipReason.PASSED
    column: str
    says: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """See `SkipReason.LEFT_OUT`."""

    code: ClassVar = SkipReason.LEFT_OUT


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """See `SkipReason.OWN_NUMBER`."""

    code: ClassVar = SkipReason.OWN_NUMBER


@dataclass(frozen=True, slots=True)
class OnSuppressionList:
    """The entry of the suppression list: when it was made (UTC text), and its note, which may be empty."""

    code: ClassVar = SkipReason.SUPPRESSED
    added_at: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class CalledRecentlyBy:
    """The recent call: when it was claimed (UTC text), its run, and its row where that is known.

    `line`: the number that was called, where it is another spelling of the same line.
    """

    code: ClassVar = SkipReason.CALLED_RECENTLY
    at: str
    run: str
    row: int | None
    line: str = ""


@dataclass(frozen=True, slots=True)
class CalledBeforeBy:
    """The earlier call with the same words; fields as in `CalledRecentlyBy`."""

    code: ClassVar = SkipReason.CALLED_BEFORE
    at: str
    run: str
    row: int
    line: str = ""


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """The earlier call with other words; fields as in `CalledRecentlyBy`."""

    code: ClassVar = SkipReason.CHANGED
    at: str
    run: str
    row: int


@dataclass(frozen=True, slots=True)
class OverDayLimit:
    """The number of calls that the number had within 24 hours."""

    code: ClassVar = SkipReason.OVER_DAY_LIMIT
    calls: int


@dataclass(frozen=True, slots=True)
class SupersededBy:
    """The call of the later run; fields as in `CalledRecentlyBy`."""

    code: ClassVar = SkipReason.SUPERSEDED
    at: str
    run: str
    row: int


@dataclass(frozen=True, slots=True)
class CalledMeanwhile:
    """The call of the run beside this one; fields as in `CalledRecentlyBy`."""

    code: ClassVar = SkipReason.CALLED_MEANWHILE
    at: str
    run: str
    row: int
    line: str = ""


@dataclass(frozen=True, slots=True)
class CalledElsewhere:
    """A call that AICaller lists and this ledger does not know.

    Attributes:
        call_id: AICaller's.
        at: when it was made (UTC text), where the list has it; without it the call had the same words.
        recent: whether it counts because it is recent, with any words; else it had the same words.
    """

    code: ClassVar = SkipReason.CALLED_ELSEWHERE
    call_id: str
    at: str | None
    recent: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """See `SkipReason.ERASED`."""

    code: ClassVar = SkipReason.ERASED


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Why the run was ended, in a person's words."""

    code: ClassVar = SkipReason.CANCELLED
    words: str


Skipped = (
    Duplicate
    | NoConsent
    | ConsentRefused
    | OptedOut
    | Marked
    | Passed
    | LeftOut
    | OwnNumber
    | OnSuppressionList
    | CalledRecentlyBy
    | CalledBeforeBy
    | ChangedSince
    | OverDayLimit
    | SupersededBy
    | CalledMeanwhile
    | CalledElsewhere
    | Erased
    | Cancelled
)


def text_of(skipped: Skipped) -> str:  # noqa: C901, PLR0911, PLR0912 - one case for each reason, and no other logic
    """The reason as text: stored in the ledger, shown in results, row history and status."""
    match skipped:
        case Duplicate(row, same_name, line):
            return f"duplicate of row {row}" + ("" if same_name else ", there under another name") + _same(line)
        case NoConsent(column, says):
            return f"no consent (column {column!r}: {says!r})"
        case ConsentRefused(row, place):
            return f"no consent (row {row}{f' of {place}' if place else ''} says no for the same number)"
        case OptedOut(column, says):
            return f"opted out (column {column!r}: {says!r})"
        case Marked(column, mark):
            return f"marked as not to be called (column {column!r}: {mark!r})"
        case Passed(column, says):
            return f"has passed (column {column!r}: {says!r})"
        case LeftOut():
            return "left out by its owner"
        case OwnNumber():
            return "our own number"
        case OnSuppressionList(added_at, words):
            return f"on the suppression list since {added_at[:10]}" + (f" ({words})" if words else "")
        case CalledRecentlyBy(at, run, row, line):
            return f"called recently: {at} by run {run}" + (f", row {row}" if row is not None else "") + _same(line)
        case CalledBeforeBy(at, run, row, line):
            return f"done already: {at} by run {run}, row {row}" + _same(line)
        case ChangedSince(at, run, row):
            return f"changed since it was called: {at} by run {run}, row {row}"
        case OverDayLimit(calls):
            times = "once" if calls == 1 else f"{calls} times"
            return f"called {times} within 24 hours (calls_per_person_per_day)"
        case SupersededBy(at, run, row):
            return f"called since: {at} by run {run}, row {row}"
        case CalledMeanwhile(at, run, row, line):
            return f"called meanwhile: {at} by run {run}, row {row}, with the same words" + _same(line)
        case CalledElsewhere(call_id, at, recent):
            dated = "called recently" if recent else "done already"
            how = "called with the same words," if at is None else f"{dated}: {at}"
            return f"{how} by a call that this ledger does not know: {call_id}"
        case Erased():
            return "forgotten before it was called"
        case Cancelled(words):
            return f"the run was cancelled ({words})"
        case _:
            assert_never(skipped)


def first_of_duplicate(text: str) -> int | None:
    """The row that is called in place of a duplicate, from the text that `text_of` has made; None for another text."""
    found = re.match(r"duplicate of row (\d+)", text)
    return int(found[1]) if found else None


def _same(line: str) -> str:
    return f" (same line as {line})" if line else ""
