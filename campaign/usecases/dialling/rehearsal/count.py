"""Count of a rehearsal: what the stand-in's own record of rings says of "nobody twice, nobody forgotten"."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from campaign.config.outcome_sections import RetrySection
from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.domain.model import RowState
from campaign.domain.result_row import ResultRow
from campaign.followup.retry_rules import call_again
from campaign.sandbox.calls import Call


@dataclass(frozen=True, slots=True)
class RingCount:
    """Rows of a run beside the phones that rang.

    Attributes:
        rings: how many phones rang.
        first: when the first one did, aware; None if none did. `last` likewise.
        rows: how many rows were to be called.
        reached: how many of them rang at least once.
        twice: rows whose phone rang more often than the retry rules want, by how its calls ended.
        forgotten: rows that say that they were called, whose phone never rang; or that still wait for no reason.
        for_a_person: rows whose call may have been made, and is not found.
        statuses: how many rows stand where.
        reasons: of the rejected rows, with their number.
    """

    rings: int
    first: datetime | None
    last: datetime | None
    rows: int
    reached: int
    twice: tuple[int, ...]
    forgotten: tuple[int, ...]
    for_a_person: tuple[int, ...]
    statuses: Mapping[str, int]
    reasons: Mapping[str, int] = field(default_factory=dict)


_NOT_TO_BE_CALLED = (RowState.INVALID.shown, RowState.SKIPPED.shown)


def count_rings(
    calls: Iterable[Call],
    rows: Iterable[ResultRow],
    *,
    ended: Callable[[Call], CallOutcome | None],
    rules: RetrySection | None,
    now: datetime,
    may_wait: bool,
) -> RingCount:
    """Compares the rows with the record of rings.

    Args:
        calls: the stand-in's record, in the order in which the phones were called.
        rows: all of the run.
        ended: how a call of the record ended.
        rules: by which a phone may ring again.
        now: when all was over, aware.
        may_wait: whether rows are left on purpose, or since the run has stopped.
    """
    rang = defaultdict[str, list[Call]](list)
    ids = set[str]()
    for call in calls:
        rang[call.phone].append(call)
        ids.add(call.id)
    statuses, reasons = Counter[str](), Counter[str]()
    of_phone = defaultdict[str, list[int]](list)
    forgotten, for_a_person, reached = list[int](), list[int](), 0
    for row in rows:
        statuses[row.status] += 1
        if row.status in _NOT_TO_BE_CALLED:
            continue
        of_phone[row.phone or ""].append(row.number)
        reached += (row.phone or "") in rang
        if row.status == RowState.UNKNOWN.shown:
            for_a_person.append(row.number)
        elif row.status == RowState.REJECTED.shown:
            reasons[row.error or ""] += 1
        elif row.call_id not in ids if row.status == RowState.CREATED.shown else not may_wait:
            forgotten.append(row.number)
    twice = [
        number
        for phone, made in rang.items()
        if len(made) > 1 and len(made) > _allowed(made, rows=len(of_phone[phone]), ended=ended, rules=rules, now=now)
        for number in of_phone[phone] or [0]
    ]
    times = [max(call.created_at, call.due_at) for made in rang.values() for call in made]
    return RingCount(
        rings=len(times),
        first=datetime.fromtimestamp(min(times), UTC) if times else None,
        last=datetime.fromtimestamp(max(times), UTC) if times else None,
        rows=sum(map(len, of_phone.values())),
        reached=reached,
        twice=tuple(sorted(twice)),
        forgotten=tuple(sorted(forgotten)),
        for_a_person=tuple(sorted(for_a_person)),
        statuses=statuses,
        reasons=reasons,
    )


def _allowed(
    made: Sequence[Call],
    *,
    rows: int,
    ended: Callable[[Call], CallOutcome | None],
    rules: RetrySection | None,
    now: datetime,
) -> int:
    """How many of the calls to one number are right: one for each row of it, and those that the rules want."""
    allowed, ends = rows, Counter[CallEnd]()
    for before, call in pairwise(made):
        outcome = ended(before)
        if outcome is None or outcome.end is None:
            continue
        ends[outcome.end] += 1
        claimed_at = datetime.fromtimestamp(before.created_at, UTC)
        again = call_again(outcome, ends=ends, claimed_at=claimed_at, final_since=now, rules=rules)
        allowed += again is not None and again.timestamp() <= call.created_at
    return allowed
