"""Opt-outs of calls that a stand-in made up hold for that stand-in alone; those of real calls hold everywhere."""

from datetime import datetime

import pytest

from campaign.config.settings import LOOPBACK_SERVICE, SANDBOX_SERVICE
from campaign.domain.call_outcome import CallOutcome
from campaign.domain.model import ClaimRefused, Created
from campaign.ledger.privacy.rehearsed import ASKED, BY_OUTCOME
from campaign.ledger.records.outcomes import Rules
from campaign.ledger.records.suppression import EVERYWHERE
from campaign.ledger.store import Ledger
from tests.ledger.backend import ADA, BOB, SERVICE, Backend, hold, load, people, waiting

pytestmark = pytest.mark.anyio
AT = datetime.fromisoformat("2026-12-01T11:00:00Z")
RULES = Rules(next_poll=lambda *_: None, call_again=lambda *_: None, template="t")
REHEARSALS = [SANDBOX_SERVICE, LOOPBACK_SERVICE]


async def wish(ledger: Ledger, *, service: str, phone: str = ADA, call_id: str, made_up: bool = True) -> None:
    """A call to that person at that service, in which they ask not to be called; it may say that it is made up."""
    record = load(ledger, people(phone), name=call_id, service=service)
    with hold(ledger, record) as held:
        [attempt] = waiting(ledger, record)
        assert await held.claim(attempt) is None
        await held.settle(attempt, Created(call_id))
    [call] = ledger.read.outcomes.find([call_id], service=service)
    ledger.outcomes.note(
        call, CallOutcome(call_id, status="completed", status_code="DO_NOT_CALL"), rules=RULES, made_up=made_up
    )


async def claim(ledger: Ledger, *, service: str) -> ClaimRefused | None:
    record = load(ledger, people(ADA), name=f"claim at {service}", service=service)
    with hold(ledger, record) as held:
        [attempt] = waiting(ledger, record)
        refused: ClaimRefused | None = await held.claim(attempt)
        if refused is None:
            await held.settle(attempt, Created("claimed"))
        return refused


@pytest.mark.parametrize("service", REHEARSALS)
async def test_a_wish_that_was_made_up_binds_the_claims_of_its_own_service_alone(
    backend: Backend, service: str
) -> None:
    with backend.open() as ledger:
        await wish(ledger, service=service, call_id="made-up")
        assert ledger.suppression.of([ADA], service=EVERYWHERE) == {}
        assert ledger.suppression.of([ADA], service=SERVICE) == {}
        assert ledger.suppression.of([ADA], service=service).keys() == {ADA}
        assert await claim(ledger, service=SERVICE) is None


async def test_a_wish_from_an_address_of_this_machine_that_does_not_say_that_it_is_made_up_binds_everywhere(
    backend: Backend,
) -> None:
    """A proxy before the real AICaller stands on this machine as a stand-in does: in doubt nobody is called."""
    with backend.open() as ledger:
        await wish(ledger, service=LOOPBACK_SERVICE, call_id="by-proxy", made_up=False)
        for service in (EVERYWHERE, SERVICE, *REHEARSALS):
            assert ledger.suppression.of([ADA], service=service).keys() == {ADA}
        assert await claim(ledger, service=SERVICE) is not None


async def test_a_real_answer_that_claims_to_be_made_up_binds_everywhere_all_the_same(backend: Backend) -> None:
    """Only an address of this machine is believed: no header that came from outside can take a wish away."""
    with backend.open() as ledger:
        await wish(ledger, service=SERVICE, call_id="real", made_up=True)
        assert ledger.suppression.of([ADA], service=EVERYWHERE).keys() == {ADA}


async def test_a_real_wish_binds_the_claims_of_every_service(backend: Backend) -> None:
    with backend.open() as ledger:
        await wish(ledger, service=SERVICE, call_id="real")
        for service in (EVERYWHERE, SERVICE, *REHEARSALS):
            assert ledger.suppression.of([ADA], service=service).keys() == {ADA}
        for service in REHEARSALS:
            assert isinstance(await claim(ledger, service=service), ClaimRefused)


async def test_a_wish_that_came_in_a_real_call_as_well_is_none_that_was_made_up(backend: Backend) -> None:
    """As older versions wrote it: the first of the two made the entry, and the second one found it there."""
    with backend.open() as ledger:
        for phone, call_id in ((ADA, "made-up-1"), (BOB, "made-up-2")):
            ledger.suppression.add([phone], reason=f"{ASKED}{call_id}", source=BY_OUTCOME)
        assert ledger.suppression.count_rehearsed() == 0
        backend.tamper("UPDATE suppression SET removed_at = '2026', removed_reason = 'to call them in this test'")
        await wish(ledger, service=SANDBOX_SERVICE, phone=ADA, call_id="made-up-1")
        await wish(ledger, service=SANDBOX_SERVICE, phone=BOB, call_id="made-up-2")
        for phone, call_id in ((ADA, "made-up-1"), (BOB, "made-up-2")):
            ledger.suppression.add([phone], reason=f"{ASKED}{call_id}", source=BY_OUTCOME)
        assert ledger.suppression.count_rehearsed() == 2
        assert ledger.suppression.remove(ADA, reason="to call them in this test")
        await wish(ledger, service=SERVICE, phone=ADA, call_id="real")
        ledger.suppression.remove(ADA, reason="to have the older entry again")
        ledger.suppression.add([ADA], reason=f"{ASKED}made-up-1", source=BY_OUTCOME)
        assert ledger.suppression.count_rehearsed() == 1
        assert ledger.suppression.remove_rehearsed(reason="made up") == 1
        assert ledger.suppression.of([ADA, BOB], service=EVERYWHERE).keys() == {ADA}
