"""Rows whose ending seems certain, compared with the calls that AICaller lists for them. Lists are made by hand."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from campaign.aicaller.listed_call import ListedCall, same_text, same_words
from campaign.aicaller.read_client import Listed
from campaign.domain.instants import from_text
from campaign.domain.model import Attempt, Cause, Contact, Created, NotSent, Outcome, Rejected, RowState, Unknown
from campaign.domain.result_row import ResultRow
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger, open_ledger
from campaign.reconcile.call_list import RecentCalls
from campaign.reconcile.comparing import Compared, compare
from campaign.reconcile.held_calls import HeldCalls, SeenIds
from campaign.reconcile.settle import settle_unknown
from tests.reconcile.lost import PLAN, Clock, begin, people

pytestmark = pytest.mark.anyio
ROW = 2
PHONE = "+12015550100"
ARGENTINE, AT_HOME = "+5491123456789", "+541123456789"

CREATED = Created("call-own", status=200)
REFUSED = Rejected(400, "400: no")
BY_AN_EDGE = Rejected(404, "404: a page", proved=False)
BY_A_FILTER = NotSent(Cause.ACCOUNT, "403: a page", status=403, proved=False)
LOST = Unknown("the answer was lost")


@dataclass
class Desk:
    """A run of one person."""

    ledger: Ledger
    record: RunRecord

    async def call(self, outcome: Outcome) -> None:
        """Calls the person, which ends so."""
        [waiting] = self.ledger.read.rows.waiting(self.record.id, from_round=0)
        attempt = Attempt(
            row_id=waiting.id,
            row_number=waiting.number,
            number=waiting.attempts + 1,
            phone=waiting.contact.phone,
            body=b"{}",
            waiting_as=waiting.state,
        )
        wait_as = outcome.wait_as if isinstance(outcome, NotSent) else RowState.RETRY_WAIT
        with self.ledger.hold(self.record, call_again_after=PLAN.call_again_after) as held:
            assert await held.claim(attempt) is None
            await held.settle(attempt, outcome, wait_as=wait_as)

    def listed(self, call_id: str, *, phone: str = PHONE, late: float = 0.0) -> ListedCall:
        """A call of the person's last attempt, as the list shows it."""
        [*_, last] = self.ledger.read.lost.tries.of_lines(self.record.id, [phone], service=self.record.service)
        return ListedCall(
            call_id,
            phone=phone,
            name=same_text(last.contact.name),
            variables=same_words(last.contact.variables),
            team=PLAN.call.team_id,
            template=PLAN.call.call_template_id,
            created_at=from_text(last.claimed_at) + timedelta(seconds=late),
        )

    def compared(self, *calls: ListedCall, strangers: dict[str, str] | None = None) -> Compared:
        """As at the end of a run: lost answers are settled first."""
        seen = SeenIds(call.call_id for call in calls)
        recent = RecentCalls(
            HeldCalls(self.ledger.scratch(), calls),
            Listed(entries=len(calls)),
            seen=seen,
            strangers=strangers or {},
        )
        with self.ledger.hold(self.record, call_again_after=PLAN.call_again_after):
            settle_unknown(self.ledger, self.record, recent, plan=PLAN)
            return compare(self.ledger, self.record, recent, plan=PLAN)

    def row(self) -> ResultRow:
        [row] = self.ledger.read.rows.results(self.record.id)
        return row

    def waits(self) -> bool:
        """Whether the person would be called."""
        return bool(self.ledger.read.rows.count_waiting(self.record.id, from_round=0))


Begin = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Begin]:
    with ExitStack() as opened:

        def begun(*, phone: str = PHONE) -> Desk:
            ledger = opened.enter_context(open_ledger(tmp_path / "home", now=Clock()))
            [(text, screened)] = people(1)
            assert isinstance(screened.verdict, Contact)
            rows = [(text, screened._replace(verdict=replace(screened.verdict, phone=phone)))]
            return Desk(ledger, begin(ledger, rows))

        yield begun


async def test_a_created_row_with_a_second_call_is_a_duplicate_with_all_ids(desk: Begin) -> None:
    """A proxy that repeats a request gives a good answer: no row is unknown by itself."""
    made = desk()
    await made.call(CREATED)
    compared = made.compared(made.listed("call-own"), made.listed("call-two", late=1.0))
    assert compared.several == {ROW: ("call-own", "call-two")}
    row = made.row()
    assert row.status == RowState.UNKNOWN
    assert row.error == "DUPLICATE AT SERVER: call-own, call-two"


async def test_a_created_row_with_its_own_call_alone_stays_as_it_is(desk: Begin) -> None:
    made = desk()
    await made.call(CREATED)
    assert made.compared(made.listed("call-own")).event is None
    assert made.compared().event is None, "what is missing proves nothing"
    assert made.row().status == RowState.CREATED


