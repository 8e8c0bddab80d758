"""The suppression list of one ledger: numbers that no run at any service may call.

Numbers are kept as keyed hashes, with their last digits to tell them apart. A number that is on the list
when a call is about to be claimed is not called: that is the claim's own condition, in `writes.claims`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection

from campaign.domain.instants import to_text
from campaign.ledger.database.protocol import Database
from campaign.ledger.port.lists import SuppressionList
from campaign.ledger.privacy.key import digester, ready_key
from campaign.ledger.privacy.rehearsed import rehearsed_entries
from campaign.ledger.privacy.statements import (
    add_to_list,
    entries_ending,
    speller,
    take_entries_off,
    take_off_list,
)
from campaign.ledger.privacy.suppression_reader import HashedSuppressionReader
from campaign.ledger.records.suppression import EVERYWHERE
from campaign.ledger.writes.group_commit import Writer


class HashedSuppressionList(HashedSuppressionReader, SuppressionList):
    """Adds to and removes from the list of one ledger. Every method returns after its commit."""

    def __init__(
        self,
        home: Path,
        *,
        writer: Writer,
        database: Database,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(home, reading=database.reading)
        self._writer, self._now, self._database = writer, now, database

    def add(self, phones: Sequence[str], *, reason: str, source: str) -> list[bool]:
        """Adds numbers (E.164, at most 1000) to the list; returns for each whether it is new there.

        Raises:
            LedgerError: it is not written, or the list's key is missing: none of them is on the list; or it cannot be
                read back.
        """
        at = to_text(self._now())

        def work(connection: Connection) -> tuple[list[bool], bytes]:
            # Once it is acknowledged, no claim of it is under way that has not seen it.
            self._database.lock_numbers(connection, phones)
            key = ready_key(connection, self._home)
            digests = list(chain.from_iterable(map(speller(key), phones)))
            # Else it would be taken off again with those that were made up, as if nobody had ever asked.
            made_up = rehearsed_entries(connection, key=key, among=digests)
            take_entries_off(connection, made_up, at=at, reason="a real wish has taken its place")
            return add_to_list(
                connection, phones, key=key, at=at, reason=reason, source=source, service=EVERYWHERE
            ), key

        new, key = self._writer.do(work)
        self._database.read_back(list(map(speller(key), phones)))
        return new

    def remove(self, phone: str, *, reason: str) -> bool:
        """See the port `SuppressionList`."""
        at = to_text(self._now())

        def work(connection: Connection) -> bool:
            key = ready_key(connection, self._home)
            return take_off_list(connection, phone, key=key, at=at, reason=reason)

        return self._writer.do(work)

    def remove_masked(self, last_digits: str, *, reason: str) -> int:
        """See the port `SuppressionList`."""
        at = to_text(self._now())

        def work(connection: Connection) -> int:
            found = entries_ending(connection, last_digits)
            if len(found) == 1:
                take_entries_off(connection, found, at=at, reason=reason)
            return len(found)

        return self._writer.do(work)

    def remove_rehearsed(self, *, reason: str) -> int:
        """See the port `SuppressionList`."""
        at = to_text(self._now())

        def work(connection: Connection) -> int:
            found = rehearsed_entries(connection, key=ready_key(connection, self._home))
            take_entries_off(connection, found, at=at, reason=reason)
            return len(found)

        return self._writer.do(work)

    def hasher(self) -> Callable[[str], str]:
        """The hash by which a claim compares numbers. It creates the key, so that numbers added later match as well.

        Raises:
            LedgerError: the list's key is missing, and no call may be made.
        """
        key = self._writer.do(lambda connection: ready_key(connection, self._home))
        return digester(key)
