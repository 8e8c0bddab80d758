"""A line that is called by one of its numbers is called, whichever of them another sheet or list has."""

from datetime import timedelta

import pytest

from campaign.domain.model import ClaimRefused, Created, Outcome
from campaign.domain.skip_reason import CalledRecentlyBy, Duplicate, OnSuppressionList, OverDayLimit
from tests.ledger.backend import (
    ADA,
    SERVICE,
    UNKNOWN,
    WINDOW,
    Backend,
    draft,
    hold,
    load,
    named,
    people,
    states,
    waiting,
)
from tests.loading import begun

pytestmark = pytest.mark.anyio
MOBILE, AT_HOME = "+5491123456789", "+541123456789"
BOTH_WAYS = pytest.mark.parametrize(("first", "second"), [(MOBILE, AT_HOME), (AT_HOME, MOBILE)])
AT = "2026-12-01T09:00:00.000Z"


async def call(backend: Backend, phone: str, *, name: str = "december", ending: Outcome | None = None) -> None:
    """By a run of that name; its one row is row 2."""
    with backend.open() as ledger:
        record = load(ledger, people(phone), name=name)
        with hold(ledger, record) as held:
            [attempt] = waiting(ledger, record)
            assert await held.claim(attempt) is None
            await held.settle(attempt, ending or Created(f"id-{name}"))


async def claim(
    backend: Backend, phone: str, *, name: str = "again", window: timedelta = WINDOW, most_per_day: int | None = None
) -> ClaimRefused | None:
    """By a new run; what its claim came to."""
    with backend.open() as ledger:
        record = load(ledger, people(phone), name=name)
        with ledger.hold(record, call_again_after=window, most_per_day=most_per_day) as held:
            [attempt] = waiting(ledger, record)
            if (refused := await held.claim(attempt)) is None:
                await held.settle(attempt, UNKNOWN)
            return refused


@BOTH_WAYS
async def test_a_claim_is_refused_after_a_call_to_the_other_number(backend: Backend, first: str, second: str) -> None:
    await call(backend, first)
    assert await claim(backend, second) == ClaimRefused(CalledRecentlyBy(AT, "december", row=2, line=first))
    [(reason,)] = backend.ask("SELECT reason FROM sheet_row WHERE state = 'skipped'")
    assert reason == f"called recently: {AT} by run december, row 2 (same line as {first})"


@BOTH_WAYS
async def test_a_load_knows_the_calls_to_the_other_number(backend: Backend, first: str, second: str) -> None:
    await call(backend, first)
    with backend.open() as ledger:
        loading = begun(ledger, draft(), people(ADA, second))
        assert ledger.drafts.skip_called_recently(loading, call_again_after=WINDOW) == 1
        ledger.drafts.discard(loading)
        since = "2026-11-30T09:00:00.000Z"
        assert ledger.read.earlier.called_since([second], service=SERVICE, since=since) == {second: (AT, "december")}
        [earlier] = ledger.read.earlier.calls_under([second], service=SERVICE, template_fingerprint="template-1")
        assert (earlier.phone, earlier.line) == (second, first)


@BOTH_WAYS
async def test_what_a_later_run_called_is_left_to_it(backend: Backend, first: str, second: str) -> None:
    with backend.open() as ledger:
        older = load(ledger, people(second), name="older")
        backend.clock.passes(timedelta(seconds=30))
        await call(backend, first)
        with hold(ledger, older):
            assert ledger.skip_superseded(older) == 1
    assert states(backend, run="older") == ["skipped"]


async def test_both_rows_of_a_line_that_an_older_version_loaded_are_skipped(backend: Backend) -> None:
    """No sheet is loaded so any more; but what is compared line by line must not see one row alone of two."""
    await call(backend, MOBILE)
    with backend.open() as ledger:
        loading = begun(ledger, draft(), people(ADA, AT_HOME, MOBILE))
        assert ledger.drafts.skip_called_recently(loading, call_again_after=WINDOW) == 2
        ledger.drafts.discard(loading)
        older = load(ledger, people(MOBILE, AT_HOME), name="older")
    backend.clock.passes(2 * WINDOW)
    await call(backend, AT_HOME, name="later")
    with backend.open() as ledger, hold(ledger, older):
        assert ledger.skip_superseded(older) == 2


@BOTH_WAYS
async def test_the_calls_of_a_day_are_counted_for_the_line(backend: Backend, first: str, second: str) -> None:
    await call(backend, first)
    backend.clock.passes(timedelta(hours=1))
    assert await claim(backend, second, window=timedelta(0), most_per_day=1) == ClaimRefused(OverDayLimit(1))
    assert await claim(backend, second, name="twice", window=timedelta(0), most_per_day=2) is None


@BOTH_WAYS
async def test_a_suppression_of_one_number_holds_for_the_line(backend: Backend, first: str, second: str) -> None:
    """Added, looked up, added once more, claimed, and taken off."""
    with backend.open() as ledger:
        assert ledger.suppression.add([first], reason="asked", source="cli") == [True]
        assert ledger.suppression.add([second, first], reason="asked", source="cli") == [False, False]
        assert ledger.suppression.of([second], service="").keys() == {second}
        assert len(ledger.suppression.entries()) == 1
    assert await claim(backend, second) == ClaimRefused(OnSuppressionList(AT, "asked"))
    with backend.open() as ledger:
        assert ledger.suppression.remove(second, reason="asked back")
        assert not ledger.suppression.of([first, second], service="")
        assert not ledger.suppression.remove(first, reason="asked back")


async def test_two_numbers_of_one_line_are_on_the_list_once(backend: Backend) -> None:
    with backend.open() as ledger:
        assert ledger.suppression.add([MOBILE, AT_HOME], reason="", source="cli") == [True, False]


@BOTH_WAYS
async def test_an_erased_call_is_known_by_the_other_number(backend: Backend, first: str, second: str) -> None:
    await call(backend, first)
    with backend.open() as ledger:
        record = named(ledger, "december")
        with hold(ledger, record):
            ledger.forget(record, drop_waiting=False)
        assert set(ledger.suppression.forgotten_forms([second]).values()) == {second}
    assert await claim(backend, second) == ClaimRefused(CalledRecentlyBy(AT, "december", row=2))


async def test_two_rows_of_one_run_are_not_both_called(backend: Backend) -> None:
    """As an older version loaded them, when the two numbers were two people; however short the window is."""
    with backend.open() as ledger:
        record = load(ledger, people(MOBILE, AT_HOME))
        with hold(ledger, record, call_again_after=timedelta(0)) as held:
            first, second = waiting(ledger, record)
            # With other words: that it is said already is no help here.
            second = second._replace(said="another text")
            assert await held.claim(first) is None
            assert await held.claim(second) == ClaimRefused(Duplicate(2, line=MOBILE))
            await held.settle(first, UNKNOWN)


async def test_a_run_has_a_number_when_it_has_the_other(backend: Backend) -> None:
    with backend.open() as ledger:
        record = load(ledger, people(MOBILE))
        assert ledger.read.reruns.numbers_taken(record.id, [AT_HOME, ADA]) == {AT_HOME: 2}
        assert ledger.read.lost.phones_of_run(record.id, [AT_HOME, ADA]) == {AT_HOME}
        assert [one.row_number for one in ledger.read.lost.waiting_people(record.id, [AT_HOME])] == [2]


async def test_the_number_that_is_called_stays_the_sheets(backend: Backend) -> None:
    """The line is what is compared, and never what is dialled."""
    await call(backend, MOBILE)
    assert backend.ask("SELECT phone, line FROM attempt") == [(MOBILE, AT_HOME)]
