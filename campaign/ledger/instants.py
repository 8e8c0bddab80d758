"""Instants as the ledger writes them: UTC text that sorts as it reads."""

from datetime import UTC, datetime


def to_text(instant: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ` of an aware instant."""
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def from_text(text: str) -> datetime:
    """The aware instant that `to_text` wrote."""
    return datetime.fromisoformat(text)
