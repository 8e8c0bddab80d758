"""What is kept of the rows of a long list: small, and the same as the sets and mappings in whose place it stands."""

import pytest
from hypothesis import given, strategies as st

from campaign.domain.skip_reason import CalledBeforeBy
from campaign.ledger.records.earlier_calls import EarlierCall
from campaign.preparation.done_rows import Apart, DoneRows, RowIds

AT = "2026-12-01T09:00:00.000Z"
NUMBERS = st.sets(st.integers(0, 20_000) | st.integers(2**40, 2**40 + 9))


def call(row: int, *, run: str = "december") -> EarlierCall:
    return EarlierCall("+12025550101", AT, 1, run, row + 100, row + 1, "said", line=line_of_call(row))


def line_of_call(row: int) -> str:
    """Some were made to the other spelling of their line."""
    return "+12025550102" if row % 3 == 0 else ""


@given(st.lists(NUMBERS))
def test_each_row_has_its_earlier_call(batches: list[set[int]]) -> None:
    rows, whole, last = DoneRows(), dict[int, CalledBeforeBy](), -1
    for at, batch in enumerate(batches):
        beyond = {row: call(row, run=f"run-{at}") for row in batch if row > last}
        rows.add(beyond)
        whole |= {row: CalledBeforeBy(AT, f"run-{at}", row + 1, line_of_call(row)) for row in beyond}
        last = max(beyond, default=last)
    assert dict(rows) == whole
    assert len(rows) == len(whole)
    assert list(rows) == sorted(whole)
    assert not any(row in rows for row in (-1, 20_001, object()))
    with pytest.raises(KeyError):
        rows[-1]


@given(NUMBERS, NUMBERS, NUMBERS)
def test_numbers_are_a_set(some: set[int], more: set[int], gone: set[int]) -> None:
    ids, plain = RowIds(), (some | more) - gone
    for number in (*some, *more):
        ids.add(number)
    ids -= gone
    assert set(ids) == plain
    assert (len(ids), sorted(ids)) == (len(plain), list(ids))
    assert all((number in ids) == (number in plain) for number in some | more | gone)
    assert object() not in ids


def test_what_shares_no_number_is_taken_together() -> None:
    apart = Apart({1, 2}, frozenset[int](), {5})
    assert (sorted(apart), len(apart), 2 in apart, 3 in apart) == ([1, 2, 5], 3, True, False)
