from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.backend import Clock, PostgresBackend, assert_history_explains_the_present
from tests.postgres_server import own_schema


@pytest.fixture
def backend(postgres: Path, home: Path, clock: Clock) -> Iterator[PostgresBackend]:
    """What is asked here is PostgreSQL's own."""
    with own_schema(postgres) as schema:
        backend = PostgresBackend(home, clock, schema)
        yield backend
        assert_history_explains_the_present(backend)
