"""Users and tokens from the command line: secrets are asked for without being shown, or shown once."""

import json
import os
import pty
import re
import select
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from campaign.ledger.store import open_ledger
from campaign.usecases.serving.access.tokens import token_user
from campaign.usecases.serving.access.users import sign_in
from campaign.usecases.serving.acts import acts
from tests.cli.conftest import ROOT, Desk

PASSWORD = "correct horse battery"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def password_file(desk: Desk) -> Path:
    path = desk.folder / "password.txt"
    path.write_text(f"{PASSWORD}\n")
    return path


def listed(desk: Desk, of: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(desk(of, "list", "--json").out)
    return found


def opens(desk: Desk, name: str, password: str) -> bool:
    with open_ledger(desk.folder / "home", now=now) as ledger:
        return sign_in(ledger, name, password) is not None


def test_a_user_is_added_with_the_password_of_a_file(desk: Desk, password_file: Path) -> None:
    added = desk("user", "add", "Ada", "--role", "operator", "--password-file", password_file)
    assert (added.code, added.out, added.err) == (0, "user ada: added as operator\n", "")
    assert opens(desk, "ada", PASSWORD)
    [user] = listed(desk, "user")
    assert (user["name"], user["role"]) == ("ada", "operator")
    assert re.fullmatch(r"\S+Z  ada  operator\n", desk("user", "list").out)


def test_without_a_role_a_user_and_a_token_only_look(desk: Desk, password_file: Path) -> None:
    """Who may launch calls is said, and never guessed."""
    added = desk("user", "add", "bob", "--password-file", password_file, "--json")
    assert json.loads(added.out)["role"] == "viewer"
    assert json.loads(desk("token", "add", "n8n", "--json").out)["role"] == "viewer"


def test_without_a_terminal_a_password_is_not_asked_for(desk: Desk) -> None:
    ended = desk("user", "add", "ada")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "give --password-file" in ended.err
    assert listed(desk, "user") == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["user", "add", "a b"], "no spaces or hidden characters"),
        (["user", "add", "ada", "--role", "owner"], "'owner' is not one of 'operator', 'viewer'"),
        (["user", "password", "bob"], "there is no user called 'bob'; see all of them: campaign user list"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(desk: Desk, password_file: Path, *, words: list[str], message: str) -> None:
    ended = desk(*words, "--password-file", password_file)
    assert ended.code == 2
    assert message in ended.err
    assert PASSWORD not in ended.err + ended.out


def test_a_short_password_is_refused_without_being_shown(desk: Desk, password_file: Path) -> None:
    password_file.write_text("hunter2")
    ended = desk("user", "add", "ada", "--password-file", password_file)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "at least 10 characters" in ended.err
    assert "hunter2" not in ended.err


def test_a_password_is_changed_and_a_user_is_removed(desk: Desk, password_file: Path) -> None:
    desk("user", "add", "ada", "--password-file", password_file)
    assert desk("user", "add", "ada", "--password-file", password_file).code == 2
    password_file.write_text("another long one")
    assert desk("user", "password", "ada", "--password-file", password_file).code == 0
    assert (opens(desk, "ada", PASSWORD), opens(desk, "ada", "another long one")) == (False, True)
    assert desk("user", "remove", "ada").code == 0
    assert desk("user", "remove", "ada").code == 2
    assert "there are no users" in desk("user", "list").err
    with open_ledger(desk.folder / "home", now=now) as ledger:
        told = acts(ledger)
    assert [act.what for act in told] == ["remove_user", "set_password", "add_user"]
    assert all(act.who.endswith("(command line)") for act in told)


def test_a_token_is_shown_once(desk: Desk) -> None:
    """On stdout alone, so that it can go straight into a file."""
    added = desk("token", "add", "N8N", "--role", "operator")
    token = added.out.strip()
    assert re.fullmatch(r"cmp_[\w-]{43}", token)
    assert token not in added.err
    assert "not shown again" in added.err
    with open_ledger(desk.folder / "home", now=now) as ledger:
        assert token_user(ledger, token) is not None
    [shown] = listed(desk, "token")
    assert (shown["name"], shown["role"], shown["used_at"] is None) == ("n8n", "operator", False)
    everything = "".join(desk(*words).out for words in (["token", "list"], ["token", "list", "--json"], ["status"]))
    assert "n8n" in everything
    assert token not in everything
    assert token[4:] not in everything


def test_a_revoked_token_opens_nothing(desk: Desk) -> None:
    token = json.loads(desk("token", "add", "n8n", "--json").out)["token"]
    assert desk("token", "add", "n8n").code == 2
    assert desk("token", "revoke", "n8n").code == 0
    with open_ledger(desk.folder / "home", now=now) as ledger:
        assert token_user(ledger, token) is None
    assert desk("token", "revoke", "n8n").code == 2
    assert "there are no tokens" in desk("token", "list").err


@pytest.mark.parametrize("words", [["user"], ["user", "add"], ["token"], ["token", "add"], ["token", "revoke"]])
def test_the_help_has_an_example(desk: Desk, words: list[str]) -> None:
    assert re.search(r"Examples?:\n +campaign (user|token) ", desk(*words, "--help").out)


def test_at_a_terminal_a_password_is_asked_for_twice_and_not_shown(desk: Desk) -> None:
    """Two that differ are asked for anew."""
    typed = [PASSWORD, "something else", PASSWORD, PASSWORD]
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "campaign", "user", "add", "ada"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=os.environ, start_new_session=True
    ) as process:
        os.close(slave)
        try:
            shown = "".join(answered(master, line) for line in typed) + rest(master)
            assert process.wait(timeout=60) == 0, shown
        finally:
            process.kill()
            os.close(master)
    assert "user ada: added as viewer" in shown
    assert PASSWORD not in shown
    assert "something else" not in shown
    assert opens(desk, "ada", PASSWORD)


def answered(master: int, line: str) -> str:
    """Waits for a question, types the answer; what was shown."""
    shown = ""
    while not shown.endswith(": "):
        assert select.select([master], [], [], 60)[0], shown
        shown += os.read(master, 1000).decode()
    os.write(master, f"{line}\n".encode())
    return shown


def rest(master: int) -> str:
    shown = ""
    try:
        while select.select([master], [], [], 60)[0] and (more := os.read(master, 1000)):
            shown += more.decode()
    except OSError:
        pass  # How Linux says that the other side is closed.
    return shown
