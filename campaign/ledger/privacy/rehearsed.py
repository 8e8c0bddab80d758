"""Entries of the suppression list that calls to a stand-in asked for, from before such entries held for it alone.

Nobody asked for them: the stand-in made the wish up. A wish that came in a real call as well is none of them, nor one
that came from an address of this machine: a proxy before AICaller may be there.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlalchemy import Connection, func, select

from campaign.domain.attempt_end import RINGS_NOBODY
from campaign.domain.call_outcome import CallEnd
from campaign.ledger.privacy.forgotten import HASHED
from campaign.ledger.privacy.statements import speller
from campaign.ledger.records.suppression import EVERYWHERE
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import attempt, run, suppression

BY_OUTCOME = "outcome"
"""Source of an entry that a call's outcome made."""
ASKED = "asked not to be called, in call "
"""Before the id of that call, in the entry's reason."""


def rehearsed_entries(connection: Connection, *, key: bytes, among: Sequence[str] | None = None) -> list[int]:
    """The numbers of the active entries that only calls to a stand-in asked for; with `among`, of these hashes."""
    by_call = (
        select(suppression.c.id, suppression.c.digest)
        .join(call_outcome, call_outcome.c.call_id == func.substr(suppression.c.reason, len(ASKED) + 1))
        .join(run, run.c.id == call_outcome.c.run_id)
        .where(
            suppression.c.source == BY_OUTCOME,
            suppression.c.service == EVERYWHERE,
            suppression.c.removed_at.is_(None),
            run.c.service == RINGS_NOBODY,
        )
        .order_by(suppression.c.id)
    )
    if among is not None:
        by_call = by_call.where(suppression.c.digest.in_(among))
    entries = connection.execute(by_call).all()
    if not entries:
        return []
    real = set(_asked_in_earnest(connection, key=key))
    return [entry.id for entry in entries if entry.digest not in real]


def _asked_in_earnest(connection: Connection, *, key: bytes) -> Iterator[str]:
    """The hashes of the numbers whose real calls ended with the wish not to be called."""
    spelt = speller(key)
    wished = (
        select(attempt.c.phone)
        .join(call_outcome, (call_outcome.c.row_id == attempt.c.row_id) & (call_outcome.c.attempt == attempt.c.number))
        .where(call_outcome.c.ended_as == CallEnd.DO_NOT_CALL.value, attempt.c.service != RINGS_NOBODY)
    )
    phones = connection.execute(wished).scalars()
    yield from chain.from_iterable(
        [phone.removeprefix(HASHED)] if phone.startswith(HASHED) else spelt(phone) for phone in phones
    )
