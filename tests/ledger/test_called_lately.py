"""Nobody is called twice within the time, by whichever run."""

from datetime import timedelta

import pytest

from campaign.domain.model import Attempt, ClaimRefused, Created, Outcome
from campaign.domain.skip_reason import CalledRecentlyBy
from tests.ledger.backend import (
    ADA,
    BOB,
    CY,
    NOT_SENT,
    REJECTED,
    SERVICE,
    UNKNOWN,
    WINDOW,
    Backend,
    dialling,
    draft,
    hold,
    load,
    named,
    people,
    put_back_rejected,
    states,
    waiting,
)
from tests.loading import begun

pytestmark = pytest.mark.anyio

COUNTS = {"created": Created("id-1"), "unknown": UNKNOWN, "open": None}
COUNTS_NOT: dict[str, Outcome] = {"rejected": REJECTED, "not sent": NOT_SENT}


async def call_ada(backend: Backend, ending: Outcome | None) -> None:
    """By a run called december; None leaves the call on its way."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        if ending is not None:
            await held.settle(ada, ending)


async def call_again(backend: Backend, *, service: str = SERVICE, window: timedelta = WINDOW) -> ClaimRefused | None:
    """By a run called again; what its claim came to. A call that was promised is refused, to leave nothing open."""
    with backend.open() as ledger:
        record = load(ledger, people(ADA), name="again", service=service)
        with hold(ledger, record, call_again_after=window) as held:
            [ada] = waiting(ledger, record)
            if (recently := await held.claim(ada)) is None:
                await held.settle(ada, REJECTED)
            return recently


def skipped_while_loading(backend: Backend, *, service: str = SERVICE, window: timedelta = WINDOW) -> list[str]:
    """The reasons of the rows that a loading run of the same number leaves out."""
    with backend.open() as ledger:
        made = draft(service=service)
        loading = begun(ledger, made, people(BOB, ADA))
        count = ledger.drafts.skip_called_recently(loading, call_again_after=window)
        found = backend.ask(
            "SELECT number, reason FROM sheet_row WHERE run_id = :run AND state = 'skipped'", run=loading.run_id
        )
        ledger.drafts.discard(loading)
    assert count == len(found)
    assert all(number == 3 for number, _ in found)
    return [reason for _, reason in found]


async def test_a_load_leaves_nobody_out_as_recent_where_nothing_is(backend: Backend) -> None:
    """A call of another run that is claimed while this one is loaded is later than any instant read here."""
    await call_ada(backend, Created("id-1"))
    backend.clock.passes(timedelta(milliseconds=-3))
    assert skipped_while_loading(backend, window=timedelta(0)) == []


def known(backend: Backend, *, service: str = SERVICE, window: timedelta = WINDOW) -> dict[str, tuple[str, str]]:
    with backend.open() as ledger:
        since = (backend.clock.at - window).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return ledger.read.earlier.called_since([ADA, CY], service=service, since=since)


@pytest.mark.parametrize("ending", COUNTS.values(), ids=COUNTS)
async def test_a_number_that_was_or_may_have_been_called_is_left_out(backend: Backend, ending: Outcome | None) -> None:
    """Also one whose answer was lost, or is still awaited; the row says when, and by which run."""
    await call_ada(backend, ending)
    backend.clock.passes(timedelta(hours=23))
    reason = "called recently: 2026-12-01T09:00:00.000Z by run december, row 2"
    assert skipped_while_loading(backend) == [reason]
    assert known(backend) == {ADA: ("2026-12-01T09:00:00.000Z", "december")}
    by_ada = CalledRecentlyBy("2026-12-01T09:00:00.000Z", "december", row=2)
    assert await call_again(backend) == ClaimRefused(by_ada)
    assert states(backend, run="again") == ["skipped"]
    assert backend.ask("SELECT reason, attempts FROM sheet_row WHERE state = 'skipped'") == [(reason, 0)]


@pytest.mark.parametrize("ending", COUNTS_NOT.values(), ids=COUNTS_NOT)
async def test_an_attempt_that_provably_made_no_call_does_not_count(backend: Backend, ending: Outcome) -> None:
    """The number was refused, or never reached the server: leaving its owner out would be forgetting them."""
    await call_ada(backend, ending)
    assert skipped_while_loading(backend) == []
    assert known(backend) == {}
    assert await call_again(backend) is None


@pytest.mark.parametrize("ending", COUNTS.values(), ids=COUNTS)
async def test_after_the_time_the_number_may_be_called(backend: Backend, ending: Outcome | None) -> None:
    """Next month's reminder is not this month's."""
    await call_ada(backend, ending)
    backend.clock.passes(WINDOW)
    assert skipped_while_loading(backend) == []
    assert known(backend) == {}
    assert await call_again(backend) is None


async def test_a_moment_before_the_time_it_may_not(backend: Backend) -> None:
    await call_ada(backend, UNKNOWN)
    backend.clock.passes(WINDOW - timedelta(milliseconds=1))
    assert len(skipped_while_loading(backend)) == 1
    assert await call_again(backend) is not None


async def test_the_time_is_the_runs_own(backend: Backend) -> None:
    """A template that allows a call an hour later gets it, another one's day notwithstanding."""
    await call_ada(backend, UNKNOWN)
    backend.clock.passes(timedelta(hours=2))
    assert skipped_while_loading(backend, window=timedelta(hours=1)) == []
    assert len(skipped_while_loading(backend, window=timedelta(hours=3))) == 1
    assert await call_again(backend, window=timedelta(hours=1)) is None


async def test_a_clock_that_was_set_back_does_not_allow_a_second_call(backend: Backend) -> None:
    """An attempt from the future is a late one, too."""
    await call_ada(backend, UNKNOWN)
    backend.clock.passes(timedelta(days=-3))
    assert len(skipped_while_loading(backend)) == 1
    assert await call_again(backend) is not None


async def test_another_service_is_another_world(backend: Backend) -> None:
    """Calls to a stand-in rang nobody's phone."""
    await call_ada(backend, Created("id-1"))
    assert skipped_while_loading(backend, service="sandbox") == []
    assert known(backend, service="sandbox") == {}
    assert await call_again(backend, service="sandbox") is None


async def test_a_rows_own_earlier_attempts_do_not_hold_it_back(backend: Backend) -> None:
    """A row that was refused is called again by a rerun, on the same day."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, REJECTED)
    with backend.open() as ledger, hold(ledger, named(ledger, "december")) as held:
        put_back_rejected(ledger, held.record)
        [again] = waiting(ledger, held.record)
        assert await held.claim(again) is None
        await held.settle(again, Created("id-1"))


async def test_a_row_that_waits_for_another_try_is_left_out_too(backend: Backend) -> None:
    """While it waited, another run reached the number."""
    with dialling(backend, ADA) as (held, [ada]):
        await held.claim(ada)
        await held.settle(ada, NOT_SENT)
        assert await call_then(backend, Created("id-1")) is None
        [again] = waiting_again(backend)
        assert isinstance(await held.claim(again), ClaimRefused)
        assert states(backend) == ["skipped"]


async def call_then(backend: Backend, ending: Outcome) -> ClaimRefused | None:
    """By a run called between."""
    with backend.open() as ledger, hold(ledger, load(ledger, people(ADA), name="between")) as held:
        [ada] = waiting(ledger, held.record)
        recently = await held.claim(ada)
        await held.settle(ada, ending)
        return recently


def waiting_again(backend: Backend) -> list[Attempt]:
    with backend.open() as ledger:
        return waiting(ledger, named(ledger, "december"))
