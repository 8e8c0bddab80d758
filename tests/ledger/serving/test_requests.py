"""Request keys, acts and orders: a request is done once, an act stays, and an order outlives its server."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from campaign.ledger.records.serving import (
    Claimed,
    LeftRequest,
    NewRequest,
    OrderRecord,
    OtherRequest,
    SameRequest,
    Wanted,
)
from campaign.ledger.store import Ledger
from tests.ledger.backend import ADA, BOB, Backend, hold, load, people


def claim(ledger: Ledger, *, who: str = "token n8n", key: str = "k", fingerprint: str = "f") -> Claimed:
    return ledger.serving.keys.claim(who, key, fingerprint)


@pytest.mark.every_database
def test_a_key_is_claimed_once(backend: Backend) -> None:
    """A repetition meets the one that is under way, also in another process."""
    with backend.open() as ledger, backend.open() as other:
        first = claim(ledger)
        assert isinstance(first, NewRequest)
        assert claim(other) == claim(ledger) == SameRequest(first.key)
        assert isinstance(claim(other, who="token zapier"), NewRequest)
        assert isinstance(claim(other, key="k2"), NewRequest)


def test_a_key_that_asks_for_something_else_is_another_request(backend: Backend) -> None:
    with backend.open() as ledger:
        first = claim(ledger)
        assert claim(ledger, fingerprint="g") == OtherRequest(first.key)


def test_an_answer_is_given_once_and_survives_its_process(backend: Backend) -> None:
    with backend.open() as ledger:
        key = claim(ledger).key
        assert ledger.serving.keys.note_draft(key, "d")
        assert ledger.serving.keys.answer(key, run="december", status=201, answer='{"run": "december"}')
        assert not ledger.serving.keys.answer(key, run="other", status=500, answer="{}")
        assert not ledger.serving.keys.release(key)
        assert not ledger.serving.keys.note_draft(key, "e")
    with backend.open() as later:
        answered = replace(key, draft_token="d", run="december", status=201, answer='{"run": "december"}')
        assert claim(later) == SameRequest(answered)


def test_a_request_that_came_to_nothing_may_be_sent_again(backend: Backend) -> None:
    with backend.open() as ledger:
        assert ledger.serving.keys.release(claim(ledger).key)
        assert isinstance(claim(ledger), NewRequest)


def test_a_request_whose_process_was_killed_is_gone_on_with_from_its_draft(backend: Backend) -> None:
    """Else its sender would hear for ever that it is under way; and only one goes on with it."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait(timeout=60)
    with backend.open() as ledger, backend.open() as other:
        first = claim(ledger).key
        ledger.serving.keys.note_draft(first, "d")
        dead = ledger.owner.replace(f":{ledger.owner.split(':')[-2]}:", f":{ended.pid}:")
        backend.tamper("UPDATE idempotency_key SET owner = :dead", dead=dead)
        left = claim(other)
        assert isinstance(left, LeftRequest)
        assert (left.key.draft_token, left.key.owner) == ("d", other.owner)
        assert claim(ledger) == SameRequest(left.key)
        assert not ledger.serving.keys.answer(first, run=None, status=201, answer="{}"), "it is the other's now"
        assert other.serving.keys.answer(left.key, run=None, status=201, answer="{}")


def test_a_request_without_an_answer_for_an_hour_is_left(backend: Backend) -> None:
    """Where its process cannot be looked for: another machine, or a container whose processes have its numbers."""
    with backend.open() as ledger, backend.open() as other:
        claim(ledger)
        backend.clock.passes(timedelta(minutes=59))
        assert isinstance(claim(other), SameRequest)
        backend.clock.passes(timedelta(minutes=1))
        assert isinstance(claim(other), LeftRequest)
        assert isinstance(claim(ledger), SameRequest)


def test_acts_are_read_by_pages_the_newest_first(backend: Backend) -> None:
    with backend.open() as ledger, backend.open() as other:
        acts = ledger.serving.acts
        made = [acts.add(who="ada", what="launch", target=f"run-{at}", detail="") for at in range(5)]
        assert other.serving.acts.page(limit=2) == [made[4], made[3]]
        assert other.serving.acts.page(before=made[3].id, limit=2) == [made[2], made[1]]
        assert other.serving.acts.page(before=made[0].id, limit=2) == []


