"""Groups the problems and doubts of many rows by column, reason and cure.

    row 3: '12': no such number ...  \
    row 4: '13': no such number ...   >  2 rows (3-4), column 'Phone': no such number ...
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaign.domain.cures import Cure
from campaign.domain.model import Problem

MOST_GROUPS = 1_000
MOST_EXAMPLES = 10
MOST_RANGES = 10
OTHERS = "other problems"
"""The reason of the last group when there would be too many."""
# Reasons that differ only in a phone number, a length, or words of the cell that they name are one.
_FIGURES = re.compile(r"\+?\d{3,}|'[^']*'|\"[^\"]*\"")
_Key = tuple[str, str, Cure | str]


@dataclass(slots=True)
class RowRanges:
    """Numbers of rows that come in order: how many, and the first ten ranges of them.

    Attributes:
        rows: how many.
        ranges: as (first, last), the first ten.
    """

    rows: int = 0
    ranges: list[tuple[int, int]] = field(default_factory=list)

    @property
    def beyond(self) -> int:
        """Number of rows that are in none of the ranges."""
        return self.rows - sum(last - first + 1 for first, last in self.ranges)

    def add(self, row: int) -> None:
        """Adds a row, which is beyond those that were added before."""
        self.rows += 1
        if self.ranges and row == self.ranges[-1][1] + 1:
            self.ranges[-1] = (self.ranges[-1][0], row)
        elif len(self.ranges) < MOST_RANGES:
            self.ranges.append((row, row))


@dataclass(slots=True)
class Group(RowRanges):
    """Group of rows with the same column, reason and cure.

    Attributes:
        column: the column's name; empty when it is the whole row.
        reason: what they share; where they differ in a number, an ellipsis stands for it.
        cure: what to do about it; empty where nothing must be done.
        examples: the first ten.
    """

    column: str = ""
    reason: str = ""
    cure: Cure | str = ""
    examples: list[Problem] = field(default_factory=list)
    _last: int = 0

    def _take(self, found: Problem) -> None:
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(found)
        if found.row == self._last:
            return  # two columns may share a name
        self._last = found.row
        self.add(found.row)


class Groups:
    """Collects findings into groups; memory does not grow with the rows."""

    def __init__(self) -> None:
        self._groups: dict[_Key, Group] = {}

    def add(self, found: Iterable[Problem]) -> None:
        """Adds the findings of one row."""
        for one in found:
            key = (one.column, _without_figures(one.reason), _masked(one.cure))
            group = self._groups.get(key)
            if group is None:
                group = self._new(key, one)
            elif group.reason != one.reason or group.cure != one.cure:
                _, group.reason, group.cure = key
            group._take(one)  # noqa: SLF001 - a group is filled here, and nowhere else

    def listed(self) -> list[Group]:
        """Returns the groups, the largest first; of equals the one that begins higher up."""
        return sorted(self._groups.values(), key=lambda group: (group.reason == OTHERS, -group.rows))

    def _new(self, key: _Key, first: Problem) -> Group:
        if len(self._groups) >= MOST_GROUPS:
            return self._groups.setdefault(("", OTHERS, ""), Group(reason=OTHERS))
        group = self._groups[key] = Group(column=first.column, reason=first.reason, cure=first.cure)
        return group


def _without_figures(text: str) -> str:
    return _FIGURES.sub("…", text)


def _masked(cure: Cure | str) -> Cure | str:
    return cure.masked(_without_figures) if isinstance(cure, Cure) else _without_figures(cure)
