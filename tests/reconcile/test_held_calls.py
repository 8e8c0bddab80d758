"""Held calls of a list: each is found again by id and line, and what contradicts itself is in no answer."""

from dataclasses import replace
from datetime import UTC, datetime

from campaign.aicaller.listed_call import ListedCall
from campaign.ledger.sqlite.scratch import TemporaryScratch
from campaign.reconcile.held_calls import HeldCalls, SeenIds

CALL = ListedCall(
    call_id="call-1",
    phone="+12015550101",
    name="Zoë",
    variables=(("day", "Monday"), ("doctor", "Dr. 1")),
    team="team",
    template="template",
    created_at=datetime(2026, 12, 1, 9, 0, 0, 250_000, tzinfo=UTC),
    delayed_until=datetime(2026, 12, 2, 9, 0, 0, 7_000, tzinfo=UTC),
)
BARE = ListedCall("call-2")


def several(count: int) -> list[ListedCall]:
    return [replace(CALL, call_id=f"id-{i}", phone=f"+1201555{i % 700:04}") for i in range(count)]


def test_a_held_call_comes_back_as_it_was() -> None:
    held = HeldCalls(TemporaryScratch(), [CALL, BARE])
    assert held.of_ids(["call-1", "call-2", "call-3"]) == {"call-1": CALL, "call-2": BARE}
    assert held.to_lines([""]) == [BARE]
    assert held.to_lines(["+12015550101"]) == [CALL]


def test_what_comes_twice_with_different_words_is_in_no_answer() -> None:
    """It cannot be told which of them is true: nothing is taken for it."""
    held = HeldCalls(TemporaryScratch(), [CALL, replace(CALL, call_id="call-3")])
    held.add([CALL, replace(CALL, call_id="call-3", name="somebody")])
    assert held.of_ids(["call-1", "call-3"]) == {"call-1": CALL}
    assert held.to_lines(["+12015550101"]) == [CALL]
    assert [*held.line_by_line()] == [[CALL]]


def test_all_calls_of_a_line_come_together_and_none_is_left_out() -> None:
    """Two calls to one number are one duplicate, not two calls of different pages."""
    calls = several(1_500)
    # A page whose calls all contradict themselves hides no page behind it.
    parted = [replace(one, name="somebody") for one in calls if one.phone and one.phone < "+12015550500"]
    pages = [*HeldCalls(TemporaryScratch(), [*calls, *parted, BARE]).line_by_line()]
    of_pages = [{one.phone for one in page} for page in pages]
    assert [one for page in pages for one in page if one in calls] == [one for page in pages for one in page]
    assert {one.call_id for page in pages for one in page} == {one.call_id for one in calls} - {
        one.call_id for one in parted
    }
    assert all(not one & other for one in of_pages for other in of_pages if one is not other)


def test_ids_are_seen_and_others_are_not() -> None:
    seen = SeenIds((f"id-{i}" for i in range(1_050)), slab=100)
    assert all(f"id-{i}" in seen for i in range(1_050))
    assert not any(f"id-{i}" in seen for i in range(1_050, 3_000))
