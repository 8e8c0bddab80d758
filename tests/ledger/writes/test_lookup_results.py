"""What a lookup may write: only from where a row really stands, each id once, and with its history beside it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from campaign.domain.model import Attempt, Created, Outcome, RowState
from campaign.domain.skip_reason import CalledElsewhere
from campaign.ledger.records.lost_calls import CallFound
from tests.ledger.backend import (
    ADA,
    BOB,
    CY,
    DEE,
    SERVICE,
    UNKNOWN,
    Backend,
    Clock,
    everything,
    hold,
    load,
    named,
    people,
    states,
    waiting,
)

pytestmark = pytest.mark.anyio
ELSEWHERE = CalledElsewhere("call-8", at="2026-12-01T08:00:00.000Z", recent=True)
FOUND = CallFound("call-9", by="number, words and time")


async def lost(backend: Backend, *phones: str) -> None:
    """A run in which the first person's answer was lost."""
    with backend.open() as ledger:
        record = load(ledger, people(*phones))
        with hold(ledger, record) as held:
            first = waiting(ledger, record)[0]
            await held.claim(first)
            await held.settle(first, UNKNOWN)


async def test_a_lost_answer_that_is_found_makes_its_row_created_with_the_evidence_of_both(backend: Backend) -> None:
    await lost(backend, ADA)
    with backend.open() as ledger:
        (one,) = ledger.read.lost.unknown(1)
        assert ledger.lookups.adopt(one, FOUND)
        assert ledger.read.lost.known_ids(["call-9", "call-8"]) == {"call-9"}
        assert not ledger.lookups.adopt(one, CallFound("call-8", by="again")), "it is not unknown any more"
    assert states(backend) == ["created"]
    ((outcome, call_id, evidence),) = backend.ask("SELECT outcome, call_id, evidence FROM attempt")
    assert (outcome, call_id) == ("created", "call-9")
    kept = json.loads(evidence)
    assert kept["ended"] == "ReadError"
    assert kept["looked_up"]["by"] == FOUND.by
    assert backend.ask("SELECT why FROM event WHERE to_state = 'created'")[0][0].startswith("looked up: call call-9")


@pytest.mark.every_database
async def test_an_id_that_another_row_has_is_given_to_nobody_else(backend: Backend) -> None:
    await lost(backend, ADA, BOB)
    with backend.open() as ledger:
        with hold(ledger, named(ledger, "december")) as held:
            (bob,) = waiting(ledger, held.record)
            await held.claim(bob)
            await held.settle(bob, Created("call-9"))
        before = everything(backend)
        assert not ledger.lookups.adopt(ledger.read.lost.unknown(1)[0], FOUND)
    assert everything(backend) == before


async def test_a_persons_word_makes_a_row_pending_and_is_kept_with_name_and_time(backend: Backend) -> None:
    await lost(backend, ADA)
    backend.clock.passes(timedelta(minutes=2))
    with backend.open() as ledger:
        (one,) = ledger.read.lost.unknown(1)
        backend.clock.passes(-timedelta(milliseconds=1))
        assert not ledger.lookups.mark_not_called(one, who="grace"), "its answer may still come"
        backend.clock.passes(timedelta(milliseconds=1))
        assert ledger.lookups.mark_not_called(one, who="grace")
        assert not ledger.lookups.mark_not_called(one, who="grace"), "said once, it is not said again"
        assert [row.number for row in waiting(ledger, named(ledger, "december"))] == [2]
        assert ledger.read.lost.open_sendings([ADA], service=SERVICE), "the call may turn up all the same"
    assert states(backend) == ["pending"]
    assert backend.ask("SELECT why FROM event WHERE to_state = 'pending'") == [("grace says that it was not called",)]
    kept = json.loads(backend.ask("SELECT evidence FROM attempt")[0][0])["looked_up"]
    assert kept == {"not_called": "grace", "at": "2026-12-01T09:02:00.000Z"}


async def test_what_was_seen_of_a_row_that_stays_unknown_is_shown_with_it(backend: Backend) -> None:
    await lost(backend, ADA)
    with backend.open() as ledger:
        assert ledger.lookups.flag(ledger.read.lost.unknown(1)[0], reason="two fit", seen={"several": ["a", "b"]})
    assert backend.ask("SELECT state, reason FROM sheet_row") == [("unknown", "two fit")]


