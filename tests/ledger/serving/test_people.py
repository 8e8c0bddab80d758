"""Users, sessions and tokens: one name is one person's, and what is ended opens nothing."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from campaign.ledger.records.serving import Role, TokenRecord, UserRecord
from campaign.ledger.store import Ledger
from tests.ledger.backend import Backend

DAY = timedelta(days=1)
SECRET = "a" * 64


def ada(ledger: Ledger) -> UserRecord:
    added = ledger.serving.users.add("ada", role=Role.OPERATOR, password_hash="h")
    assert added is not None
    return added


def token(ledger: Ledger, name: str = "n8n", token_hash: str = SECRET) -> TokenRecord | None:
    return ledger.serving.tokens.add(name, role=Role.VIEWER, token_hash=token_hash, created_by="ada")


def test_a_name_is_one_users_until_they_are_removed(backend: Backend) -> None:
    """Also for another process, which adds it at the same time."""
    with backend.open() as ledger, backend.open() as other:
        first = ada(ledger)
        assert other.serving.users.add("ada", role=Role.VIEWER, password_hash="x") is None
        assert other.serving.users.find("ada") == first
        assert ledger.serving.users.remove(first)
        assert not other.serving.users.remove(first)
        second = ada(other)
        assert ledger.serving.users.all() == [second]
    assert backend.ask("SELECT count(*) FROM web_user WHERE password_hash IS NOT NULL") == [(1,)]


def test_two_users_of_one_name_cannot_be_written(backend: Backend) -> None:
    with backend.open() as ledger:
        ada(ledger)
    with pytest.raises(IntegrityError, match=r"web_user\.name|one_user_per_name"):
        backend.tamper(
            "INSERT INTO web_user (name, role, password_hash, created_at) VALUES ('ada', 'viewer', 'h', '2026')"
        )


def test_a_session_is_its_users(backend: Backend) -> None:
    with backend.open() as ledger:
        user = ada(ledger)
        assert ledger.serving.sessions.add(SECRET, user, expires_at=backend.clock.at + DAY)
        found = ledger.serving.sessions.find(SECRET)
        assert found is not None
        assert (found.user, found.created_at, found.expires_at) == (user, backend.clock.at, backend.clock.at + DAY)
        backend.clock.passes(timedelta(hours=1))
        ledger.serving.sessions.seen(SECRET)
        seen = ledger.serving.sessions.find(SECRET)
        assert seen is not None
        assert seen.seen_at == backend.clock.at
        assert ledger.serving.sessions.remove(SECRET)
        assert not ledger.serving.sessions.remove(SECRET)
        assert ledger.serving.sessions.find(SECRET) is None


@pytest.mark.parametrize("act", ["remove", "set_password"])
def test_a_removed_user_or_another_password_ends_all_sessions(backend: Backend, act: str) -> None:
    """In another process too; and a sign-in that began before it does not slip through."""
    with backend.open() as ledger, backend.open() as other:
        user = ada(ledger)
        ledger.serving.sessions.add(SECRET, user, expires_at=backend.clock.at + DAY)
        assert other.serving.users.remove(user) if act == "remove" else other.serving.users.set_password(user, "new")
        assert ledger.serving.sessions.find(SECRET) is None
        assert not ledger.serving.sessions.add("b" * 64, user, expires_at=backend.clock.at + DAY)
    assert backend.ask("SELECT * FROM web_session") == []


def test_sessions_that_are_over_are_removed_when_another_begins(backend: Backend) -> None:
    with backend.open() as ledger:
        user = ada(ledger)
        ledger.serving.sessions.add(SECRET, user, expires_at=backend.clock.at + DAY)
        backend.clock.passes(DAY)
        ledger.serving.sessions.add("b" * 64, user, expires_at=backend.clock.at + DAY)
    assert backend.ask("SELECT id_hash FROM web_session") == [("b" * 64,)]


def test_a_revoked_token_is_not_found_and_its_name_is_free(backend: Backend) -> None:
    with backend.open() as ledger, backend.open() as other:
        first = token(ledger)
        assert first is not None
        assert token(other, token_hash="b" * 64) is None
        assert other.serving.tokens.find(SECRET) == first
        assert other.serving.tokens.revoke("n8n")
        assert not ledger.serving.tokens.revoke("n8n")
        assert ledger.serving.tokens.find(SECRET) is None
        second = token(ledger, token_hash="b" * 64)
        assert ledger.serving.tokens.all() == [second]


def test_the_last_use_of_a_token_is_known(backend: Backend) -> None:
    with backend.open() as ledger:
        added = token(ledger)
        assert added is not None
        assert added.used_at is None
        backend.clock.passes(DAY)
        ledger.serving.tokens.used(added)
        [found] = ledger.serving.tokens.all()
        assert found.used_at == backend.clock.at
