from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.blank import blank_home
from tests.ledger.backend import Backend, Clock, SqliteBackend, assert_history_explains_the_present


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(params=[SqliteBackend], ids=["sqlite"])
def backend(request: pytest.FixtureRequest, home: Path, clock: Clock) -> Iterator[Backend]:
    """Whatever a test did: afterwards the history explains every row."""
    backend: Backend = request.param(blank_home(home), clock)
    yield backend
    assert_history_explains_the_present(backend)
    backend.close()