def test_an_acts_text_is_cut_to_what_the_ledger_takes(backend: Backend) -> None:
    with backend.open() as ledger:
        made = ledger.serving.acts.add(who="ada", what="launch", target="x" * 500, detail="y\udc80" * 500)
        assert (len(made.target), len(made.detail)) == (200, 1000)


@pytest.mark.parametrize("statement", ["UPDATE act SET who = 'bob'", "DELETE FROM act"])
def test_what_was_done_stays_written_down(backend: Backend, statement: str) -> None:
    with backend.open() as ledger:
        ledger.serving.acts.add(who="ada", what="launch", target="december", detail="")
    with pytest.raises(IntegrityError, match="append-only"):
        backend.tamper(statement)


def test_an_order_outlives_its_server(backend: Backend) -> None:
    with backend.open() as ledger:
        first, second = load(ledger, people(ADA)), load(ledger, people(BOB), name="other")
        ordered = ledger.serving.orders.order(second, '{"rate": 2}', "ada")
        also = ledger.serving.orders.order(first, "{}", "bob")
    with backend.open() as later:
        assert later.serving.orders.to_go() == [(first, also), (second, ordered)]
        assert later.serving.orders.of(second) == ordered
        assert ordered == OrderRecord(second.id, Wanted.GO, '{"rate": 2}', "ada", backend.clock.at, 1)


def test_an_erased_run_is_not_to_be_dialled(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(ADA))
        ledger.serving.orders.order(record, "{}", "ada")
        with hold(ledger, record):
            ledger.forget(record, drop_waiting=True)
        assert ledger.serving.orders.to_go() == []
        assert ledger.serving.orders.of(record) is None


def test_a_stopped_run_is_not_to_be_dialled_until_it_is_ordered_again(backend: Backend) -> None:
    with backend.open() as ledger, backend.open() as other:
        record, orders = load(ledger, people(ADA)), ledger.serving.orders
        assert orders.of(record) is None
        assert orders.stop(record, "ada") is None
        orders.order(record, "{}", "ada")
        stopped = other.serving.orders.stop(record, "bob")
        assert stopped is not None
        assert (stopped.wanted, stopped.ordered_by, stopped.options, stopped.revision) == (Wanted.STOP, "bob", "{}", 2)
        assert orders.to_go() == []
        assert orders.order(record, '{"limit": 1}', "ada").revision == 3
        assert [run for run, _ in other.serving.orders.to_go()] == [record]


def test_the_end_of_an_order_does_not_end_a_later_one(backend: Backend) -> None:
    """A server that has just finished must not swallow the resume that a person orders in that moment."""
    with backend.open() as ledger, backend.open() as other:
        record = load(ledger, people(ADA))
        first = ledger.serving.orders.order(record, "{}", "ada")
        second = other.serving.orders.order(record, '{"rate": 1}', "bob")
        assert not ledger.serving.orders.done(first, "server")
        assert ledger.serving.orders.to_go() == [(record, second)]
        assert ledger.serving.orders.done(second, "server")
        assert not ledger.serving.orders.done(second, "server")
        assert ledger.serving.orders.to_go() == []


def test_a_run_is_ordered_first_only_once(backend: Backend) -> None:
    """Of two servers with one launch, one orders; and what was stopped since is not ordered again by a repetition."""
    with backend.open() as ledger, backend.open() as other:
        record = load(ledger, people(ADA))
        first = ledger.serving.orders.order_first(record, '{"limit": 1}', "ada")
        assert first is not None
        assert other.serving.orders.order_first(record, "{}", "bob") is None
        assert ledger.serving.orders.to_go() == [(record, first)]
        stopped = ledger.serving.orders.stop(record, "ada")
        assert other.serving.orders.order_first(record, "{}", "bob") is None
        assert ledger.serving.orders.of(record) == stopped
