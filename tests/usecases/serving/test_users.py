"""Users sign in with a password, and with nothing that stands in the ledger; sessions end."""

import hashlib
import sqlite3
import time
from base64 import b64encode
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from campaign.domain.errors import UsageError
from campaign.domain.instants import from_text
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.store import Ledger
from campaign.presentation.cures import error_line
from campaign.usecases.serving.access.passwords import hash_of, is_password, password_from
from campaign.usecases.serving.access.users import (
    Role,
    User,
    add_user,
    all_users,
    remove_user,
    set_password,
    sign_in,
    sign_out,
    signed_in,
)
from campaign.usecases.serving.acts import acts
from tests.known_user import known_user
from tests.ledger.backend import Clock

PASSWORD = "correct horse battery"
HOUR = timedelta(hours=1)


@pytest.fixture
def ada(ledger: Ledger) -> User:
    """Whose password is checked without work, for what is not about that work."""
    return known_user(ledger, "ada", role=Role.OPERATOR, password=PASSWORD)


@pytest.fixture
def added(ledger: Ledger) -> User:
    """Ada as the program adds her."""
    return add_user(ledger, "Ada", role=Role.OPERATOR, password=PASSWORD, by="root")


def secret_of(ledger: Ledger, name: str = "ada") -> str:
    found = sign_in(ledger, name, PASSWORD)
    assert found is not None
    return found.secret


def test_who_has_the_password_is_signed_in(ledger: Ledger, ada: User) -> None:
    """Names in any spelling of their letters; a wrong password, and an unknown name, look the same."""
    for name in ("ada", "ADA"):
        found = sign_in(ledger, name, PASSWORD)
        assert found is not None
        assert (found.user, signed_in(ledger, found.secret)) == (ada, ada)
    assert sign_in(ledger, "ada", PASSWORD + "!") is None
    assert sign_in(ledger, "bob", PASSWORD) is None
    assert sign_in(ledger, "a b", PASSWORD) is None
    assert sign_in(ledger, "ada", "") is None


def test_an_unknown_name_costs_the_work_of_a_known_one(ledger: Ledger, added: User) -> None:
    """Else the time of an answer tells who has an account. In seconds of this thread's own work."""

    def work(name: str) -> float:
        before = time.thread_time()
        assert sign_in(ledger, name, "a wrong password") is None
        return time.thread_time() - before

    work("warm up")
    known, unknown, no_name = (min(work(name) for _ in range(3)) for name in (added.name, "bob", "no name"))
    assert known > 0.02, "it is work"
    assert min(unknown, no_name) > 0.6 * known


