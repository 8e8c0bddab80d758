"""Which regions a phone number can be written in."""

from phonenumbers import SUPPORTED_REGIONS


def known_region(region: str) -> bool:
    """Whether these two letters name a region that has phone numbers."""
    return region in SUPPORTED_REGIONS
