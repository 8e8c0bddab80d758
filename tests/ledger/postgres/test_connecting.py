"""With what a connection is opened: TLS beyond this machine, and an end to waiting."""

import pytest

from campaign.config.database import DatabaseAddress
from campaign.ledger.postgres.connecting import Connector


@pytest.fixture(autouse=True)
def _no_word_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGSSLMODE", "PGSSLROOTCERT"):
        monkeypatch.delenv(name, raising=False)


def parameters(url: str, *, password: str | None = None) -> dict[str, object]:
    return Connector(DatabaseAddress(url, password))._parameters


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db.example/calls",
        "postgresql://10.0.0.7/calls",
        "postgresql://localhost,db.example/calls",
        "postgresql:///calls?host=db.example",
        "postgresql://localhost/calls?hostaddr=10.0.0.7",
    ],
)
def test_beyond_this_machine_the_certificate_is_checked(url: str) -> None:
    """Else who listens on the way reads who was called, and who answers in the server's name is believed."""
    assert parameters(url)["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///calls",
        "postgresql://localhost/calls",
        "postgresql://127.0.0.1:5433/calls",
        "postgresql://[::1]/calls",
        "postgresql:///calls?host=/run/postgresql",
    ],
)
def test_on_this_machine_nothing_is_asked_for(url: str) -> None:
    assert "sslmode" not in parameters(url)


def test_what_is_said_explicitly_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parameters("postgresql://db.example/calls?sslmode=require")["sslmode"] == "require"
    monkeypatch.setenv("PGSSLMODE", "disable")
    assert "sslmode" not in parameters("postgresql://db.example/calls")
    monkeypatch.delenv("PGSSLMODE")
    monkeypatch.setenv("PGHOST", "db.example")
    assert parameters("postgresql:///calls")["sslmode"] == "verify-full"


def test_a_peer_that_vanished_is_noticed_unless_the_address_says_otherwise() -> None:
    """A machine without power holds its runs until the server notices; it would take hours by itself."""
    assert parameters("postgresql:///calls")["tcp_user_timeout"] == "15000"
    assert parameters("postgresql:///calls?tcp_user_timeout=1")["tcp_user_timeout"] == "1"


def test_a_password_that_stands_elsewhere_wins_over_the_urls() -> None:
    assert parameters("postgresql://a:one@/calls", password="two")["password"] == "two"
    assert parameters("postgresql://a:one@/calls")["password"] == "one"
