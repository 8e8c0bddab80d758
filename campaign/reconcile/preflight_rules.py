"""Whether a row that waits was called after all, by a ledger that knew more than this one: evidence in, verdict out.

A ledger that was restored from a backup, or copied, has forgotten calls; so has a new one, on a second machine. Only
calls that the ledger does not know are asked about, and only a row that waits is kept back by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.aicaller.listed_call import ListedCall, Words, without
from campaign.reconcile.matching import BY_REFERENCE, EARLIER_SECONDS, Several

_UNKNOWN = "by a call that this ledger does not know:"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that is about to be called.

    Attributes:
        phone: E.164.
        name: as `same_text` writes it.
        variables: as `same_words` writes them, without the reference.
        begun: when its run began, by our clock.
        reference_key: the variable that holds the reference, if the template names one.
        references: those that this row's sendings may bear.
    """

    phone: str
    name: str
    variables: Words
    begun: datetime
    reference_key: str | None = None
    references: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Made:
    """This row's call was made already, and by what it was recognised."""

    call: ListedCall
    by: str


@dataclass(frozen=True, slots=True)
class CalledBefore:
    """The person was called by somebody else than this run; `why` says it as the results show it."""

    call: ListedCall
    why: str


def judge_waiting(
    row: Waiting, calls: Sequence[ListedCall], *, ahead: float, recently: datetime, ever: bool
) -> Made | Several | CalledBefore | None:
    """What speaks against calling a row now; None when nothing does.

    Args:
        row: ours.
        calls: to its number, those listed that the ledger does not know, each once.
        ahead: seconds by which AICaller's clock is ahead of ours.
        recently: a number that was called since, whatever was said, is not called.
        ever: a call with the same words counts whenever it was made, not only since the run began.
    """
    mine = [call for call in calls if _is_of(row, call, ahead=ahead)]
    if len(mine) > 1:
        return Several(tuple(sorted(call.call_id for call in mine)))
    if mine:
        return Made(
            mine[0], by=BY_REFERENCE if _has_reference(row, mine[0]) else "number and words, since the run began"
        )
    same = [call for call in calls if _says(row, call)]
    for call in calls:
        # Without a time it may have been made just now.
        if call.created_at is None and call in same:
            return CalledBefore(call, why=f"called with the same words, {_UNKNOWN} {call.call_id}")
        if call.created_at is not None and call.created_at - timedelta(seconds=ahead) > recently:
            return CalledBefore(call, why=f"called recently: {_time(call.created_at)} {_UNKNOWN} {call.call_id}")
    dated = [call.created_at for call in same if call.created_at is not None]
    if ever and dated:
        return CalledBefore(same[0], why=f"done already: {_time(dated[0])} {_UNKNOWN} {same[0].call_id}")
    return None


def _is_of(row: Waiting, call: ListedCall, *, ahead: float) -> bool:
    if _has_reference(row, call):
        return True
    if call.created_at is None or not _says(row, call):
        return False
    return call.created_at - timedelta(seconds=ahead - EARLIER_SECONDS) >= row.begun


def _has_reference(row: Waiting, call: ListedCall) -> bool:
    return any(key == row.reference_key and value in row.references for key, value in call.variables or ())


def _says(row: Waiting, call: ListedCall) -> bool:
    return (call.name, without(call.variables, row.reference_key)) == (row.name, row.variables)


def _time(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
