from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from tests.ledger.schema.databases import sqlite_in_memory
from tests.postgres_server import own_schema


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database without a table."""
    with ExitStack() as stack:
        if request.param == "postgresql":
            yield stack.enter_context(own_schema(request.getfixturevalue("postgres"))).engine
        else:
            yield stack.enter_context(sqlite_in_memory())
