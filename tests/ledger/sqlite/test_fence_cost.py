"""The fence of claims is asked once for a group of them: what is asked for each call costs a part of the rate."""

from typing import Any

import anyio
import pytest
from sqlalchemy import Connection

from campaign.ledger.store import Ledger
from tests.ledger.backend import Backend, hold, load, people, waiting

pytestmark = pytest.mark.anyio


def trace(ledger: Ledger, said: list[str]) -> None:
    """Notes every statement of the ledger's writer."""

    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(said.append)

    ledger._writer.do(begin)


async def test_the_fence_costs_one_statement_for_a_group_of_claims(backend: Backend) -> None:
    numbers = [f"+120255501{number:02}" for number in range(8)]
    with backend.open() as ledger, hold(ledger, load(ledger, people(*numbers))) as held:
        said = list[str]()
        trace(ledger, said)
        said.clear()
        async with anyio.create_task_group() as tasks:
            for attempt in waiting(ledger, held.record):
                tasks.start_soon(held.claim, attempt)
        commits = said.count("COMMIT")
        assert sum("FROM worker" in one for one in said) == commits <= 2
