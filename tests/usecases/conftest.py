from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.ledger.store import Ledger, open_ledger
from tests.blank import blank_home
from tests.ledger.backend import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return blank_home(tmp_path / "home")


@pytest.fixture
def ledger(home: Path, clock: Clock) -> Iterator[Ledger]:
    with open_ledger(home, now=clock) as opened:
        yield opened
