"""A process of its own that claims a run's rows, so many at a time as it is told to: HOME RUN URL."""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import anyio

from campaign.config.database import DatabaseAddress
from campaign.domain.model import Attempt
from campaign.ledger.store import open_ledger
from campaign.ledger.writes.run_session import JournaledRun
from tests.ledger.backend import hold, named, waiting


def main(words: list[str]) -> int:
    home, run, url = words
    address = DatabaseAddress(url, may_lose_power=True)
    with open_ledger(Path(home), now=partial(datetime.now, UTC), address=address) as ledger:
        record = named(ledger, run)
        with hold(ledger, record) as held:
            attempts = waiting(ledger, record)
            print("ready", flush=True)  # noqa: T201 - its parent reads it
            for count in map(int, sys.stdin):
                some, attempts = attempts[:count], attempts[count:]
                anyio.run(_claim, held, some)
                print("claimed", flush=True)  # noqa: T201 - likewise
    return 0


async def _claim(held: JournaledRun, attempts: list[Attempt]) -> None:
    async with anyio.create_task_group() as tasks:
        for attempt in attempts:
            tasks.start_soon(held.claim, attempt)
