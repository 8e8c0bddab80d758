from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.ledger.store import Ledger, open_ledger
from tests.blank import blank_home
from tests.followup.day import DayClock


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> DayClock:
    return DayClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: DayClock) -> Iterator[Ledger]:
    with open_ledger(blank_home(tmp_path / "home"), now=clock.now) as opened:
        yield opened
