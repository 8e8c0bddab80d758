"""Users of one ledger, and their sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from campaign.domain.instants import from_text, to_text
from campaign.ledger.port.serving import Sessions, Users
from campaign.ledger.records.serving import Role, SessionRecord, UserRecord
from campaign.ledger.schema.serving_tables import web_session, web_user
from campaign.ledger.serving.rows import ServingTables, values_of

_THERE = web_user.c.removed_at.is_(None)


class LedgerUsers(Users):
    """The users of one ledger."""

    def __init__(self, desk: ServingTables) -> None:
        self._desk = desk

    def add(self, name: str, *, role: Role, password_hash: str) -> UserRecord | None:
        """See the port `Users`."""
        values = {"name": name, "role": role.value, "password_hash": password_hash, "created_at": self._desk.at}

        def work(connection: Connection) -> UserRecord | None:
            if connection.execute(_named(name)).first():
                return None
            connection.execute(insert(web_user).values(**values))
            return _user(connection.execute(_named(name)).one())

        return self._desk.writer.do(work)

    def find(self, name: str) -> UserRecord | None:
        """See the port `Users`."""
        found = self._desk.first(_named(name))
        return _user(found) if found else None

    def all(self) -> list[UserRecord]:
        """See the port `Users`."""
        return [_user(row) for row in self._desk.rows(select(web_user).where(_THERE).order_by(web_user.c.id))]

    def set_password(self, user: UserRecord, password_hash: str) -> bool:
        """See the port `Users`."""
        return self._end_sessions_with(user, password_hash=password_hash)

    def remove(self, user: UserRecord) -> bool:
        """See the port `Users`."""
        return self._end_sessions_with(user, password_hash=None, removed_at=self._desk.at)

    def _end_sessions_with(self, user: UserRecord, **change: str | None) -> bool:
        def work(connection: Connection) -> bool:
            here = update(web_user).where(web_user.c.id == user.id, _THERE)
            if connection.execute(here.values(**change)).rowcount != 1:
                return False
            connection.execute(delete(web_session).where(web_session.c.user_id == user.id))
            return True

        return self._desk.writer.do(work)


class LedgerSessions(Sessions):
    """The sessions of one ledger's users."""

    def __init__(self, desk: ServingTables) -> None:
        self._desk = desk

    def add(self, id_hash: str, user: UserRecord, *, expires_at: datetime) -> bool:
        """See the port `Sessions`."""
        at = self._desk.at
        as_read = select(web_user.c.id).where(
            web_user.c.id == user.id, _THERE, web_user.c.password_hash == user.password_hash
        )
        values = {"id_hash": id_hash, "user_id": user.id, "created_at": at, "seen_at": at}

        def work(connection: Connection) -> bool:
            connection.execute(delete(web_session).where(web_session.c.expires_at <= at))
            if connection.execute(as_read).first() is None:
                return False
            connection.execute(insert(web_session).values(**values, expires_at=to_text(expires_at)))
            return True

        return self._desk.writer.do(work)

    def find(self, id_hash: str) -> SessionRecord | None:
        """See the port `Sessions`."""
        times = [web_session.c[name].label(f"session_{name}") for name in ("created_at", "seen_at", "expires_at")]
        statement = select(web_user, *times).join(web_session, web_session.c.user_id == web_user.c.id)
        found = self._desk.first(statement.where(web_session.c.id_hash == id_hash, _THERE))
        if found is None:
            return None
        created, seen, ends = map(from_text, found[-3:])
        return SessionRecord(id_hash, _user(found), created_at=created, seen_at=seen, expires_at=ends)

    def seen(self, id_hash: str) -> None:
        """See the port `Sessions`."""
        here = update(web_session).where(web_session.c.id_hash == id_hash).values(seen_at=self._desk.at)
        self._desk.writer.do(lambda c: c.execute(here))

    def remove(self, id_hash: str) -> bool:
        """See the port `Sessions`."""
        gone = delete(web_session).where(web_session.c.id_hash == id_hash)
        return self._desk.writer.do(lambda c: c.execute(gone).rowcount == 1)


def _named(name: str) -> Any:
    return select(web_user).where(web_user.c.name == name, _THERE)


def _user(row: Any) -> UserRecord:
    values = values_of(row, UserRecord, instants=("created_at", "removed_at"))
    return UserRecord(**values | {"role": Role(row.role)})
