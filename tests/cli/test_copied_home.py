"""A home that was copied is another home with the same people waiting in it: nothing goes on there without a word."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Desk, StandIn
from tests.cli.sheets.test_choosing import Terminal

WRITING = [
    ("resume", "december", "--yes"),
    ("rerun", "december", "--yes"),
    ("run", "sheet.csv", "-t", "visits.toml", "--yes"),
    ("suppress", "add", "+12125550101"),
    ("follow", "december"),
    ("forget", "december", "--yes", "--unfinished"),
    ("schedule", "run", "--once"),
]


@pytest.fixture
def begun(desk: Desk, server: StandIn) -> Desk:  # noqa: ARG001 - the calls go there
    words = ("run", desk.people(4), "-t", desk.template(), "--name", "december", "--limit", "1", "--yes", "-q")
    assert desk(*words, "--rate", "50").code == 0
    return desk


def copied(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Works in a copy of the home from now on."""
    copy = desk.folder / "copy"
    shutil.copytree(desk.folder / "home", copy)
    monkeypatch.setenv("CAMPAIGN_HOME", str(copy))
    return copy


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_copy_is_refused_by_every_verb_that_dials_or_writes(
    begun: Desk, server: StandIn, monkeypatch: pytest.MonkeyPatch, *, words: tuple[str, ...]
) -> None:
    """And --yes, which agrees to what is shown, knows nothing of the other home."""
    copy, rung = copied(begun, monkeypatch), len(server.rings())
    ended = begun(*words)
    assert ended.code == 2
    assert f"{copy / 'ledger.db'} looks like a copy of {begun.folder / 'home' / 'ledger.db'}" in ended.err
    assert "campaign --go-on-here status" in ended.err
    assert ended.err.count("\n") == 1
    assert len(server.rings()) == rung


def test_a_copy_can_be_looked_at(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    copied(begun, monkeypatch)
    assert begun("status").code == 0
    assert begun("results", "december", "-o", "copy.csv").code == 0


def test_it_goes_on_once_somebody_has_said_so(begun: Desk, server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said once, and holds from then on."""
    copied(begun, monkeypatch)
    assert begun("--go-on-here", "status").code == 0
    assert begun("resume", "december", "--yes", "--rate", "50").code == 0
    assert len(set(server.rings())) == len(server.rings()) == 4


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 2), ("\n", 2)], ids=repr)
def test_at_a_terminal_it_is_asked(
    begun: Desk, server: StandIn, monkeypatch: pytest.MonkeyPatch, *, answer: str, code: int
) -> None:
    copied(begun, monkeypatch)
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    ended = begun("resume", "december", "--yes", "--rate", "50", "-q")
    assert ended.code == code
    assert ended.err.count("Go on from here?") == 1
    assert len(server.rings()) == (1 if code else 4)


def test_a_home_that_was_moved_goes_on_silently(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = begun.folder / "elsewhere"
    (begun.folder / "home").rename(moved)
    monkeypatch.setenv("CAMPAIGN_HOME", str(moved))
    assert begun("resume", "december", "--yes", "--rate", "50").code == 0


def test_a_home_that_was_put_back_from_a_backup_asks(begun: Desk) -> None:
    """At the same path, perhaps with the same inode: what was called since is not in it."""
    home, backup = begun.folder / "home", begun.folder / "backup"
    shutil.copytree(home, backup)
    shutil.rmtree(home)
    backup.rename(home)
    ended = begun("resume", "december", "--yes")
    assert ended.code == 2
    assert "looks as if it was put back from a copy" in ended.err
