"""Statements of the suppression list, for a connection in the caller's transaction.

`add_to_list` adds an opt-out in the transaction that stores the outcome which carries it.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, insert, select, update

from campaign.domain.phone_line import spellings_of
from campaign.ledger.privacy.key import digester
from campaign.ledger.records.suppression import EVERYWHERE, LONGEST_REASON, ListPage, Suppressed
from campaign.ledger.schema.tables import suppression
from campaign.ledger.schema.text import storable

_DIGITS_KEPT = 4
_AFTER_ALL = 2**63 - 1


def add_to_list(
    connection: Connection, phones: Sequence[str], *, key: bytes, at: str, reason: str, source: str, service: str
) -> list[bool]:
    """Adds numbers (E.164) to the list; returns for each whether it is new there, in any spelling of its line.

    Args:
        connection: in a transaction that writes.
        phones: at most a thousand.
        key: from `ready_key`.
        at: now, as the ledger writes instants.
        reason: cut to 200 characters.
        source: who adds them.
        service: the only one whose calls they prevent; empty for all.
    """
    digests = list(map(speller(key), phones))
    known = set(_entries_by_digest(connection, list(chain(*digests)), service=service))
    rows, new = list[dict[str, str]](), list[bool]()
    for phone, spelt in zip(phones, digests, strict=True):
        new.append(known.isdisjoint(spelt))
        if new[-1]:
            known.add(spelt[0])
            rows.append({"digest": spelt[0], "last_digits": phone[-_DIGITS_KEPT:]})
    if rows:
        shared = {
            "added_at": at,
            "reason": storable(reason)[:LONGEST_REASON],
            "source": storable(source),
            "service": service,
        }
        connection.execute(insert(suppression).values(**shared), rows)
    return new


def take_off_list(connection: Connection, phone: str, *, key: bytes, at: str, reason: str) -> bool:
    """Removes a number's line from the list; returns whether it was on it. The entry stays in the history."""
    removed = connection.execute(
        update(suppression)
        .where(suppression.c.digest.in_(spelt_digests(phone, key=key)), suppression.c.removed_at.is_(None))
        .values(removed_at=at, removed_reason=storable(reason)[:LONGEST_REASON])
    )
    return removed.rowcount > 0


def take_entries_off(connection: Connection, entries: Sequence[int], *, at: str, reason: str) -> None:
    """Removes active entries by their numbers; they stay in the history."""
    connection.execute(
        update(suppression)
        .where(suppression.c.id.in_(entries), suppression.c.removed_at.is_(None))
        .values(removed_at=at, removed_reason=storable(reason)[:LONGEST_REASON])
    )


def entries_ending(connection: Connection, last_digits: str) -> list[int]:
    """The numbers of the active entries with these last digits."""
    found = select(suppression.c.id).where(suppression.c.last_digits == last_digits, suppression.c.removed_at.is_(None))
    return list(connection.execute(found).scalars())


def of_those_on_list(
    connection: Connection, phones: Sequence[str], *, key: bytes, service: str
) -> Mapping[str, Suppressed]:
    """Those of these numbers (at most 1000) that are on the list at that service, in any spelling of their line."""
    digests = dict(zip(phones, map(speller(key), phones), strict=True))
    found = _entries_by_digest(connection, list(chain(*digests.values())), service=service)
    return {phone: found[one] for phone, spelt in digests.items() for one in spelt if one in found}


def entry_of_digest(connection: Connection, digest: str, *, service: str) -> Suppressed | None:
    """The active entry of a number that holds at that service; None if there is none."""
    return _entries_by_digest(connection, [digest], service=service).get(digest)


def is_anybody_on_list(connection: Connection) -> bool:
    """Whether the list has active entries."""
    return bool(connection.execute(select(exists(select(1).where(suppression.c.removed_at.is_(None))))).scalar())


def latest_entries(connection: Connection, *, most: int | None, removed: bool) -> list[Suppressed]:
    """The newest entries, oldest first; `removed` also includes entries that were removed since."""
    statement: Select[Any] = select(suppression).order_by(suppression.c.id.desc()).limit(most)
    if not removed:
        statement = statement.where(suppression.c.removed_at.is_(None))
    return [_entry(row) for row in reversed(connection.execute(statement).all())]


def entries_before(connection: Connection, before: int | None, *, limit: int, removed: bool) -> ListPage:
    """The newest entries, or those before the entry of that number; newest first."""
    # Always from a number on: the page is found in the order of the table.
    earlier = suppression.c.id < (_AFTER_ALL if before is None else before)
    # One more tells whether there is a next page.
    statement: Select[Any] = select(suppression).where(earlier).order_by(suppression.c.id.desc()).limit(limit + 1)
    if not removed:
        statement = statement.where(suppression.c.removed_at.is_(None))
    found = connection.execute(statement).all()
    shown = found[:limit]
    return ListPage(tuple(map(_entry, shown)), shown[-1].id if len(found) > limit else None)


def _entries_by_digest(connection: Connection, digests: Sequence[str], *, service: str) -> Mapping[str, Suppressed]:
    statement = select(suppression).where(
        suppression.c.digest.in_(digests),
        suppression.c.removed_at.is_(None),
        suppression.c.service.in_([EVERYWHERE, service]),
    )
    return {row.digest: _entry(row) for row in connection.execute(statement)}


def spelt_digests(phone: str, *, key: bytes) -> list[str]:
    """The hashes of a number (E.164) in the spellings of its line, its own first."""
    return speller(key)(phone)


def speller(key: bytes) -> Callable[[str], list[str]]:
    """Returns `spelt_digests` under one key, for many numbers."""
    digest = digester(key)
    return lambda phone: [digest(one) for one in spellings_of(phone)]


def _entry(row: Row[Any]) -> Suppressed:
    return Suppressed(
        row.last_digits,
        row.added_at,
        row.reason,
        row.source,
        row.removed_at,
        row.removed_reason,
        service=row.service,
    )
