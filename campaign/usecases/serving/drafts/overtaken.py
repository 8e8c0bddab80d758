"""Error of two people at one draft: the second is told, and looks again."""

from campaign.domain.errors import BusyError
from campaign.preparation.drafts.look import SheetDraft


class DraftOvertakenError(BusyError):
    """Somebody else has changed the draft since it was looked at; nothing was changed."""


def mark_of(draft: SheetDraft) -> str:
    """Names the draft as it is now; a form that was made from it sends that back."""
    return f"{draft.record.id}-{draft.record.revision}"


def refuse_other(draft: SheetDraft, mark: str) -> None:
    """Refuses a form that was made from another draft of the sheet, or before its last change.

    Raises:
        DraftOvertakenError: it was.
    """
    if mark_of(draft) != mark:
        raise DraftOvertakenError("somebody has changed this draft since you looked at it; nothing was done")