@pytest.mark.parametrize(("password", "why"), [("123456789", "at least 10"), ("x" * 1001, "at most 1000")])
def test_a_password_of_another_length_is_refused(ledger: Ledger, password: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as refused:
        add_user(ledger, "ada", role=Role.VIEWER, password=password, by="root")
    assert password not in str(refused.value)
    assert all_users(ledger) == []


def test_an_old_hash_holds_when_the_parameters_change() -> None:
    """They stand in the hash."""
    salt = b"saltsaltsaltsalt"
    key = hashlib.scrypt(PASSWORD.encode(), salt=salt, n=1024, r=4, p=1)
    weaker = f"scrypt$1024$4$1${b64encode(salt).decode()}${b64encode(key).decode()}"
    assert is_password(PASSWORD, weaker)
    assert not is_password(PASSWORD + "!", weaker)
    assert not is_password(PASSWORD, weaker.replace("1024", "2048"))
    assert not is_password(PASSWORD, "plain")


def test_two_users_with_one_password_have_two_hashes() -> None:
    first, second = hash_of(PASSWORD), hash_of(PASSWORD)
    assert first.split("$")[:4] == second.split("$")[:4] == ["scrypt", "32768", "8", "3"]
    assert first.split("$")[4:] != second.split("$")[4:]


def test_accents_are_one_letter_however_a_keyboard_sends_them() -> None:
    assert is_password("pa\u0301ssword long", hash_of("p\u00e1ssword long"))


def test_nothing_in_the_ledger_opens_a_session(ledger: Ledger, ada: User, home: Path) -> None:
    """Who reads the file, or a backup of it, is not signed in by that."""
    secret = secret_of(ledger, ada.name)
    with closing(sqlite3.connect(home / LEDGER_FILE)) as connection:
        kept = str(connection.execute("SELECT * FROM web_session").fetchall()) + str(
            connection.execute("SELECT * FROM web_user").fetchall()
        )
        [(id_hash,)] = connection.execute("SELECT id_hash FROM web_session").fetchall()
    assert secret not in kept
    assert PASSWORD not in kept
    assert signed_in(ledger, id_hash) is None


def test_a_session_ends_after_twelve_idle_hours(ledger: Ledger, ada: User, clock: Clock) -> None:
    secret = secret_of(ledger)
    clock.passes(12 * HOUR - timedelta(seconds=1))
    assert signed_in(ledger, secret) == ada
    clock.passes(12 * HOUR - timedelta(seconds=1))
    assert signed_in(ledger, secret) == ada
    clock.passes(12 * HOUR)
    assert signed_in(ledger, secret) is None
    clock.at -= 12 * HOUR
    assert signed_in(ledger, secret) is None, "what is over stays over"


def test_a_session_ends_after_seven_days_however_much_it_is_used(ledger: Ledger, ada: User, clock: Clock) -> None:
    secret = secret_of(ledger)
    for _ in range(7 * 24 - 1):
        clock.passes(HOUR)
        assert signed_in(ledger, secret) == ada
    clock.passes(HOUR)
    assert signed_in(ledger, secret) is None


def test_a_use_is_written_once_a_minute(ledger: Ledger, ada: User, clock: Clock) -> None:
    """A page that moves by itself must not commit beside the calls at every look."""
    secret, began = secret_of(ledger), clock.at
    assert ada.name
    clock.passes(timedelta(seconds=59))
    signed_in(ledger, secret)
    [session] = seen(ledger)
    assert session == began
    clock.passes(timedelta(seconds=1))
    signed_in(ledger, secret)
    assert seen(ledger) == [clock.at]


def seen(ledger: Ledger) -> list[object]:
    with closing(sqlite3.connect(ledger.home / LEDGER_FILE)) as connection:
        return [from_text(at) for (at,) in connection.execute("SELECT seen_at FROM web_session").fetchall()]


@pytest.mark.usefixtures("ada")
def test_who_signs_out_is_signed_out_and_nobody_else(ledger: Ledger) -> None:
    here, there = secret_of(ledger), secret_of(ledger)
    sign_out(ledger, here)
    sign_out(ledger, here)
    assert signed_in(ledger, here) is None
    assert signed_in(ledger, there) is not None


@pytest.mark.usefixtures("added")
def test_another_password_and_a_removal_end_what_was_open(ledger: Ledger) -> None:
    first = secret_of(ledger)
    set_password(ledger, "ada", password="another long one", by="root")
    assert signed_in(ledger, first) is None
    assert sign_in(ledger, "ada", PASSWORD) is None
    second = sign_in(ledger, "ada", "another long one")
    assert second is not None
    remove_user(ledger, "ada", by="root")
    assert signed_in(ledger, second.secret) is None
    assert sign_in(ledger, "ada", "another long one") is None
    assert all_users(ledger) == []


@pytest.mark.usefixtures("added")
def test_what_is_done_to_users_is_written_down(ledger: Ledger) -> None:
    set_password(ledger, "ada", password="another long one", by="root")
    remove_user(ledger, "ada", by="root")
    told = [(act.who, act.what, act.target, act.detail) for act in acts(ledger)]
    assert told == [
        ("root", "remove_user", "ada", ""),
        ("root", "set_password", "ada", ""),
        ("root", "add_user", "ada", "operator"),
    ]


@pytest.mark.parametrize("name", ["", " ", "a b", "a\u202eb", "a\x1b[2J", "a\n", "x" * 65])
def test_a_name_that_could_pass_for_another_is_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(UsageError, match="a name has") as refused:
        add_user(ledger, name, role=Role.VIEWER, password=PASSWORD, by="root")
    assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("ada")
def test_a_taken_name_and_an_unknown_one_are_refused_with_the_cure(ledger: Ledger) -> None:
    with pytest.raises(UsageError) as taken:
        add_user(ledger, "ADA", role=Role.VIEWER, password=PASSWORD, by="root")
    assert "campaign user remove ada" in error_line(taken.value)
    for act in (partial(set_password, password=PASSWORD), remove_user):
        with pytest.raises(UsageError) as unknown:
            act(ledger, "bob", by="root")
        assert error_line(unknown.value) == "there is no user called 'bob'; see all of them: campaign user list"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file"),
        (b"\xff\xfe", "no text"),
        (b"", "alone"),
        (b"two\nlines", "alone"),
        (b"x" * 9000, "alone"),
    ],
)
def test_a_password_file_that_holds_something_else_is_refused_without_quoting_it(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=why) as refused:
        password_from(path)
    assert "two" not in str(refused.value)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_line_break_of_an_editor_is_not_the_passwords(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "password"
    path.write_bytes(f"{PASSWORD} {ending}".encode())
    assert password_from(path) == f"{PASSWORD} "
