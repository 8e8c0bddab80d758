"""Entries of the suppression list."""

from dataclasses import dataclass

LONGEST_REASON = 200
"""Characters of a reason why a number is on the suppression list, or off it again."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An entry of the list. Times are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`.

    Attributes:
        last_digits: all that is kept of the number in the clear.
        reason: a person's words; may be empty.
        source: `cli`, `import FILE`, and whatever else adds numbers.
        removed_at: None while the number is on the list.
    """

    last_digits: str
    added_at: str
    reason: str
    source: str
    removed_at: str | None = None
    removed_reason: str | None = None

    def __str__(self) -> str:
        why = f" ({self.reason})" if self.reason else ""
        return f"on the suppression list since {self.added_at[:10]}{why}"
