"""The count of a rehearsal is of rings: what the ledger believes is compared with them, and not taken for them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from campaign.config.outcome_sections import RetryRule, RetrySection
from campaign.domain.call_outcome import CallOutcome
from campaign.domain.result_row import ResultRow
from campaign.sandbox.calls import Call
from campaign.usecases.dialling.rehearsal.count import RingCount, count_rings

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ADA, BOB = "+12125550101", "+12125550102"
RULES = RetrySection(no_answer=RetryRule(after=timedelta(hours=1), times=1))


def ring(phone: str, *, hours: float, call_id: str) -> Call:
    at = (MORNING + timedelta(hours=hours)).timestamp()
    return Call(call_id, created_at=at, phone=phone, template="t", request=b"{}", due_at=at)


def row(number: int, phone: str, *, status: str = "created", call_id: str | None = None) -> ResultRow:
    return ResultRow(number, cells=(), status=status, call_id=call_id, phone=phone)


def counted(
    calls: Sequence[Call], rows: Sequence[ResultRow], *, status: str = "noAnswer", may_wait: bool = False
) -> RingCount:
    def ended(call: Call) -> CallOutcome:
        at = datetime.fromtimestamp(call.created_at, UTC).isoformat()
        return CallOutcome(call.id, status=status, ended_at=at)

    return count_rings(calls, rows, ended=ended, rules=RULES, now=MORNING + timedelta(days=1), may_wait=may_wait)


def test_a_second_ring_that_the_rules_want_is_none_too_many() -> None:
    calls = [ring(ADA, hours=0, call_id="one"), ring(ADA, hours=1, call_id="two")]
    assert counted(calls, [row(2, ADA, call_id="two")]).twice == ()


def test_a_second_ring_before_its_time_is_one_too_many() -> None:
    calls = [ring(ADA, hours=0, call_id="one"), ring(ADA, hours=0.5, call_id="two")]
    assert counted(calls, [row(2, ADA, call_id="two")]).twice == (2,)


def test_a_second_ring_after_a_call_that_reached_the_person_is_one_too_many() -> None:
    calls = [ring(ADA, hours=0, call_id="one"), ring(ADA, hours=2, call_id="two")]
    assert counted(calls, [row(2, ADA, call_id="two")], status="failed").twice == (2,)


def test_a_third_ring_is_one_too_many_where_the_rules_want_two() -> None:
    calls = [ring(ADA, hours=hour, call_id=f"call-{hour}") for hour in (0, 2, 4)]
    assert counted(calls, [row(2, ADA, call_id="call-4")]).twice == (2,)


def test_two_rows_of_one_number_may_ring_it_twice() -> None:
    calls = [ring(ADA, hours=0, call_id="one"), ring(ADA, hours=0, call_id="two")]
    assert counted(calls, [row(2, ADA, call_id="one"), row(3, ADA, call_id="two")]).twice == ()


def test_a_row_that_says_it_was_called_and_whose_phone_never_rang_is_forgotten() -> None:
    calls = [ring(ADA, hours=0, call_id="one")]
    assert counted(calls, [row(2, ADA, call_id="one"), row(3, BOB, call_id="none")]).forgotten == (3,)


def test_a_row_that_still_waits_at_the_end_is_forgotten_unless_the_run_was_stopped() -> None:
    rows = [row(2, ADA, status="pending")]
    assert counted([], rows).forgotten == (2,)
    assert counted([], rows, may_wait=True).forgotten == ()


def test_what_was_left_out_on_purpose_is_not_forgotten() -> None:
    found = counted([], [row(2, ADA, status="skipped"), row(3, BOB, status="invalid"), row(4, BOB, status="unknown")])
    assert (found.forgotten, found.for_a_person, found.rows) == ((), (4,), 1)
