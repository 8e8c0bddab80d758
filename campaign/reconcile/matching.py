"""Matching: which listed call is the one whose answer was lost. Evidence in, verdict out; in doubt no verdict.

our reference in its variables ........ it is that call, whatever else differs
our millisecond in callDelayedUntil ... likewise, with the number
number, name, variables and time ...... likewise, where no mark says otherwise
two that fit .......................... `Several`: never the one or the other
fits only in part ..................... `PartlyMatched`: shown to a person, never taken
nothing fits .......................... `Missing`, which proves nothing: a list may lag, or be cut
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.aicaller.listed_call import ListedCall, Words, without
from campaign.domain.phone_line import line_of

EARLIER_SECONDS = 5.0
LATER_SECONDS = 120.0
"""How far a call's time may lie before the claim, and after the ending, of the sending that made it."""


@dataclass(frozen=True, slots=True)
class LostAttempt:
    """An attempt whose answer was lost.

    Attributes:
        phone: E.164.
        name: as `same_text` writes it.
        variables: as `same_words` writes them, without the reference.
        team: of the request.
        template: of the request.
        since: when it was claimed, by our clock.
        until: when it had ended, by our clock.
        delayed_until: the request's own millisecond, if it had one.
        reference_key: the variable that carries our reference, if the template names one.
        references: those that the row's sendings may bear: what was tried again kept the reference of its first try.
    """

    phone: str
    name: str
    variables: Words
    team: str
    template: str
    since: datetime
    until: datetime
    delayed_until: datetime | None = None
    reference_key: str | None = None
    references: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Echo:
    """How the list repeats known fields, learnt from calls whose ids the ledger has.

    Attributes:
        ahead: seconds by which AICaller's clock is ahead of ours.
        keeps_milliseconds: it repeats callDelayedUntil to the millisecond, so a call with another one is not ours.
        keeps_references: it repeats our reference, so a call without it is not ours.
    """

    ahead: float = 0.0
    keeps_milliseconds: bool = False
    keeps_references: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """The call of the attempt, and what identified it."""

    call: ListedCall
    by: str


@dataclass(frozen=True, slots=True)
class Several:
    """More than one call matches: a person may have been called twice."""

    call_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartlyMatched:
    """Calls that match in part, and why none was taken."""

    call_ids: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Missing:
    """No listed call matches."""


Verdict = Matched | Several | PartlyMatched | Missing
BY_REFERENCE, BY_MILLISECOND, BY_WORDS = "its reference", "its millisecond", "number, words and time"


def match(sending: LostAttempt, calls: Iterable[ListedCall], *, echo: Echo) -> Verdict:
    """The verdict on one attempt.

    Args:
        sending: ours.
        calls: the listed ones that no row has, each once.
        echo: how the list repeats what it was told.
    """
    ours = [call for call in calls if _may_be(sending, call)]
    if sending.reference_key is not None:
        marked = [call for call in ours if _values_of(call, sending.reference_key) & sending.references]
        if marked or echo.keeps_references:
            return _one_of(marked, by=BY_REFERENCE)
        # Another sending's reference: of another attempt, another row, another run.
        ours = [call for call in ours if not _values_of(call, sending.reference_key)]
    ours = [call for call in ours if call.phone is not None]
    if sending.delayed_until is not None:
        marked = [call for call in ours if call.delayed_until == sending.delayed_until]
        if others := [call for call in marked if not says_the_same(sending, call, unsaid_fits=True)]:
            return PartlyMatched(_ids(others), "it has the millisecond, and other words")
        if marked or echo.keeps_milliseconds:
            return _one_of(marked, by=BY_MILLISECOND)
    return _by_words(sending, ours, echo=echo)


def says_the_same(sending: LostAttempt, call: ListedCall, *, unsaid_fits: bool = False) -> bool:
    """Whether name and variables are equal; `unsaid_fits` ignores what the list does not say."""
    if not unsaid_fits and (call.name is None or call.variables is None):
        return False
    variables = without(call.variables, sending.reference_key)
    return call.name in (None, sending.name) and variables in (None, sending.variables)


def in_time(sending: LostAttempt, call: ListedCall, *, ahead: float) -> bool:
    """Whether the call was created while the request was in flight; a call without a time was not."""
    if call.created_at is None:
        return False
    try:
        earliest = sending.since + timedelta(seconds=ahead - EARLIER_SECONDS)
        latest = sending.until + timedelta(seconds=ahead + LATER_SECONDS)
    except OverflowError:
        return False
    return earliest <= call.created_at <= latest


def _may_be(sending: LostAttempt, call: ListedCall) -> bool:
    return (
        (call.phone is None or line_of(call.phone) == line_of(sending.phone))
        and call.team in (None, sending.team)
        and call.template in (None, sending.template)
    )


def _by_words(sending: LostAttempt, calls: Sequence[ListedCall], *, echo: Echo) -> Verdict:
    said = [call for call in calls if says_the_same(sending, call)]
    fitting = [call for call in said if in_time(sending, call, ahead=echo.ahead)]
    if fitting:
        return _one_of(fitting, by=BY_WORDS)
    if timeless := [call for call in said if call.created_at is None]:
        return PartlyMatched(_ids(timeless), "the list does not say when it was made")
    if near := [call for call in calls if in_time(sending, call, ahead=echo.ahead)]:
        return PartlyMatched(_ids(near), "made at that time to that number, with other words or none")
    return Missing()


def _one_of(calls: Sequence[ListedCall], *, by: str) -> Verdict:
    if len(calls) > 1:
        return Several(_ids(calls))
    return Matched(calls[0], by=by) if calls else Missing()


def _values_of(call: ListedCall, key: str) -> frozenset[str]:
    return frozenset(value for name, value in call.variables or () if name == key)


def _ids(calls: Sequence[ListedCall]) -> tuple[str, ...]:
    return tuple(sorted(call.call_id for call in calls))
