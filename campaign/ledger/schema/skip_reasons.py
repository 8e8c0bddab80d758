"""Reads skip reasons from their stored codes."""

from campaign.domain.errors import LedgerError
from campaign.domain.skip_reason import SkipReason


def read_skip_reason(code: str | None) -> SkipReason | None:
    """The reason with this code; None for a row that has none.

    Raises:
        LedgerError: a later version wrote it: the schema does not list the codes, so a new one opens here as well.
    """
    if not code:
        return None
    try:
        return SkipReason(code)
    except ValueError:
        raise LedgerError(
            f"rows of the ledger are skipped for the reason {code!r}, which this version does not know; "
            "use the version of campaign that wrote it"
        ) from None
