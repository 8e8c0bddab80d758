from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.blank import blank_home
from tests.ledger.backend import Backend, Clock, SqliteBackend, assert_history_explains_the_present


@pytest.fixture
def backend(home: Path, clock: Clock) -> Iterator[Backend]:
    """What is asked here is SQLite's own."""
    backend = SqliteBackend(blank_home(home), clock)
    yield backend
    assert_history_explains_the_present(backend)
    backend.close()
