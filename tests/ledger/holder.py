"""A process of its own that holds a run: HOME RUN [claim] [URL]; says what it did, then waits to be ended.

With `claim` it has promised the first waiting row when it says so. Refused, it ends as the command line does.
"""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import anyio

from campaign.config.database import DatabaseAddress
from campaign.domain.errors import CampaignError
from campaign.ledger.store import open_ledger
from tests.ledger.backend import hold, named, waiting


def main(words: list[str]) -> int:
    try:
        _hold(*words)
    except CampaignError as error:
        print(error, file=sys.stderr)  # noqa: T201 - its parent reads it
        return error.exit_code
    return 0


def _hold(home: str, run: str, *words: str) -> None:
    url = next((word for word in words if "://" in word), None)
    address = None if url is None else DatabaseAddress(url, may_lose_power=True)
    with open_ledger(Path(home), now=partial(datetime.now, UTC), address=address) as ledger:
        record = named(ledger, run)
        with hold(ledger, record) as held:
            if "claim" in words:
                anyio.run(held.claim, waiting(ledger, record)[0])
            print("holding", held.recovered, flush=True)  # noqa: T201 - likewise
            sys.stdin.read()
