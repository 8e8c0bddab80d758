"""What is wanted of a run is obeyed by all who dial it, before their next claim."""

import pytest

from campaign.domain.errors import ClaimsStoppedError
from campaign.domain.model import Created
from campaign.domain.stop import Stop, StopCode
from campaign.ledger.records.serving import Wanted
from tests.ledger.backend import ADA, BOB, Backend, hold, load, people, states, waiting

pytestmark = pytest.mark.anyio
BREAKER = Stop(StopCode.REFUSED, "the key is refused")
PERSON = Stop(StopCode.TROUBLE, "ada has stopped it")


async def test_nothing_of_a_stopped_run_is_claimed_and_what_is_on_its_way_is_settled(backend: Backend) -> None:
    with backend.open() as other, backend.open() as ledger, hold(ledger, load(ledger, people(ADA, BOB))) as held:
        ada, bob = waiting(ledger, held.record)
        await held.claim(ada)
        assert other.control.stop(held.record, PERSON, who="ada")
        with pytest.raises(ClaimsStoppedError, match="ada has stopped it"):
            await held.claim(bob)
        await held.settle(ada, Created("id-1"))
        assert held.trouble() is None
        assert other.control.go(held.record, over_person=True)
        assert await held.claim(bob) is None
        await held.settle(bob, Created("id-2"))
    assert states(backend) == ["created", "created"]


async def test_another_run_goes_on(backend: Backend) -> None:
    with backend.open() as ledger:
        stopped, other = load(ledger, people(ADA), name="a"), load(ledger, people(BOB), name="b")
        ledger.control.stop(stopped, PERSON, who="ada")
        with hold(ledger, other) as held:
            [bob] = waiting(ledger, other)
            assert await held.claim(bob) is None
            await held.settle(bob, Created("id-1"))
    assert states(backend, run="b") == ["created"]


def test_a_persons_stop_is_lifted_by_a_person_alone(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        assert ledger.read.runs.workers.control(record.id) is None
        assert not ledger.control.go(record, over_person=True), "it may go as it is"
        assert ledger.control.stop(record, BREAKER, who=None)
        assert not ledger.control.stop(record, BREAKER, who=None), "the first reason stays"
        assert ledger.control.stop(record, PERSON, who="ada"), "a person's word is above the program's"
        assert not ledger.control.stop(record, BREAKER, who=None)
        assert not ledger.control.go(record, over_person=False)
        found = ledger.read.runs.workers.control(record.id)
        assert found is not None
        assert (found.wanted, found.why, found.code, found.who) == (Wanted.STOP, PERSON.why, 5, "ada")
        assert ledger.control.go(record, over_person=True)
        found = ledger.read.runs.workers.control(record.id)
        assert found is not None
        assert (found.wanted, found.why, found.who, found.revision) == (Wanted.GO, None, None, 3)


def test_the_programs_own_stop_is_lifted_by_a_schedule_too(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        ledger.control.stop(record, BREAKER, who=None)
        assert ledger.control.go(record, over_person=False)
