"""Adds a webhook to every call of a run, beside those of its template."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from campaign.config.run_plan import RunPlan
from campaign.config.settings import is_loopback
from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.followup.webhook_listener import SECRET_VARIABLE

EVENT = "phoneCall.completed"
"""The only documented event."""
_LONGEST = 2_000


def with_webhook(plan: RunPlan, url: str, *, environment: Mapping[str, str]) -> RunPlan:
    """Adds a webhook to the plan; its secret stays in the environment and is never stored.

    Raises:
        UsageError: the URL cannot be one.
    """
    _refuse_unusable(url)
    secret = SECRET_VARIABLE if environment.get(SECRET_VARIABLE) else None
    webhooks = (*plan.call.webhooks, (url, EVENT, secret))
    return plan.model_copy(update={"call": plan.call.model_copy(update={"webhooks": webhooks})})


def _refuse_unusable(url: str) -> None:
    cure = "give an address that AICaller can reach, https://hooks.example.org/calls"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError(Setting.WEBHOOK, f": not a URL; {cure}") from None
    if "@" in parts.netloc:
        raise UsageError(Setting.WEBHOOK, f": a user or password does not belong in it; {cure}")
    if not host or not url.isascii() or not url.isprintable() or " " in url or len(url) > _LONGEST:
        raise UsageError(Setting.WEBHOOK, f": not the address of a server; {cure}")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise UsageError(Setting.WEBHOOK, f" {url!r}: only https keeps the secret private; {cure}")
