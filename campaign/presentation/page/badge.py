"""Badge: where calls go, shown on every page."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.config.settings import (
    DEFAULT_BASE_URL,
    LOOPBACK_SERVICE,
    SANDBOX_SERVICE,
    account_from,
    checked_base_url,
    service_of,
)
from campaign.domain.errors import UsageError

_KINDS = {SANDBOX_SERVICE: "sandbox", LOOPBACK_SERVICE: "loopback"}


@dataclass(frozen=True, slots=True)
class Badge:
    """Where real calls would go.

    Attributes:
        kind: sandbox (there is no usable key, so nothing else is possible), loopback, or aicaller.
        text: the same in words.
        why: why there is no usable key; None where there is one.
    """

    kind: str
    text: str
    why: str | None = None


def badge_of(environment: Mapping[str, str]) -> Badge:
    """The badge for this environment; no part of the key is in it."""
    try:
        account_from(environment)
        service = service_of(checked_base_url(environment.get("AICALLER_BASE_URL") or DEFAULT_BASE_URL))
    except UsageError as error:
        return Badge("sandbox", "Sandbox only: no phone rings", str(error))
    if service == LOOPBACK_SERVICE:
        return Badge("loopback", "Stand-in on this machine: no phone rings")
    team = environment.get("AICALLER_TEAM_ID")
    return Badge("aicaller", f"AICaller{f', team {team}' if team else ''}: phones ring")


def service_badge(service: str) -> Badge:
    """The badge of one run or draft, by the service that its calls are made at."""
    if service in _KINDS:
        return Badge(_KINDS[service], "Sandbox" if service == SANDBOX_SERVICE else "Stand-in")
    return Badge("aicaller", "Real calls")
