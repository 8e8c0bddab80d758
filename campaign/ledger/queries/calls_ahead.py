"""Queries on calls ahead: submitted calls whose callDelayedUntil has not come. The stand-in's are left out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, func, select

from campaign.domain.attempt_end import RINGS_NOBODY
from campaign.domain.instants import from_text, to_text
from campaign.domain.phone_line import line_of
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import attempt, delay, run, sheet_row

_AT_ONCE = 400
"""Numbers in one statement; each counts twice when runs were erased."""


def ahead_to(
    engine: Engine, phones: Sequence[str], *, forms: Callable[[Sequence[str]], Mapping[str, str]], at: datetime
) -> list[CallAhead]:
    """The calls ahead to these numbers, of any run; the next to ring first.

    Args:
        engine: for reading.
        phones: E.164.
        forms: maps the stored forms of erased numbers to the numbers.
        at: now.
    """
    found = list[CallAhead]()
    for first in range(0, len(phones), _AT_ONCE):
        some = phones[first : first + _AT_ONCE]
        # An opt-out is the line's: a call that was submitted in its other spelling rings the same person.
        asked = _by_line(some)
        erased = forms(some)
        with engine.connect() as connection:
            services = connection.execute(select(run.c.service).distinct()).scalars()
            real = [service for service in services if service != RINGS_NOBODY]
            rows = connection.execute(calls_ahead_to([*asked, *erased], services=real, at=at)).mappings()
            found += [
                replace(call, phone=phone) for call in _calls(rows, erased) for phone in asked[line_of(call.phone)]
            ]
    return sorted(found, key=lambda call: (call.until, call.run, call.row))


def ahead_of_run(engine: Engine, run_id: int, *, at: datetime, most: int) -> tuple[int, list[CallAhead]]:
    """(how many calls of the run are ahead, the next of them to ring)."""
    ahead = _ahead(at).where(delay.c.run_id == run_id, attempt.c.service != RINGS_NOBODY)
    with engine.connect() as connection:
        count = int(connection.execute(select(func.count()).select_from(ahead.subquery())).scalar_one())
        first = connection.execute(ahead.order_by(delay.c.until).limit(most)).mappings()
        return count, [_call(row, erased={}) for row in first]


def calls_ahead_to(forms: Sequence[str], *, services: Sequence[str], at: datetime) -> Select[Any]:
    """The statement that finds the calls ahead to lines in their stored forms; it searches an index for each."""
    return _ahead(at).where(attempt.c.service.in_(services), attempt.c.line.in_(forms))


def _ahead(at: datetime) -> Select[Any]:
    sent_with = (delay.c.row_id == attempt.c.row_id) & (delay.c.attempt == attempt.c.number)
    looked_at = (call_outcome.c.row_id == attempt.c.row_id) & (call_outcome.c.attempt == attempt.c.number)
    return (
        select(attempt.c.phone, run.c.name, sheet_row.c.number, attempt.c.call_id, delay.c.until)
        .select_from(attempt)
        .join(delay, sent_with)
        .join(run, run.c.id == attempt.c.run_id)
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .outerjoin(call_outcome, looked_at)
        # A call that was cancelled at AICaller is over before its time.
        .where(delay.c.until > to_text(at), MAY_HAVE_RUNG, call_outcome.c.final_since.is_(None))
    )


def _by_line(phones: Sequence[str]) -> Mapping[str, list[str]]:
    found = dict[str, list[str]]()
    for phone in phones:
        found.setdefault(line_of(phone), []).append(phone)
    return found


def _calls(rows: Iterable[Mapping[Any, Any]], erased: Mapping[str, str]) -> list[CallAhead]:
    return [_call(row, erased=erased) for row in rows]


def _call(row: Mapping[Any, Any], *, erased: Mapping[str, str]) -> CallAhead:
    phone = str(row["phone"])
    return CallAhead(erased.get(phone, phone), row["name"], row["number"], row["call_id"], from_text(row["until"]))