@pytest.mark.parametrize("outcome", [BY_AN_EDGE, BY_A_FILTER, REFUSED], ids=["an edge", "a filter", "AICaller"])
async def test_what_seemed_to_be_refused_and_is_listed_was_called(desk: Begin, outcome: Outcome) -> None:
    """Whoever refused it, and however well: the list knows better than any answer."""
    made = desk()
    await made.call(outcome)
    assert made.compared(made.listed("call-one")).called == {ROW: "call-one"}
    row = made.row()
    assert (row.status, row.call_id) == (RowState.CREATED, "call-one")
    assert not made.waits()


@pytest.mark.parametrize("outcome", [BY_AN_EDGE, BY_A_FILTER], ids=["an edge", "a filter"])
async def test_what_seemed_to_be_refused_and_was_called_twice_is_never_called_again(
    desk: Begin, outcome: Outcome
) -> None:
    made = desk()
    await made.call(outcome)
    compared = made.compared(made.listed("call-one"), made.listed("call-two"))
    assert compared.several == {ROW: ("call-one", "call-two")}
    assert made.row().status == RowState.UNKNOWN
    assert not made.waits()


async def test_a_call_of_an_earlier_try_is_found_though_a_later_one_was_made(desk: Begin) -> None:
    """The first try was refused on the way after it had rung; the second one rang again."""
    made = desk()
    await made.call(BY_A_FILTER)
    first = made.listed("call-one")
    await made.call(CREATED)
    assert made.compared(first, made.listed("call-own")).several == {ROW: ("call-own", "call-one")}


async def test_a_list_that_shows_less_than_an_earlier_one_takes_no_duplicate_back(desk: Begin) -> None:
    """Neither does it make the row a good one, nor one that may be called."""
    made = desk()
    await made.call(CREATED)
    made.compared(made.listed("call-own"), made.listed("call-two"))
    for calls in [(), (made.listed("call-own"),), (made.listed("call-two"),)]:
        made.compared(*calls)
        row = made.row()
        assert row.status == RowState.UNKNOWN
        assert "DUPLICATE AT SERVER" in (row.error or "")
        assert not made.waits()


@pytest.mark.parametrize(
    ("change", "late"),
    [
        ({"name": "Somebody Else"}, 0.0),
        ({}, 3600.0),
        ({"template": "another"}, 0.0),
        ({"team": "another"}, 0.0),
        ({"phone": None}, 0.0),
    ],
    ids=["name", "time", "template", "team", "no number"],
)
async def test_a_call_that_fits_no_attempt_is_not_counted(
    desk: Begin, change: dict[str, str | None], late: float
) -> None:
    """Of tomorrow's run in another ledger, or of another campaign."""
    made = desk()
    await made.call(CREATED)
    other = replace(made.listed("call-two", late=late), **change)  # type: ignore[arg-type]  # the named fields are texts
    assert made.compared(made.listed("call-own"), other).event is None
    assert made.row().status == RowState.CREATED


@pytest.mark.parametrize("spelt", [ARGENTINE, AT_HOME])
async def test_calls_are_compared_by_their_line(desk: Begin, spelt: str) -> None:
    """AICaller, or a carrier, may write the number as it is written at home."""
    made = desk(phone=ARGENTINE)
    await made.call(CREATED)
    second = made.listed("call-two", phone=ARGENTINE)
    assert made.compared(replace(second, phone=spelt)).several == {ROW: ("call-own", "call-two")}


async def test_a_row_whose_id_the_list_has_for_another_call_is_in_doubt(desk: Begin) -> None:
    made = desk()
    await made.call(CREATED)
    assert made.compared(strangers={"call-own": "toPhoneNumber"}).strangers == {ROW: "call-own"}
    assert made.row().status == RowState.UNKNOWN
    assert not made.waits()


async def test_a_list_that_shows_it_rightly_later_ends_the_doubt(desk: Begin) -> None:
    made = desk()
    await made.call(CREATED)
    made.compared(strangers={"call-own": "toPhoneNumber"})
    made.compared(made.listed("call-own"))
    assert (made.row().status, made.row().call_id) == (RowState.CREATED, "call-own")


async def test_a_lost_answer_is_settled_once_and_not_counted_as_a_second_call(desk: Begin) -> None:
    made = desk()
    await made.call(LOST)
    assert made.compared(made.listed("call-one")).event is None
    assert (made.row().status, made.row().call_id) == (RowState.CREATED, "call-one")


async def test_a_call_on_its_way_is_left_to_its_own_ending(desk: Begin) -> None:
    """Its answer is not here yet, and its call may be listed already."""
    made = desk()
    [waiting] = made.ledger.read.rows.waiting(made.record.id, from_round=0)
    attempt = Attempt(
        row_id=waiting.id,
        row_number=waiting.number,
        number=1,
        phone=PHONE,
        body=b"{}",
        waiting_as=waiting.state,
    )
    with made.ledger.hold(made.record, call_again_after=PLAN.call_again_after) as held:
        assert await held.claim(attempt) is None
        call = made.listed("call-own")
        recent = RecentCalls(HeldCalls(made.ledger.scratch(), [call]), Listed(entries=1), seen=SeenIds(["call-own"]))
        assert compare(made.ledger, made.record, recent, plan=PLAN).event is None
        await held.settle(attempt, CREATED)
    assert made.row().status == RowState.CREATED
