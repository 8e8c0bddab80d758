import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.ledger.schema.databases import sqlite_in_memory
from tests.ledger.schema.postgres_server import NoPostgres, own_schema, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """One for each process that runs tests, and only once a test asks for it."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(postgres_server())
        except NoPostgres as error:
            if os.environ.get("CI") == "true":
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database without a table."""
    with ExitStack() as stack:
        if request.param == "postgresql":
            yield stack.enter_context(own_schema(request.getfixturevalue("server")))
        else:
            yield stack.enter_context(sqlite_in_memory())
