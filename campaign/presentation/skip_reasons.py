"""Skipped rows by the codes of their reasons: in lines for people, and under codes for machines."""

from collections.abc import Iterator, Mapping

from campaign.domain.skip_reason import SkipReason
from campaign.export.skip_words import SKIP_WORDS


def skip_lines(counts: Mapping[SkipReason, int]) -> Iterator[str]:
    """`skipped: 3 called recently`, the most frequent first."""
    yield from (f"skipped: {rows} {SKIP_WORDS[reason]}" for reason, rows in _ordered(counts))


def skips_by_words(counts: Mapping[SkipReason, int]) -> dict[str, int]:
    """Words -> rows."""
    return {SKIP_WORDS[reason]: rows for reason, rows in counts.items()}


def skips_by_code(counts: Mapping[SkipReason, int]) -> dict[str, int]:
    """Code -> rows, the most frequent first."""
    return {reason.value: rows for reason, rows in _ordered(counts)}


def _ordered(counts: Mapping[SkipReason, int]) -> list[tuple[SkipReason, int]]:
    return sorted(counts.items(), key=lambda one: -one[1])
