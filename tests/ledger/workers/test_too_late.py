"""When a claim is too old to be sent: by a clock that goes on while the process is stopped, from before the claim."""

import anyio
import pytest

from campaign.domain.model import Created
from campaign.ledger.records.workers import LONGEST_CLAIM_SECONDS, LONGEST_SILENCE_SECONDS
from tests.ledger.backend import ADA, BOB, Backend, hold, load, people, waiting
from tests.ledger.gate import gate_before_commit
from tests.ledger.workers.test_workers import Boot

pytestmark = pytest.mark.anyio


async def test_a_claim_is_too_old_after_some_seconds(backend: Backend) -> None:
    boot = Boot()
    with backend.open(boot=boot) as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        assert await held.claim(ada) is None
        boot.at += LONGEST_CLAIM_SECONDS
        assert held.why_too_late(ada) is None
        boot.at += 1
        assert held.why_too_late(ada) == "its claim was 6 s old: this process was held up in between"


async def test_it_counts_from_before_the_claim_is_written(backend: Backend) -> None:
    """A process that is stopped between the commit and the word of it wakes up with an old claim."""
    boot = Boot()
    with backend.open(boot=boot) as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        with gate_before_commit(ledger) as gate:
            gate.shut()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(held.claim, ada)
                await gate.somebody_waits()
                boot.at += LONGEST_CLAIM_SECONDS + 1
                gate.open()
        assert held.why_too_late(ada) is not None


async def test_who_was_silent_for_too_long_sends_nothing(backend: Backend) -> None:
    """It may be taken for dead at any moment; a claim of now would be of no use."""
    boot = Boot()
    with backend.open(boot=boot) as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        assert await held.claim(ada) is None
        held._promised[ada.row_id, ada.number] = boot.at + LONGEST_SILENCE_SECONDS + 1
        ledger._writer.upkeep = None  # as where the ledger cannot be written
        boot.at += LONGEST_SILENCE_SECONDS + 1
        assert held.why_too_late(ada) == "this process gave no heartbeat for 26 s"


async def test_what_was_not_claimed_here_or_is_settled_is_not_sent(backend: Backend) -> None:
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA, BOB))) as held:
        ada, bob = waiting(ledger, held.record)
        assert await held.claim(ada) is None
        assert held.why_too_late(ada) is None
        await held.settle(ada, Created("id-1"))
        for attempt in (ada, bob):
            assert held.why_too_late(attempt) == "it was not claimed by this process"
