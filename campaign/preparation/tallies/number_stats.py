"""Statistics of a sheet's numbers: counts by country and kind of line, fast enough for a million numbers."""

from collections import Counter

from campaign.intake.phones.number_types import kind_and_region

NO_COUNTRY = "international"
"""Stands for the country of numbers that have none, such as +800."""
# Plus and eight digits: two numbers of one length that share them are of one kind and country, wherever they are.
_BLOCK = 9
_MOST_BLOCKS = 100_000


class NumberCounts:
    """Running counts of numbers; classifies a number only when none of its block has been seen.

    Once `most_blocks` blocks are cached, the cache is cleared; the counts stay.
    """

    def __init__(self, *, most_blocks: int = _MOST_BLOCKS) -> None:
        self._most_blocks = most_blocks
        self._counts: dict[tuple[str, str], list[int]] = {}
        self._blocks: dict[tuple[str, int], list[int]] = {}

    def count(self, phone: str) -> None:
        """Counts one more number, in E.164."""
        count = self._blocks.get((phone[:_BLOCK], len(phone)))
        if count is None:
            count = self._looked_up(phone)
        count[0] += 1

    @property
    def regions(self) -> Counter[str]:
        """Two letters of a country, or `NO_COUNTRY` -> numbers."""
        return self._summed(0)

    @property
    def call_types(self) -> Counter[str]:
        """Kind of line, in the words of `number_types.kind_and_region` -> numbers."""
        return self._summed(1)

    def _looked_up(self, phone: str) -> list[int]:
        kind, region = kind_and_region(phone)
        count = self._counts.setdefault((region or NO_COUNTRY, kind), [0])
        if len(self._blocks) >= self._most_blocks:
            self._blocks.clear()
        self._blocks[phone[:_BLOCK], len(phone)] = count
        return count

    def _summed(self, place: int) -> Counter[str]:
        summed = Counter[str]()
        for key, [count] in self._counts.items():
            summed[key[place]] += count
        return summed
