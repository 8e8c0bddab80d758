"""Folder of the ledger. A module of its own: commands that only read need no other settings."""

from collections.abc import Mapping
from pathlib import Path

from campaign.domain.errors import UsageError


def home_from(environment: Mapping[str, str]) -> Path:
    """The folder of the ledger: CAMPAIGN_HOME, or the system's folder for application data.

    Raises:
        UsageError: CAMPAIGN_HOME begins with the home of a user that there is not.
    """
    if named := environment.get("CAMPAIGN_HOME"):
        try:
            return Path(named).expanduser()
        except RuntimeError:
            raise UsageError(f"CAMPAIGN_HOME {named!r}: there is no such user; give the path of a folder") from None
    from platformdirs import user_data_path  # noqa: PLC0415 - only needed without CAMPAIGN_HOME; keeps start-up fast

    return user_data_path("campaign", appauthor=False)
