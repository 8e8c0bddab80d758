"""The answer of a call that others have given up is its own sender's to write, late as it is, and nobody else's."""

import json
from datetime import timedelta

import pytest

from campaign.domain.errors import LedgerError
from campaign.domain.model import Created, Outcome, Rejected, Unknown
from campaign.ledger.records.lost_calls import CallFound
from campaign.ledger.writes.claims import Settlement
from tests.ledger.backend import (
    ADA,
    BOB,
    NOT_SENT,
    REJECTED,
    UNKNOWN,
    Backend,
    hold,
    intruder,
    load,
    named,
    people,
    states,
    waiting,
)
from tests.ledger.workers.test_workers import take_for_dead

pytestmark = pytest.mark.anyio
LATE = Created("late-1")


@pytest.mark.parametrize(("ending", "stands"), [(LATE, "created"), (REJECTED, "rejected")])
async def test_a_late_answer_settles_what_others_made_unknown(backend: Backend, ending: Outcome, stands: str) -> None:
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        assert take_for_dead(backend) == 1
        assert await held.settle(ada, ending) == ending
    assert states(backend) == [stands]
    [(outcome, evidence)] = backend.ask("SELECT outcome, evidence FROM attempt")
    assert outcome == stands
    assert {"owner", "taken_for_dead_by", "late"} <= set(json.loads(evidence))
    assert backend.ask("SELECT why FROM event ORDER BY id DESC LIMIT 1")[0][0].startswith("the answer came late")


@pytest.mark.parametrize("ending", [UNKNOWN, NOT_SENT], ids=["unknown", "not sent"])
async def test_a_late_ending_without_an_answer_leaves_it_unknown(backend: Backend, ending: Outcome) -> None:
    """Also where nothing was sent: only a person makes an unknown row pending."""
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        take_for_dead(backend)
        assert isinstance(await held.settle(ada, ending), Unknown)
    assert states(backend) == ["unknown"]


async def test_nobody_else_heals(backend: Backend) -> None:
    """Another process knows nothing of this call: what it believes to be the answer is another call's."""
    with backend.open() as ledger, backend.open() as other, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        take_for_dead(backend)
        with pytest.raises(LedgerError, match="settled by somebody else"):
            await intruder(other, held).settle(ada, LATE)
    assert states(backend) == ["unknown"]


async def test_a_look_up_that_was_faster_is_right_as_well(backend: Backend) -> None:
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        take_for_dead(backend)
        assert ledger.lookups.adopt(ledger.read.lost.unknown(1)[0], CallFound("late-1", by="words"))
        assert await held.settle(ada, LATE) == LATE
        assert states(backend) == ["created"]
        with pytest.raises(LedgerError, match="settled by somebody else"):
            await held.settle(ada, Created("another"))
    assert backend.ask("SELECT call_id FROM attempt") == [("late-1",)]


async def test_a_row_that_a_person_has_decided_about_is_not_changed(backend: Backend) -> None:
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        take_for_dead(backend, after=timedelta(minutes=5))
        assert ledger.lookups.mark_not_called(ledger.read.lost.unknown(1)[0], who="grace")
        with pytest.raises(LedgerError, match="settled by somebody else"):
            await held.settle(ada, LATE)
    assert states(backend) == ["pending"]


async def test_a_list_that_shows_several_calls_knows_more_than_one_late_answer(backend: Backend) -> None:
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        take_for_dead(backend)
        seen = {"several": ["late-1", "another"]}
        assert ledger.lookups.flag(ledger.read.lost.unknown(1)[0], reason="two fit", seen=seen)
        assert isinstance(await held.settle(ada, LATE), Unknown)
    assert states(backend) == ["unknown"]


async def test_a_late_id_that_another_call_has_leaves_it_unknown(backend: Backend) -> None:
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA, BOB))) as held:
        ada, bob = waiting(ledger, held.record)
        for attempt in (ada, bob):
            await held.claim(attempt)
        await held.settle(bob, LATE)
        take_for_dead(backend)
        assert isinstance(await held.settle(ada, LATE), Unknown)
        assert await held.settle(ada, Rejected(400, "no")) == Rejected(400, "no"), "the ledger goes on"
    assert states(backend) == ["rejected", "created"]


async def test_a_journal_heals_what_was_made_unknown_before_it_was_read(backend: Backend) -> None:
    """A worker whose ledger was out of reach kept its endings; meanwhile others took it for dead."""
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA))) as held:
        [ada] = waiting(ledger, held.record)
        await held.claim(ada)
        take_for_dead(backend)
        held._journal.keep(Settlement(attempt=ada, owner=ledger.owner, at="2026", outcome=LATE))
    with backend.open() as ledger, hold(ledger, named(ledger, "december")):
        pass
    assert states(backend) == ["created"]
