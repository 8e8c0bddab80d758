"""An opt-out is acknowledged when the ledger at its path has it, as another process would see it."""

from pathlib import Path

import pytest

from campaign.domain.errors import LedgerError
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.sqlite.read_back import read_back
from campaign.ledger.store import open_ledger
from tests.ledger.backend import ADA, BOB, Clock

NOT_THERE = "0" * 64


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home on whose list Ada is, and Bob was."""
    with open_ledger(tmp_path / "home", now=Clock()) as ledger:
        ledger.suppression.add([ADA, BOB], reason="asked", source="test")
        ledger.suppression.remove(BOB, reason="asked again")
    return tmp_path / "home"


def digests(home: Path) -> tuple[str, str]:
    with open_ledger(home, now=Clock()) as ledger:
        digest = ledger.suppression.hasher()
        return digest(ADA), digest(BOB)


def test_who_is_on_the_list_is_read_back_by_any_spelling(home: Path) -> None:
    ada, _ = digests(home)
    read_back(home / LEDGER_FILE, [(ada,), (NOT_THERE, ada)])


def test_who_is_not_on_the_list_is_not_acknowledged(home: Path) -> None:
    """Nobody hides behind another: each number of a group must be there."""
    ada, bob = digests(home)
    for numbers in ([(NOT_THERE,)], [(ada,), (NOT_THERE,)], [(ada,), (bob,)]):
        with pytest.raises(LedgerError, match=r"could not be read back .*does not have it"):
            read_back(home / LEDGER_FILE, numbers)


def test_a_ledger_that_is_gone_acknowledges_nobody_and_is_not_made_anew(home: Path) -> None:
    ada, _ = digests(home)
    (home / LEDGER_FILE).unlink()
    with pytest.raises(LedgerError, match="could not be read back"):
        read_back(home / LEDGER_FILE, [(ada,)])
    assert not (home / LEDGER_FILE).exists()