async def test_a_call_that_another_ledger_made_becomes_the_rows_next_attempt(backend: Backend, clock: Clock) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB, CY))
        ada, bob, cy = ledger.read.lost.waiting_people(record.id, [ADA, BOB, CY, DEE])
        made_at = clock.at - timedelta(minutes=3)
        found = CallFound("call-9", by="its reference", made_at=made_at)
        assert ledger.lookups.adopt_waiting(ada, found, run_id=record.id, service=SERVICE)
        assert ledger.lookups.doubt_waiting(bob, reason="two fit", seen={}, run_id=record.id, service=SERVICE)
        assert ledger.lookups.skip_waiting(cy, ELSEWHERE)
        for row in (ada, bob, cy):
            assert not ledger.lookups.adopt_waiting(row, CallFound("x", by="y"), run_id=record.id, service=SERVICE)
            assert not ledger.lookups.skip_waiting(row, ELSEWHERE)
        assert ledger.read.lost.last_recorded(record.id, before="9", most=5) == [], "this ledger made none itself"
    assert states(backend) == ["created", "unknown", "skipped"]
    reason = "called recently: 2026-12-01T08:00:00.000Z by a call that this ledger does not know: call-8"
    assert backend.ask("SELECT reason, skip_reason FROM sheet_row WHERE state = 'skipped'") == [
        (reason, "called_elsewhere")
    ]
    assert backend.ask("SELECT attempt, why FROM event WHERE to_state = 'skipped'") == [(1, reason)]
    assert backend.ask("SELECT submitted_at, call_id, attempts FROM sheet_row WHERE phone = :ada", ada=ADA) == [
        ("2026-12-01T08:57:00.000Z", "call-9", 1)
    ]


async def test_a_row_on_its_way_in_another_process_is_neither_waiting_nor_unknown(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        with hold(ledger, record) as held:
            row = ledger.read.lost.waiting_people(record.id, [ADA])[0]
            (ada,) = waiting(ledger, record)
            await held.claim(ada)
            assert ledger.read.lost.waiting_people(record.id, [ADA]) == []
            assert ledger.read.lost.unknown(record.id) == []
            assert not ledger.lookups.skip_waiting(row, ELSEWHERE)
            assert not ledger.lookups.adopt_waiting(row, FOUND, run_id=record.id, service=SERVICE)
            assert [one.ended_at for one in ledger.read.lost.open_sendings([ADA], service=SERVICE)] == [None]
            await held.settle(ada, Created("call-9"))


async def test_the_calls_just_before_and_after_are_the_nearest_that_this_ledger_sent(
    backend: Backend, clock: Clock
) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB, CY))
        with hold(ledger, record) as held:
            outcomes: list[Outcome] = [Created("a"), UNKNOWN, Created("c")]
            for row, outcome in zip(waiting(ledger, record), outcomes, strict=True):
                await held.claim(row)
                await held.settle(row, outcome)
                clock.passes(timedelta(seconds=1))
        (bob,) = ledger.read.lost.unknown(record.id)
        assert ledger.read.lost.neighbours(record.id, bob.claimed_at) == ("a", "c")
        assert [one.call_id for one in ledger.read.lost.last_recorded(record.id, before="9", most=1)] == ["c"]


async def test_the_millisecond_of_a_request_is_kept_with_its_attempt(backend: Backend) -> None:
    body = b'{"toPhoneNumber": "+12025550101", "callDelayedUntil": "2026-12-02T09:00:00.017Z"}'
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        with hold(ledger, record) as held:
            (ada,) = waiting(ledger, record)
            until = datetime(2026, 12, 2, 9, 0, 0, 17_000, tzinfo=UTC)
            marked = Attempt(ada.row_id, ada.row_number, 1, ADA, body, waiting_as=RowState.PENDING, delayed_until=until)
            await held.claim(marked)
            await held.settle(marked, UNKNOWN)
        assert [one.delayed_until for one in ledger.read.lost.unknown(record.id)] == ["2026-12-02T09:00:00.017Z"]
