"""The suppression list as it is read, with the key that its hashes were made with. Nothing here writes."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from campaign.ledger.port.lists import SuppressionReader
from campaign.ledger.privacy.forgotten import anybody_forgotten, hashed, keyed
from campaign.ledger.privacy.key import trusted_key
from campaign.ledger.privacy.statements import is_anybody_on_list, latest_entries, of_those_on_list
from campaign.ledger.records.suppression import Suppressed


class HashedSuppressionReader(SuppressionReader):
    """The suppression list of one ledger, to be asked."""

    def __init__(self, home: Path, *, reading: Engine) -> None:
        self._home, self._reading = home, reading

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
