from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.blank import blank_home
from tests.ledger.backend import Backend, Clock, PostgresBackend, SqliteBackend, assert_history_explains_the_present
from tests.postgres_server import own_schema


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL the contract is asked every day where it is marked so, and whole at night."""
    for item in items:
        values = getattr(getattr(item, "callspec", None), "params", {})
        if values.get("backend") == "postgresql" and item.get_closest_marker("every_database") is None:
            item.add_marker(pytest.mark.nightly)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest, home: Path, clock: Clock) -> Iterator[Backend]:
    """Whatever a test did: afterwards the history explains every row."""
    with ExitStack() as stack:
        backend: Backend
        if request.param == "postgresql":
            schema = stack.enter_context(own_schema(request.getfixturevalue("postgres")))
            backend = PostgresBackend(home, clock, schema)
        else:
            backend = SqliteBackend(blank_home(home), clock)
        stack.callback(backend.close)
        yield backend
        assert_history_explains_the_present(backend)
