"""After a crash: what was on its way is unknown, and is never simply sent again."""

from datetime import timedelta

import pytest

from campaign.domain.errors import LedgerError
from campaign.domain.model import Created, Outcome, Rejected
from campaign.ledger.writes.claims import Settlement
from tests.ledger.backend import (
    ADA,
    BOB,
    CY,
    DEE,
    NOT_SENT,
    REJECTED,
    UNKNOWN,
    Backend,
    assert_history_explains_the_present,
    dialling,
    hold,
    load,
    named,
    people,
    put_back_rejected,
    states,
    waiting,
)
from tests.ledger.gate import break_disk

pytestmark = pytest.mark.anyio


@pytest.mark.every_database
async def test_whatever_was_on_its_way_is_unknown_and_never_pending(backend: Backend) -> None:
    """The phone may have rung, and nobody is there to say."""
    with dialling(backend, ADA, BOB, CY) as (held, [ada, bob, _]):
        await held.claim(ada)
        await held.claim(bob)
    with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
        assert held.recovered == 2
        assert states(backend) == ["unknown", "unknown", "pending"]
        assert [attempt.phone for attempt in waiting(ledger, held.record)] == [CY]
    [(reason, evidence)] = backend.ask("SELECT reason, evidence FROM sheet_row r JOIN attempt ON row_id = r.id LIMIT 1")
    assert "may have been made" in reason
    assert "owner" in evidence


async def test_a_row_in_any_other_state_is_left_as_it_stands(backend: Backend) -> None:
    """A restart changes nothing that is known."""
    with dialling(backend, ADA, BOB, CY, DEE, None) as (held, [ada, bob, cy, dee]):
        endings: list[Outcome] = [Created("id-1"), REJECTED, UNKNOWN, NOT_SENT]
        for attempt, ending in zip((ada, bob, cy, dee), endings, strict=True):
            await held.claim(attempt)
            await held.settle(attempt, ending)
    before = states(backend)
    with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
        assert held.recovered == 0
        assert states(backend) == before == ["created", "rejected", "unknown", "retry_wait", "invalid"]


async def test_a_second_recovery_finds_nothing_more_to_do(backend: Backend) -> None:
    """A machine that fails again and again while it starts up."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
    for recovered in (1, 0, 0):
        with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
            assert held.recovered == recovered
            assert states(backend) == ["unknown"]


async def test_another_runs_calls_on_their_way_are_none_of_its_business(backend: Backend) -> None:
    """Its own process may be alive and waiting for the answer."""
    with dialling(backend, ADA, name="first") as (held, [ada]):
        await held.claim(ada)
        with backend.open() as ledger:
            record = load(ledger, people(BOB), name="second")
            with hold(ledger, record) as second:
                assert second.recovered == 0
        assert states(backend, run="first") == ["sending"]
        await held.settle(ada, Created("id-1"))


@pytest.mark.parametrize(
    ("ending", "state"),
    [(Created("id-1"), "created"), (REJECTED, "rejected"), (UNKNOWN, "unknown"), (NOT_SENT, "unknown")],
    ids=["created", "rejected", "unknown", "not sent"],
)
async def test_an_ending_that_the_ledger_could_not_take_stands_after_the_next_start(
    backend: Backend, ending: Outcome, state: str
) -> None:
    """The disk filled up while the phone rang: the id is not lost. "Not sent" is not trusted to a full disk."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        break_disk(held)
        with pytest.raises(LedgerError, match="disk is full"):
            await held.settle(ada, ending)
        assert states(backend) == ["sending"]
        assert not held.lost
    with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
        assert held.recovered == (ending == NOT_SENT)
        assert states(backend) == [state]
        assert backend.ask("SELECT call_id FROM attempt") == [("id-1" if state == "created" else None,)]


async def test_the_journal_is_read_before_anything_is_taken_for_lost(backend: Backend) -> None:
    """One row's ending is in the journal, the other's is nowhere: they must not be mixed up."""
    with dialling(backend, ADA, BOB) as (held, [ada, bob]):
        await held.claim(ada)
        await held.claim(bob)
        break_disk(held)
        with pytest.raises(LedgerError):
            await held.settle(bob, Created("id-2"))
    with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
        assert held.recovered == 1
        assert states(backend) == ["unknown", "created"]


