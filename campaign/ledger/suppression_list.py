"""The suppression list: who is not to be called, by any run at any service.

Numbers are kept as keyed hashes, with their last digits for people to tell them apart. A number that is on the list
when a call is about to be promised is not called: that is the claim's own condition, in `writes.claims`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine

from campaign.domain.instants import to_text
from campaign.ledger.port.lists import SuppressionList
from campaign.ledger.privacy.erasure import anybody_forgotten, hashed, keyed
from campaign.ledger.privacy.key import digester, ready_key, trusted_key
from campaign.ledger.privacy.statements import (
    add_to_list,
    is_anybody_on_list,
    latest_entries,
    of_those_on_list,
    take_off_list,
)
from campaign.ledger.records.suppression import Suppressed
from campaign.ledger.writes.group_commit import Writer


class HashedSuppressionList(SuppressionList):
    """The list of one ledger. Whatever is given back was committed before."""

    def __init__(self, home: Path, *, writer: Writer, reading: Engine, now: Callable[[], datetime]) -> None:
        self._home, self._writer, self._reading, self._now = home, writer, reading, now

    def add(self, phones: Sequence[str], *, reason: str, source: str) -> list[bool]:
        """Puts numbers (E.164, at most a thousand) on the list; for each whether it is new there.

        Raises:
            LedgerError: it is not written, or the list's key is not there; none of them is on the list.
        """
        at = to_text(self._now())

        def work(connection: Connection) -> list[bool]:
            key = ready_key(connection, self._home)
            return add_to_list(connection, phones, key=key, at=at, reason=reason, source=source)

        return self._writer.do(work)

    def remove(self, phone: str, *, reason: str) -> bool:
        """Takes a number off the list; whether it was on it.

        Raises:
            LedgerError: it is not written, or the list's key is not there.
        """
        at = to_text(self._now())

        def work(connection: Connection) -> bool:
            key = ready_key(connection, self._home)
            return take_off_list(connection, phone, key=key, at=at, reason=reason)

        return self._writer.do(work)

    def of(self, phones: Sequence[str]) -> Mapping[str, Suppressed]:
        """Of these numbers (at most a thousand), those on the list.

        Raises:
            LedgerError: the list's key is not there.
        """
        with self._reading.connect() as connection:
            if not phones or not is_anybody_on_list(connection):
                return {}
            key = trusted_key(connection, self._home)
            return of_those_on_list(connection, phones, key=key) if key is not None else {}

    def entries(self, *, most: int | None = None, removed: bool = False) -> list[Suppressed]:
        """The newest entries, oldest first; with `removed` also those that were taken off again."""
        with self._reading.connect() as connection:
            return latest_entries(connection, most=most, removed=removed)

    def forgotten_forms(self, phones: Sequence[str]) -> Mapping[str, str]:
        """What stands in the ledger where one of these numbers was forgotten -> the number."""
        key = self._known_key()
        return {} if key is None else {hashed(phone, key=key): phone for phone in phones}

    def words_hasher(self) -> Callable[[str], str] | None:
        """What a forgotten call's words are compared by; None when none was forgotten that could be known again."""
        key = self._known_key()
        return None if key is None else partial(keyed, key=key)

    def _known_key(self) -> bytes | None:
        if not anybody_forgotten(self._reading):
            return None
        with self._reading.connect() as connection:
            return trusted_key(connection, self._home)

    def hasher(self) -> Callable[[str], str]:
        """What a claim compares a number by. The key is made by now, so that numbers added later are known as well.

        Raises:
            LedgerError: the list's key is not there, and nobody may be called.
        """
        key = self._writer.do(lambda connection: ready_key(connection, self._home))
        return digester(key)
