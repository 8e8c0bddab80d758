"""What a look-up of lost answers found, for a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaign.presentation.masking import Mask
from campaign.presentation.wording import counted
from campaign.usecases.resolve import Resolved

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class LostRow:
    """A row whose answer stays lost.

    Attributes:
        why: what is known of it.
        offered: the list bears out that it was not called; where it does not, only a person can know.
        is_open: a person may say that it was not called.
    """

    number: int
    why: str
    offered: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class LostAnswers:
    """What a look-up found."""

    summary: str
    trouble: str | None
    found: Sequence[tuple[int, str]]
    rows: Sequence[LostRow]
    more: int


def lost_answers(resolved: Resolved, *, mask: Mask) -> LostAnswers:
    """The view of what a look-up found; the first rows of many."""
    settled, listed = resolved.settled, resolved.recent.listed
    rows = [LostRow(row, "called more than once, as it seems", offered=False, is_open=False) for row in settled.several]
    rows += [
        LostRow(row, f"may be another call's answer: {mask(doubt.why)}", offered=False, is_open=True)
        for row, doubt in settled.doubtful.items()
    ]
    rows += [
        LostRow(row, "not in AICaller's list, read twice: probably not called", offered=True, is_open=True)
        for row in resolved.offered
    ]
    rows += [
        LostRow(row, f"not in AICaller's list, which proves nothing: {mask(why)}", offered=False, is_open=True)
        for row, why in resolved.doubts.items()
    ]
    rows.sort(key=lambda one: one.number)
    summary = (
        f"{counted(listed.entries, 'listed call')} read: {len(settled.found)} lost answers found, "
        f"{settled.left} stay unknown."
    )
    found = [(row, by) for row, (_, by) in sorted(settled.found.items())]
    trouble = None if listed.trouble is None else mask(listed.trouble)
    return LostAnswers(summary, trouble, found[:_SHOWN], rows[:_SHOWN], more=max(0, len(rows) - _SHOWN))