async def test_a_journal_that_gives_an_id_a_second_time_leaves_its_row_unknown(backend: Backend) -> None:
    """As without a journal; above all the run can still be gone on with."""
    with dialling(backend, ADA, BOB, CY) as (held, [ada, bob, cy]):
        for attempt in (ada, bob, cy):
            await held.claim(attempt)
        await held.settle(ada, Created("id-1"))
        break_disk(held)
        for attempt, call_id in ((bob, "id-1"), (cy, "id-3")):
            with pytest.raises(LedgerError):
                await held.settle(attempt, Created(call_id))
    with backend.open() as ledger, hold(ledger, named(ledger, "december")):
        assert states(backend) == ["created", "unknown", "created"]


async def test_an_odd_text_in_the_journal_does_not_stop_the_next_start(backend: Backend) -> None:
    """A run that cannot be resumed forgets everybody who still waits."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        break_disk(held)
        with pytest.raises(LedgerError):
            await held.settle(ada, Rejected(status=400, reason="half a character: \ud83d"))
    with backend.open() as ledger, hold(ledger, named(ledger, "december")):
        assert states(backend) == ["rejected"]


async def test_what_became_unknown_still_counts_as_called_recently(backend: Backend) -> None:
    """The crash does not make the phone ring less."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
    with backend.open() as ledger:
        with hold(ledger, named(ledger, "december")):
            pass
        with hold(ledger, load(ledger, people(ADA), name="again")) as held:
            [again] = waiting(ledger, held.record)
            assert await held.claim(again) is not None
        assert states(backend, run="again") == ["skipped"]


async def test_only_rejected_rows_are_put_back_and_each_in_a_new_round(backend: Backend) -> None:
    """A rerun is for those who were refused: not for the unknown, and not for those who merely still wait."""
    with dialling(backend, ADA, BOB, CY, DEE, None) as (held, [ada, bob, cy, _]):
        for attempt, ending in ((ada, REJECTED), (bob, UNKNOWN), (cy, Created("id-1"))):
            await held.claim(attempt)
            await held.settle(attempt, ending)
    for times in (1, 2):
        with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
            assert put_back_rejected(ledger, held.record) == 1
            assert put_back_rejected(ledger, held.record) == 0
            assert states(backend) == ["pending", "unknown", "created", "pending", "invalid"]
            [again] = waiting(ledger, held.record, from_round=1)
            assert (again.phone, again.number) == (ADA, times + 1)
            assert ledger.read.rows.count_waiting(held.record.id, from_round=1) == 1
            assert ledger.read.rows.count_waiting(held.record.id, from_round=0) == 2
            assert [attempt.phone for attempt in waiting(ledger, held.record)] == [ADA, DEE]
            backend.clock.passes(timedelta(minutes=1))
            await held.claim(again)
            await held.settle(again, REJECTED)
        assert backend.ask("SELECT round FROM sheet_row WHERE id = :id", id=ada.row_id) == [(times,)]


@pytest.mark.every_database
async def test_a_claim_that_was_lost_with_the_files_comes_back_from_the_journal(backend: Backend) -> None:
    """Its row looks as if nobody had called; but the journal has the call, and it is not made again."""
    with dialling(backend, ADA, BOB, CY) as (held, [ada, bob, cy]):
        for attempt in (ada, bob, cy):
            held._journal.keep(
                Settlement(attempt=attempt, owner="o", at="2026-12-01T09:00:00.000Z", outcome=ENDINGS[attempt.phone])
            )
    for _ in range(2):
        with backend.open() as ledger, hold(ledger, named(ledger, "december")):
            assert states(backend) == ["created", "unknown", "pending"]
            assert_history_explains_the_present(backend)
    assert backend.ask("SELECT call_id FROM attempt WHERE outcome = 'created'") == [("id-1",)]


ENDINGS: dict[str, Outcome] = {ADA: Created("id-1"), BOB: UNKNOWN, CY: REJECTED}
