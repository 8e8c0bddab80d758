"""Preflight rules: whether a waiting row was called already by a more complete ledger. Evidence in, verdict out.

A ledger that was restored from a backup, or copied, has forgotten calls; so has a new one, on a second machine. Only
calls that the ledger does not know are considered, and they only hold back waiting rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.aicaller.listed_call import ListedCall, Words, without
from campaign.domain.instants import to_text
from campaign.domain.skip_reason import CalledElsewhere
from campaign.reconcile.matching import BY_REFERENCE, EARLIER_SECONDS, Several


@dataclass(frozen=True, slots=True)
class RowToCall:
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
class AlreadyMade:
    """This row's call was made already, and what identified it."""

    call: ListedCall
    by: str


WaitingVerdict = AlreadyMade | Several | CalledElsewhere | None
"""The reason against calling a waiting row; None for none."""


def judge_waiting(
    row: RowToCall, calls: Sequence[ListedCall], *, ahead: float, recently: datetime, ever: bool
) -> WaitingVerdict:
    """The reason against calling a row now; None when there is none.

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
        return AlreadyMade(
            mine[0], by=BY_REFERENCE if _has_reference(row, mine[0]) else "number and words, since the run began"
        )
    same = [call for call in calls if _says(row, call)]
    for call in calls:
        # Without a time it may have been made just now.
        if call.created_at is None and call in same:
            return CalledElsewhere(call.call_id, at=None, recent=False)
        if call.created_at is not None and call.created_at - timedelta(seconds=ahead) > recently:
            return CalledElsewhere(call.call_id, at=to_text(call.created_at), recent=True)
    dated = [call.created_at for call in same if call.created_at is not None]
    if ever and dated:
        return CalledElsewhere(same[0].call_id, at=to_text(dated[0]), recent=False)
    return None


def _is_of(row: RowToCall, call: ListedCall, *, ahead: float) -> bool:
    if _has_reference(row, call):
        return True
    if call.created_at is None or not _says(row, call):
        return False
    return call.created_at - timedelta(seconds=ahead - EARLIER_SECONDS) >= row.begun


def _has_reference(row: RowToCall, call: ListedCall) -> bool:
    return any(key == row.reference_key and value in row.references for key, value in call.variables or ())


def _says(row: RowToCall, call: ListedCall) -> bool:
    return (call.name, without(call.variables, row.reference_key)) == (row.name, row.variables)
