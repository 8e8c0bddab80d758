"""Two runs of one template that go on at once do not say the same to the same person, however short the window is."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from campaign.domain.model import ClaimRefused, Contact, Created, Outcome, Screened
from campaign.domain.skip_reason import CalledMeanwhile
from tests.ledger.backend import (
    ADA,
    BOB,
    NOT_SENT,
    REJECTED,
    SERVICE,
    UNKNOWN,
    Backend,
    hold,
    load,
    named,
    people,
    waiting,
)

pytestmark = pytest.mark.anyio
AT_ONCE = timedelta(0)
AT = "2026-12-01T09:00:00.000Z"


def loaded(
    backend: Backend,
    name: str,
    *,
    template: str = "template-1",
    service: str = SERVICE,
    doctor: str = "Dr. Who",
    again: bool = False,
) -> None:
    with backend.open() as ledger:
        rows = [(key, _with(screened, doctor)) for key, screened in people(ADA)]
        load(ledger, rows, name=name, template=template, service=service, again=again)


def _with(screened: Screened, doctor: str) -> Screened:
    verdict = screened.verdict
    assert isinstance(verdict, Contact)
    contact = Contact(verdict.row, verdict.name, verdict.phone, variables=(("doctor", doctor),))
    return screened._replace(verdict=contact)


async def claimed(backend: Backend, name: str, *, ending: Outcome | None) -> ClaimRefused | None:
    """What the claim of that run's one row came to; None as an ending leaves a call on its way."""
    with backend.open() as ledger, hold(ledger, named(ledger, name), call_again_after=AT_ONCE) as held:
        [ada] = waiting(ledger, held.record)
        refused = await held.claim(ada)
        if refused is None and ending is not None:
            await held.settle(ada, ending)
        return refused


@pytest.mark.parametrize("ending", [Created("id-1"), UNKNOWN, None], ids=["created", "unknown", "on its way"])
async def test_what_another_run_says_meanwhile_is_not_said_again(backend: Backend, ending: Outcome | None) -> None:
    """Also when nobody knows yet whether it was said; the row says by which run, and when."""
    loaded(backend, "one")
    loaded(backend, "other")
    assert await claimed(backend, "one", ending=ending) is None
    backend.clock.passes(timedelta(seconds=30))
    assert await claimed(backend, "other", ending=None) == ClaimRefused(CalledMeanwhile(AT, "one", row=2))
    [(reason, code)] = backend.ask("SELECT reason, skip_reason FROM sheet_row WHERE state = 'skipped'")
    assert (reason, code) == (f"called meanwhile: {AT} by run one, row 2, with the same words", "called_meanwhile")


async def test_a_call_claimed_while_ours_waited_to_write_is_none_of_recently(backend: Backend) -> None:
    """Nothing is recent where the window is nothing, also when the other claim is a moment later than ours."""
    loaded(backend, "one")
    loaded(backend, "other")
    backend.clock.passes(timedelta(seconds=30))
    assert await claimed(backend, "one", ending=Created("id-1")) is None
    backend.clock.passes(timedelta(milliseconds=-3))
    later = "2026-12-01T09:00:30.000Z"
    assert await claimed(backend, "other", ending=None) == ClaimRefused(CalledMeanwhile(later, "one", row=2))


@pytest.mark.parametrize("ending", [REJECTED, NOT_SENT], ids=["rejected", "not sent"])
async def test_what_was_provably_not_said_is_said(backend: Backend, ending: Outcome) -> None:
    loaded(backend, "one")
    loaded(backend, "other")
    assert await claimed(backend, "one", ending=ending) is None
    assert await claimed(backend, "other", ending=UNKNOWN) is None


@pytest.mark.parametrize(
    "load_other",
    [
        partial(loaded, doctor="Dr. No"),
        partial(loaded, template="template-2"),
        partial(loaded, service="https://other.test"),
        partial(loaded, again=True),
    ],
    ids=["other words", "another template", "another service", "--again"],
)
async def test_what_is_something_else_is_said(backend: Backend, load_other: Callable[[Backend, str], None]) -> None:
    """A second appointment of the same patient is no second call; and who says --again means it."""
    loaded(backend, "one")
    load_other(backend, "other")
    assert await claimed(backend, "one", ending=Created("id-1")) is None
    backend.clock.passes(timedelta(seconds=30))
    assert await claimed(backend, "other", ending=UNKNOWN) is None


async def test_a_run_that_is_loaded_later_says_it_again(backend: Backend) -> None:
    """Tomorrow's reminder has today's words: until a run is loaded, its load compares them, and --again decides."""
    loaded(backend, "today")
    assert await claimed(backend, "today", ending=Created("id-1")) is None
    backend.clock.passes(timedelta(hours=24))
    loaded(backend, "tomorrow")
    assert await claimed(backend, "tomorrow", ending=UNKNOWN) is None


async def test_the_words_of_an_erased_call_are_known(backend: Backend) -> None:
    loaded(backend, "one")
    loaded(backend, "other")
    assert await claimed(backend, "one", ending=Created("id-1")) is None
    with backend.open() as ledger, hold(ledger, record := named(ledger, "one")):
        ledger.forget(record, drop_waiting=False)
    backend.clock.passes(timedelta(seconds=30))
    assert await claimed(backend, "other", ending=None) == ClaimRefused(CalledMeanwhile(AT, "one", row=2))


async def test_two_claims_in_one_transaction_see_each_other(backend: Backend) -> None:
    """Two runs of one process: a group of claims is one statement, and neither would see the other's call."""
    loaded(backend, "one")
    loaded(backend, "other")
    with backend.open() as ledger:
        one, other = named(ledger, "one"), named(ledger, "other")
        with (
            hold(ledger, one, call_again_after=AT_ONCE) as held,
            hold(ledger, other, call_again_after=AT_ONCE) as beside,
        ):
            [ada], [again] = waiting(ledger, one), waiting(ledger, other)
            assert await held.claim(ada) is None
            assert isinstance(await beside.claim(again), ClaimRefused)
            await held.settle(ada, UNKNOWN)


async def test_no_words_stand_in_the_ledger_for_it(backend: Backend) -> None:
    """What is compared is a keyed hash, as of erased calls: erasure has nothing to remove."""
    loaded(backend, "one")
    assert await claimed(backend, "one", ending=Created("id-1")) is None
    [(said,)] = backend.ask("SELECT said FROM attempt")
    assert len(said) == 64
    assert "Who" not in said
    assert BOB not in said
