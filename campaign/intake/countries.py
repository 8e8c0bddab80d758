"""Which region a country cell means."""

from campaign.intake.regions import known_region


def region_of(text: str) -> str | None:
    """Two letters of the region; None when none is known by that text."""
    region = text.strip().upper()
    return region if known_region(region) else None
