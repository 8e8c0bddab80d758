"""Reasons why a run's rows were not created: one line per kind of reason, or in full."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from campaign.domain.model import RowState
from campaign.export.skip_words import SKIP_WORDS
from campaign.ledger.records.runs import SkippedRows
from campaign.presentation.masking import Mask
from campaign.usecases.reports import RunReport

_MOST_GROUPS = 20
_NO_CODE = "other"


def reason_lines(report: RunReport, *, mask: Mask, full: bool) -> Iterator[str]:
    """`skipped: 300 called recently`, most frequent of each state first; with `full` one line per text."""
    if full:
        for state, reasons in report.reasons.items():
            yield from _lines(state, reasons, mask=mask, of=report.counts[state])
        return
    for state, groups in report.groups.items():
        yield from _lines(state, groups[:_MOST_GROUPS], mask=mask, of=report.counts[state])
    yield from (f"{RowState.SKIPPED.shown}: {one.rows} {mask(_worded(one))}" for one in report.skipped)


def reasons_as_dict(report: RunReport, *, mask: Mask) -> dict[str, Any]:
    """State -> text -> rows; the same with texts in groups; and code -> skipped rows."""
    return {
        "reasons": {state.shown: _summed(reasons, mask) for state, reasons in report.reasons.items()},
        "reason_groups": {state.shown: _summed(groups, mask) for state, groups in report.groups.items()},
        "skip_reasons": {one.reason.value if one.reason else _NO_CODE: one.rows for one in report.skipped},
    }


def _lines(state: RowState, reasons: Sequence[tuple[str, int]], *, mask: Mask, of: int) -> Iterator[str]:
    yield from (f"{state.shown}: {count} {mask(reason)}" for reason, count in reasons)
    if rest := of - sum(count for _, count in reasons):
        yield f"{state.shown}: {rest} for other reasons"


def _worded(skipped: SkippedRows) -> str:
    if skipped.text is not None:
        return skipped.text
    return "for other reasons" if skipped.reason is None else SKIP_WORDS[skipped.reason]


def _summed(reasons: Iterable[tuple[str, int]], mask: Mask) -> dict[str, int]:
    # Two that differ only in a number are one when it is masked.
    summed = Counter[str]()
    for reason, count in reasons:
        summed[mask(reason)] += count
    return dict(summed)
