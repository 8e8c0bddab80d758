"""Queries on earlier calls under the same template, with which a sheet that is loaded again is compared."""

import json
from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter

from sqlalchemy import Engine, and_, exists, func, select

from campaign.domain.phone_line import line_of
from campaign.ledger.records.earlier_calls import EarlierCall, said_to
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.tables import attempt, run, sheet_row


def anybody_called(engine: Engine, *, service: str, template_fingerprint: str) -> bool:
    """Whether any run of this service and template has made a call."""
    called = exists(
        select(1)
        .where(attempt.c.run_id == run.c.id, MAY_HAVE_RUNG)
        .with_hint(attempt, "INDEXED BY attempt_by_time", "sqlite")
    )
    under = select(run.c.id).where(run.c.service == service, run.c.template_fingerprint == template_fingerprint, called)
    with engine.connect() as connection:
        return connection.execute(under.limit(1)).first() is not None


def earlier_calls(
    engine: Engine, phones: Sequence[str], *, service: str, template_fingerprint: str
) -> list[EarlierCall]:
    """The calls to these numbers by any run of this service and template, oldest first.

    Calls to the other spelling of a number's line are calls to the number.
    """
    asked = defaultdict[str, list[str]](list)
    for phone in phones:
        asked[line_of(phone)].append(phone)
    statement = (
        select(
            attempt.c.line,
            attempt.c.phone.label("called"),
            attempt.c.claimed_at,
            run.c.id.label("run_id"),
            run.c.name,
            sheet_row.c.id.label("row_id"),
            sheet_row.c.number,
            sheet_row.c.contact,
        )
        .join(run, run.c.id == attempt.c.run_id)
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .where(
            and_(attempt.c.service == service, attempt.c.line.in_(asked.keys())),
            run.c.template_fingerprint == template_fingerprint,
            MAY_HAVE_RUNG,
        )
    )
    with engine.connect() as connection:
        found = sorted(connection.execute(statement), key=attrgetter("claimed_at"))
    return [
        EarlierCall(
            phone,
            row.claimed_at,
            row.run_id,
            row.name,
            row.row_id,
            row.number,
            said_of(row.contact),
            line="" if row.called == phone else row.called,
        )
        for row in found
        for phone in asked[row.line]
    ]


def count_called(engine: Engine, run_id: int) -> int:
    """Counts the rows of a run that were called, or may have been."""
    statement = select(func.count(attempt.c.row_id.distinct())).where(attempt.c.run_id == run_id, MAY_HAVE_RUNG)
    with engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def said_of(contact: str) -> str:
    """The content of a call to a row of the ledger; of an erased row, its keyed hash."""
    kept = json.loads(contact)
    if "said" in kept:
        return str(kept["said"])
    return said_to(kept["name"], kept["email"], kept["variables"])
