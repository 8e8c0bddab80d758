"""Error of two people at one draft: the second is told, and looks again."""

from campaign.domain.errors import BusyError


class DraftOvertakenError(BusyError):
    """Somebody else has changed the draft since it was looked at; nothing was changed."""
