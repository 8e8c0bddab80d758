"""Calls ahead: who opts out may have a call on its way, and only the ledger can say which."""

from datetime import timedelta

import pytest

from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.model import Created, Outcome, RowState
from campaign.ledger.queries.calls_ahead import calls_ahead_to
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.ledger.records.lost_calls import CallFound
from tests.ledger.backend import (
    ADA,
    BOB,
    CY,
    NOT_SENT,
    REJECTED,
    SERVICE,
    UNKNOWN,
    Backend,
    hold,
    load,
    people,
    waiting,
)

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def submit(
    backend: Backend, phone: str, ending: Outcome | None, *, ahead: timedelta = HOUR, service: str = SERVICE
) -> None:
    """By a run called december, with a callDelayedUntil so far ahead; None leaves the answer awaited."""
    with backend.open() as ledger:
        record = load(ledger, people(phone), name="december", service=service)
        with hold(ledger, record) as held:
            attempt = waiting(ledger, record)[0]._replace(delayed_until=backend.clock.at + ahead)
            await held.claim(attempt)
            if ending is not None:
                await held.settle(attempt, ending, wait_as=RowState.RETRY_WAIT)


def ahead(backend: Backend, *phones: str) -> list[CallAhead]:
    with backend.open() as ledger:
        return ledger.read.earlier.ahead_to(phones, at=backend.clock.at)


@pytest.mark.parametrize(
    ("ending", "call_id"),
    [(Created("id-1"), "id-1"), (UNKNOWN, None), (None, None)],
    ids=["created", "unknown", "open"],
)
async def test_a_submitted_call_is_ahead_until_its_time(
    backend: Backend, ending: Outcome | None, call_id: str | None
) -> None:
    """One whose answer was lost may ring as well, and is named as such."""
    await submit(backend, ADA, ending)
    at = backend.clock.at + HOUR
    assert ahead(backend, BOB, ADA) == [CallAhead(ADA, "december", 2, call_id, at)]
    assert ahead(backend, BOB) == []
    backend.clock.passes(HOUR)
    assert ahead(backend, ADA) == []


@pytest.mark.parametrize("ending", [REJECTED, NOT_SENT], ids=["rejected", "not sent"])
async def test_what_provably_rings_nowhere_is_not_ahead(backend: Backend, ending: Outcome) -> None:
    await submit(backend, ADA, ending)
    assert ahead(backend, ADA) == []


async def test_a_call_to_the_other_spelling_of_a_line_is_ahead(backend: Backend) -> None:
    """Who opts out writes the number as at home; the call was submitted as from abroad, and rings the same phone."""
    abroad, at_home = "+5491123456789", "+541123456789"
    await submit(backend, abroad, Created("id-1"))
    at = backend.clock.at + HOUR
    assert ahead(backend, at_home) == [CallAhead(at_home, "december", 2, "id-1", at)]
    assert [call.phone for call in ahead(backend, abroad, BOB, at_home)] == [abroad, at_home]


async def test_a_call_of_the_stand_in_rings_nowhere(backend: Backend) -> None:
    await submit(backend, ADA, Created("id-1"), service=SANDBOX_SERVICE)
    assert ahead(backend, ADA) == []


async def test_a_call_that_is_over_before_its_time_is_not_ahead(backend: Backend) -> None:
    """Cancelled on AICaller's own pages, as the person who opted out was promised."""
    await submit(backend, ADA, Created("id-1"))
    at = "2026-12-01T09:01:00.000Z"
    backend.tamper(
        "INSERT INTO call_outcome (call_id, row_id, attempt, run_id, status, ended_as, final_since, looks, looked_at) "
        "SELECT call_id, row_id, number, run_id, 'cancelled', 'cancelled', :at, 1, :at FROM attempt",
        at=at,
    )
    assert ahead(backend, ADA) == []


@pytest.mark.every_database
async def test_the_calls_of_a_forgotten_run_are_still_named(backend: Backend) -> None:
    """Its numbers are hashes by then; the person who opts out has the number."""
    await submit(backend, ADA, Created("id-1"))
    with backend.open() as ledger:
        record = ledger.read.runs.find("december")
        assert record is not None
        with hold(ledger, record):
            ledger.forget(record, drop_waiting=True)
    assert [call.phone for call in ahead(backend, ADA, CY)] == [ADA]


async def test_a_run_says_how_many_of_its_calls_are_ahead(backend: Backend) -> None:
    await submit(backend, ADA, Created("id-1"))
    with backend.open() as ledger:
        record = ledger.read.runs.find("december")
        assert record is not None
        count, [first] = ledger.read.earlier.ahead_of_run(record.id, at=backend.clock.at, most=5)
        assert (count, first.call_id) == (1, "id-1")
        assert ledger.read.earlier.ahead_of_run(record.id, at=backend.clock.at + HOUR, most=5) == (0, [])


async def test_an_adopted_call_keeps_the_time_at_which_it_rings(backend: Backend) -> None:
    """It was submitted by a ledger that knew more; this one learns of it from the list."""
    at = backend.clock.at + HOUR
    with backend.open() as ledger:
        record = load(ledger, people(ADA, BOB), name="december")
        with hold(ledger, record):
            persons = ledger.read.lost.waiting_people(record.id, [ADA, BOB])
            for number, person in enumerate(persons):
                found = CallFound(f"id-{number}", by="number", made_at=backend.clock.at, delayed_until=at)
                assert ledger.lookups.adopt_waiting(person, found, run_id=record.id, service=SERVICE)
    # No two calls of a run have one time, so the second one's is not kept; it is adopted all the same.
    assert [call.call_id for call in ahead(backend, ADA, BOB)] == ["id-0"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_numbers_are_searched_by_index_in_one_statement(backend: Backend) -> None:
    """A list of a million numbers is imported into a ledger of ten million calls."""
    await submit(backend, ADA, Created("id-1"))
    statement = calls_ahead_to([ADA, BOB, CY], services=[SERVICE], at=backend.clock.at)
    with backend.open() as ledger, ledger._reading.connect() as connection:
        bound = statement.compile(connection.engine, compile_kwargs={"literal_binds": True})
        plan = [step[3] for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {bound}").all()]
    assert plan[0] == "SEARCH attempt USING INDEX attempt_by_line (service=? AND line=?)", plan
    assert not [step for step in plan if step.startswith("SCAN")], plan
