"""Many rows with one fault are one fault: shown once, with its rows, and nothing of it lost in the count."""

from campaign.domain.model import Problem
from campaign.preparation.grouping import MOST_EXAMPLES, MOST_GROUPS, MOST_RANGES, OTHERS, Groups


def grouped(*found: Problem) -> Groups:
    groups = Groups()
    for one in found:
        groups.add([one])
    return groups


def problem(row: int, *, column: str = "Phone", value: str = "12", reason: str = "too short") -> Problem:
    return Problem(row, column, value, reason, "write it in full")


def test_same_column_reason_and_cure_are_one_group_with_its_rows() -> None:
    listed = grouped(problem(4), problem(9, column="Mobile"), problem(5), problem(6), problem(8)).listed()
    assert [(group.column, group.rows, group.ranges) for group in listed] == [
        ("Phone", 4, [(4, 6), (8, 8)]),
        ("Mobile", 1, [(9, 9)]),
    ]
    assert [one.row for one in listed[0].examples] == [4, 5, 6, 8]


def test_reasons_that_differ_only_in_a_number_are_one_group() -> None:
    """It may mean one number or another in a thousand rows, and each of them would be a group."""
    first, second = (f"it may mean +39031234567{end}" for end in (1, 2))
    [group] = grouped(problem(2, reason=first), problem(3, reason=second), problem(4, reason=first)).listed()
    assert (group.rows, group.reason) == (3, "it may mean …")
    assert [one.reason for one in group.examples] == [first, second, first]
    assert len(grouped(problem(2, reason="the 0 is missing"), problem(3, reason="the 1 is missing")).listed()) == 2


def test_what_is_kept_does_not_grow_with_the_rows() -> None:
    """A million rows, every second of them bad, and more reasons than anybody reads."""
    groups = Groups()
    rows = 2 * (MOST_GROUPS + 50)
    for row in range(2, rows, 2):
        groups.add([problem(row), problem(row, column=f"c{row}")])
    listed = groups.listed()
    assert len(listed) <= MOST_GROUPS + 1
    assert sum(group.rows for group in listed) == 2 * len(range(2, rows, 2))
    assert listed[0].rows == len(range(2, rows, 2))
    assert (len(listed[0].examples), len(listed[0].ranges)) == (MOST_EXAMPLES, MOST_RANGES)
    assert listed[0].beyond == listed[0].rows - MOST_RANGES
    assert listed[-1].reason == OTHERS


def test_a_row_counts_once_though_two_columns_share_a_name() -> None:
    groups = Groups()
    groups.add([problem(2, column="", value="1"), problem(2, column="", value="2")])
    assert [(group.rows, len(group.examples)) for group in groups.listed()] == [(1, 2)]
