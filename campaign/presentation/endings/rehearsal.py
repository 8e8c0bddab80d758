"""Wording of a rehearsal: when the last phone would ring, what was called again, and what a person would have to do."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.presentation.outcomes import tally
from campaign.presentation.wording import counted, lasting, local_time
from campaign.usecases.dialling.rehearsal.rehearse import Performance

_ROWS_SHOWN = 20


def day_line(now: datetime, *, rings: int) -> str:
    """One line for each day of the rehearsal's clock."""
    return f"rehearsal: {local_time(now)}, {counted(rings, 'call')} so far"


def rehearsal_lines(performed: Performance, *, stopped: bool) -> Iterator[str]:
    """What happened, most important first; `stopped` says that a person ended it before its end."""
    count = performed.count
    if stopped:
        yield "the rehearsal was stopped before its end; so far:"
    yield f"{len(count.twice)} called twice, {len(count.forgotten)} forgotten, by the stand-in's own record of rings"
    if count.last is None or count.first is None:
        yield "no phone would ring"
    else:
        lasted = lasting((count.last - performed.began).total_seconds())
        yield f"the last phone would ring {local_time(count.last)}, {lasted} from now"
        yield f"the first phone would ring {local_time(count.first)}"
    again = sum(performed.retried.values())
    yield f"{counted(count.rings, 'call')} to {count.reached} of {counted(count.rows, 'row')}"
    if again:
        yield f"{again} of these again, by how the call before had ended: {tally(Counter(performed.retried))}"
    if refused := sum(performed.refused.values()):
        yield f"{counted(refused, 'request')} refused for now, and sent again"
    if performed.outlook.forecast.last is not None and again:
        yield f"without retries the last phone would ring {local_time(performed.outlook.forecast.last)}"
    yield from _left(performed)
    for what, rows in (("called twice", count.twice), ("forgotten", count.forgotten)):
        if rows:
            yield f"{what}: rows {_rows(rows)}"
    yield "nobody was called, and nothing of this is kept"


def rehearsal_as_dict(performed: Performance, *, code: int, stopped: bool) -> dict[str, object]:
    """The same as JSON values; instants are UTC."""
    count, forecast = performed.count, performed.outlook.forecast
    return {
        "began": to_text(performed.began),
        "first_ring": _text(count.first),
        "last_ring": _text(count.last),
        "last_first_call_forecast": _text(forecast.last),
        "ended": to_text(performed.ended),
        "rows": count.rows,
        "rows_reached": count.reached,
        "calls": count.rings,
        "retries": {end.value: calls for end, calls in performed.retried.items()},
        "refused_for_now": {cause.value: tries for cause, tries in performed.refused.items() if tries},
        "called_twice": list(count.twice),
        "forgotten": list(count.forgotten),
        "for_a_person": list(count.for_a_person),
        "counts": dict(count.statuses),
        "rejected_reasons": dict(count.reasons),
        "pending": performed.left,
        "stopped": performed.stop.why if performed.stop else "by a person" if stopped else None,
        "exit_code": code,
    }


def _left(performed: Performance) -> Iterator[str]:
    """What a person would have to see to."""
    count = performed.count
    if performed.stop is not None:
        yield f"the run would stop itself: {performed.stop.why}"
    if performed.left:
        yield f"{counted(performed.left, 'row')} would be left pending"
    if count.for_a_person:
        yield (
            f"{counted(len(count.for_a_person), 'row')} would wait for a person: their answer was lost, and no list "
            f"has their call (rows {_rows(count.for_a_person)})"
        )
    for reason, rows in sorted(count.reasons.items(), key=lambda one: -one[1]):
        yield f"{counted(rows, 'row')} rejected: {reason}"
    for status in (RowState.INVALID.shown, RowState.SKIPPED.shown):
        if rows := count.statuses.get(status, 0):
            yield f"{counted(rows, 'row')} {status}"


def _rows(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_ROWS_SHOWN])
    return f"{shown}, ..." if len(numbers) > _ROWS_SHOWN else shown


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else to_text(instant)
