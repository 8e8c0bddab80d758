"""Tally: counts of a run's rows, updated as rows stream by; ten million rows never stand in memory."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from campaign.domain.call_outcome import CallEnd
from campaign.domain.model import RowState
from campaign.domain.result_row import ResultRow
from campaign.export.columns import shown_outcome
from campaign.export.printable import group_of, visible
from campaign.export.skip_words import SKIP_WORDS

STATUSES = ("created", "rejected", "unknown", "pending", "invalid", "skipped")
MOST_LISTED = 200
_MOST_SECONDS = 2_000
_MOST_REASONS = 5_000
_TO_MINUTE, _TO_SECOND = 16, 19
_SENT = frozenset({"created", "rejected", "unknown"})
_BY_HAND = (RowState.REJECTED.value, RowState.UNKNOWN.value, RowState.INVALID.value)
_NOT_REACHED = (CallEnd.NO_ANSWER, CallEnd.BUSY, CallEnd.VOICEMAIL, CallEnd.IVR, CallEnd.FAILED, CallEnd.CANCELLED)
_FAILED = (RowState.REJECTED.value, RowState.UNKNOWN.value)


@dataclass(slots=True)
class Tally:
    """The counts of a run.

    Attributes:
        statuses: status -> rows.
        reasons: (status, reason without what differs from row to row) -> rows.
        by_minute: (`YYYY-MM-DDTHH:MM`, status) -> rows sent then.
        by_second: the same by seconds, while there are few enough of them; else empty.
        outcomes: outcome of the call -> rows.
        calls: (number, instant, outcome) of each call where these are known.
        failed: rows that a person may want to look at, the first of them.
        by_hand: rows whose people were not reached and will not be called any more by themselves, the first of them.
        by_hand_in_all: how many there are.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_minute: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_second: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    failed: list[ResultRow] = field(default_factory=list)
    by_hand: list[ResultRow] = field(default_factory=list)
    by_hand_in_all: int = 0
    _seconds_kept: bool = True

    @property
    def rows(self) -> int:
        """The number of all rows."""
        return self.statuses.total()

    def counting(self, rows: Iterable[ResultRow], *, columns: Sequence[str]) -> Iterator[ResultRow]:
        """Yields the rows unchanged, and counts them."""
        for row in rows:
            self.add(row, columns=columns)
            yield row

    def add(self, row: ResultRow, *, columns: Sequence[str]) -> None:
        """Counts a row."""
        self.statuses[row.status] += 1
        if reason := _reason_of(row):
            key = row.status, reason
            if key in self.reasons or len(self.reasons) < _MOST_REASONS:
                self.reasons[key] += 1
        if row.status in _FAILED and len(self.failed) < MOST_LISTED:
            self.failed.append(row)
        if _is_by_hand(row):
            self.by_hand_in_all += 1
            if len(self.by_hand) < MOST_LISTED:
                self.by_hand.append(row)
        if row.submitted_at and row.status in _SENT:
            self._sent(row.submitted_at, row.status)
        if outcome := outcome_of(row, columns=columns):
            self.outcomes[outcome] += 1

    def reasons_of(self, status: str) -> list[tuple[str, int]]:
        """The reasons of one status, most frequent first."""
        found = [(reason, count) for (of, reason), count in self.reasons.items() if of == status]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def _sent(self, at: str, status: str) -> None:
        self.by_minute[at[:_TO_MINUTE], status] += 1
        if not self._seconds_kept:
            return
        self.by_second[at[:_TO_SECOND], status] += 1
        if len(self.by_second) > _MOST_SECONDS:
            self.by_second.clear()
            self._seconds_kept = False


def _reason_of(row: ResultRow) -> str | None:
    if row.skip_reason is not None:
        return SKIP_WORDS[row.skip_reason]
    return visible(group_of(row.error)) if row.error else None


def _is_by_hand(row: ResultRow) -> bool:
    """Whether only a person can reach this one: cannot be called as it is, was refused, is lost, or did not answer."""
    if row.status in _BY_HAND:
        return True
    return row.status == RowState.CREATED.value and row.outcome is not None and row.outcome.end in _NOT_REACHED


def outcome_of(row: ResultRow, *, columns: Sequence[str]) -> str | None:
    """The outcome of the row's call, as the results' code, where it is known."""
    if "_outcome" not in columns:
        return None
    return shown_outcome(row.outcome)
