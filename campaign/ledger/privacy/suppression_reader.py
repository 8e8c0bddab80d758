"""Reads the suppression list, with the key of its hashes. Read-only."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from campaign.domain.phone_line import spellings_of
from campaign.ledger.port.lists import SuppressionReader
from campaign.ledger.privacy.forgotten import anybody_forgotten, hashed, keyed
from campaign.ledger.privacy.key import trusted_key
from campaign.ledger.privacy.rehearsed import rehearsed_entries
from campaign.ledger.privacy.statements import entries_before, is_anybody_on_list, latest_entries, of_those_on_list
from campaign.ledger.records.suppression import ListPage, Suppressed


class HashedSuppressionReader(SuppressionReader):
    """The suppression list of one ledger, for reading."""

    def __init__(self, home: Path, *, reading: Engine) -> None:
        self._home, self._reading = home, reading

    def of(self, phones: Sequence[str], *, service: str) -> Mapping[str, Suppressed]:
        """Those of these numbers (at most 1000) that are on the list at that service; empty for all real ones.

        Raises:
            LedgerError: the list's key is missing.
        """
        with self._reading.connect() as connection:
            if not phones or not is_anybody_on_list(connection):
                return {}
            key = trusted_key(connection, self._home)
            return of_those_on_list(connection, phones, key=key, service=service) if key is not None else {}

    def entries(self, *, most: int | None = None, removed: bool = False) -> list[Suppressed]:
        """The newest entries, oldest first; `removed` also includes entries that were removed since."""
        with self._reading.connect() as connection:
            return latest_entries(connection, most=most, removed=removed)

    def page(self, *, limit: int, before: int | None = None, removed: bool = False) -> ListPage:
        """See the port `SuppressionReader`."""
        with self._reading.connect() as connection:
            return entries_before(connection, before, limit=limit, removed=removed)

    def count_rehearsed(self) -> int:
        """See the port `SuppressionReader`."""
        with self._reading.connect() as connection:
            key = trusted_key(connection, self._home) if is_anybody_on_list(connection) else None
            return 0 if key is None else len(rehearsed_entries(connection, key=key))

    def forgotten_forms(self, phones: Sequence[str]) -> Mapping[str, str]:
        """Maps the stored form of each erased number to the number itself."""
        key = self._known_key()
        return {} if key is None else {hashed(one, key=key): phone for phone in phones for one in spellings_of(phone)}

    def words_hasher(self) -> Callable[[str], str] | None:
        """The hash by which an erased call's content is compared; None when no erased call can be recognised."""
        key = self._known_key()
        return None if key is None else partial(keyed, key=key)

    def _known_key(self) -> bytes | None:
        if not anybody_forgotten(self._reading):
            return None
        with self._reading.connect() as connection:
            return trusted_key(connection, self._home)
