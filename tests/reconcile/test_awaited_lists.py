"""A row that a box on the way may have refused is not sent again before a list can have its call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import anyio
import pytest

from campaign.domain.attempt_end import RINGS_NOBODY
from campaign.domain.instants import from_text
from campaign.domain.model import Attempt, Cause, NotSent, Outcome, Rejected, RowState
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger, open_ledger
from campaign.reconcile.call_list import RunAtAccount
from campaign.reconcile.during_run import RunLookups
from campaign.reconcile.events import ListAwaited, ReconcileEvent
from campaign.reconcile.preflight import LISTS_MAY_LAG
from campaign.sandbox.server import serve
from tests.reconcile.lost import PLAN, Clock, account, at_once, begin, people, sandbox

pytestmark = pytest.mark.anyio
A_FILTER = NotSent(Cause.ACCOUNT, "403: a page", status=403, proved=False)
AICALLER = NotSent(Cause.ACCOUNT, "401: no", status=401)
AN_EDGE = Rejected(404, "404: a page", proved=False)


@dataclass
class Desk:
    """A run of two people, and the account at which it is looked up."""

    ledger: Ledger
    record: RunRecord
    now: Clock
    base_url: str

    async def call(self, outcome: Outcome) -> None:
        """Calls one person, which ends so."""
        [waiting] = islice(self.ledger.read.rows.waiting(self.record.id, from_round=0), 1)
        attempt = Attempt(waiting.id, waiting.number, waiting.attempts + 1, waiting.contact.phone, b"{}", waiting.state)
        with self.ledger.hold(self.record, call_again_after=PLAN.call_again_after) as held:
            assert await held.claim(attempt) is None
            await held.settle(attempt, outcome, wait_as=RowState.PENDING)

    async def before(self, *, service: str | None = None) -> list[ReconcileEvent]:
        """What the lookup before a first call says, which is told to stop by whatever it waits for."""
        record = self.record
        if service is not None:
            record = replace(record, service=service)
        run = RunAtAccount(ledger=self.ledger, record=record, plan=PLAN, account=account(self.base_url), now=self.now)
        stop, said = anyio.Event(), list[ReconcileEvent]()
        with anyio.fail_after(30), self.ledger.hold(record, call_again_after=PLAN.call_again_after):
            async for event in RunLookups(retry_wait=at_once).before(run, stop=stop):
                said.append(event)
                if isinstance(event, ListAwaited):
                    stop.set()
        return said


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    now = Clock()
    with open_ledger(folder / "home", now=now) as ledger:
        async with serve(sandbox(folder, now=now)) as stand_in:
            yield Desk(ledger, begin(ledger, people(2)), now, stand_in.base_url)


async def test_the_list_is_awaited_until_it_can_have_the_call_or_until_told_to_stop(tmp_path: Path) -> None:
    """A list may lag: read at once, it would let the phone ring a second time."""
    async with desk(tmp_path) as made:
        await made.call(A_FILTER)
        refused_at = made.ledger.read.lost.tries.last_unproved(made.record.id)
        assert refused_at is not None
        assert await made.before() == [ListAwaited(from_text(refused_at) + LISTS_MAY_LAG)]


async def test_no_list_is_awaited_once_it_can_have_the_call(tmp_path: Path) -> None:
    async with desk(tmp_path) as made:
        await made.call(A_FILTER)
        made.now.ahead = LISTS_MAY_LAG + timedelta(seconds=1)
        assert await made.before() == []


@pytest.mark.parametrize("outcome", [AICALLER, AN_EDGE], ids=["AICaller refused", "the refused row does not wait"])
async def test_no_list_is_awaited_without_need(tmp_path: Path, outcome: Outcome) -> None:
    """A key that AICaller refused is cured, and the run goes on at once."""
    async with desk(tmp_path) as made:
        await made.call(outcome)
        assert await made.before() == []


async def test_no_list_is_awaited_of_the_stand_in_in_this_process(tmp_path: Path) -> None:
    """Nothing stands between, and who tries the program out does not sit and wait."""
    async with desk(tmp_path) as made:
        await made.call(A_FILTER)
        assert await made.before(service=RINGS_NOBODY) == []
