"""Skipped rows counted by reason: as lines for people, and by code for programs."""

from collections.abc import Iterator, Mapping

from campaign.domain.skip_reason import SkipReason
from campaign.export.skip_words import SKIP_WORDS


def skip_lines(counts: Mapping[SkipReason, int]) -> Iterator[str]:
    """`skipped: 3 called recently`, most frequent first."""
    yield from (f"skipped: {rows} {SKIP_WORDS[reason]}" for reason, rows in _ordered(counts))


def skips_by_words(counts: Mapping[SkipReason, int]) -> dict[str, int]:
    """Counts of rows by the reason's words."""
    return {SKIP_WORDS[reason]: rows for reason, rows in counts.items()}


def skips_by_code(counts: Mapping[SkipReason, int]) -> dict[str, int]:
    """Counts of rows by the reason's code, most frequent first."""
    return {reason.value: rows for reason, rows in _ordered(counts)}


def skip_word(reason: SkipReason) -> str:
    """The reason in words, of a row or of several."""
    return SKIP_WORDS[reason]


def _ordered(counts: Mapping[SkipReason, int]) -> list[tuple[SkipReason, int]]:
    return sorted(counts.items(), key=lambda one: -one[1])
