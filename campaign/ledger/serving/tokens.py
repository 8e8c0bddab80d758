"""Tokens of one ledger: what lets programs in."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from campaign.ledger.port.serving import Tokens
from campaign.ledger.records.serving import Role, TokenRecord
from campaign.ledger.schema.serving_tables import api_token
from campaign.ledger.schema.text import storable
from campaign.ledger.serving.rows import ServingTables, values_of

_VALID = api_token.c.revoked_at.is_(None)


class LedgerTokens(Tokens):
    """The tokens of one ledger."""

    def __init__(self, desk: ServingTables) -> None:
        self._desk = desk

    def add(self, name: str, *, role: Role, token_hash: str, created_by: str) -> TokenRecord | None:
        """See the port `Tokens`."""
        values = {"name": name, "role": role.value, "token_hash": token_hash, "created_at": self._desk.at}
        named = select(api_token).where(api_token.c.name == name, _VALID)

        def work(connection: Connection) -> TokenRecord | None:
            if connection.execute(named).first():
                return None
            connection.execute(insert(api_token).values(**values, created_by=storable(created_by)))
            return _token(connection.execute(named).one())

        return self._desk.writer.do(work)

    def find(self, token_hash: str) -> TokenRecord | None:
        """See the port `Tokens`."""
        found = self._desk.first(select(api_token).where(api_token.c.token_hash == token_hash, _VALID))
        return _token(found) if found else None

    def all(self) -> list[TokenRecord]:
        """See the port `Tokens`."""
        return [_token(row) for row in self._desk.rows(select(api_token).where(_VALID).order_by(api_token.c.id))]

    def used(self, record: TokenRecord) -> None:
        """See the port `Tokens`."""
        here = update(api_token).where(api_token.c.id == record.id, _VALID).values(used_at=self._desk.at)
        self._desk.writer.do(lambda c: c.execute(here))

    def revoke(self, name: str) -> bool:
        """See the port `Tokens`."""
        here = update(api_token).where(api_token.c.name == name, _VALID).values(revoked_at=self._desk.at)
        return self._desk.writer.do(lambda c: c.execute(here).rowcount == 1)


def _token(row: Any) -> TokenRecord:
    values = values_of(row, TokenRecord, instants=("created_at", "used_at", "revoked_at"))
    return TokenRecord(**values | {"role": Role(row.role)})
