"""Records of the suppression list."""

from dataclasses import dataclass

from campaign.domain.skip_reason import OnSuppressionList, text_of

EVERYWHERE = ""
"""Service of an entry that holds for the calls of all runs."""
LONGEST_REASON = 200
"""Characters of a reason why a number is on the suppression list, or off it again."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list, newest entries first.

    Attributes:
        entries: at most as many as were asked for.
        before: where the next page begins; None where this is the last.
    """

    entries: tuple["Suppressed", ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An entry of the list. Times are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`.

    Attributes:
        last_digits: all that is kept of the number in the clear.
        reason: a person's words; may be empty.
        source: `cli`, `import FILE`, or another origin of numbers.
        removed_at: None while the number is on the list.
        service: the stand-in whose calls alone it prevents; empty where it holds for all calls.
    """

    last_digits: str
    added_at: str
    reason: str
    source: str
    removed_at: str | None = None
    removed_reason: str | None = None
    service: str = EVERYWHERE

    @property
    def why_skipped(self) -> OnSuppressionList:
        """The skip reason of a row with this number."""
        return OnSuppressionList(self.added_at, self.reason)

    def __str__(self) -> str:
        return text_of(self.why_skipped)
