"""Notification client: posts one JSON text to a user's own address; whatever the response, it does no harm.

No redirects, no proxies or passwords from the environment, one deadline for all of it, and no second try.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx

from campaign.aicaller.transport import SingleUseTransport
from campaign.config.settings import is_loopback
from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError

DEADLINE_SECONDS = 10.0
_GOOD = range(200, 300)
_LONGEST_URL = 2000


async def post_json(url: str, what: Mapping[str, Any], *, deadline_seconds: float = DEADLINE_SECONDS) -> str | None:
    """Posts it; None if accepted, else one line with the reason, without the address's path, which may be secret.

    It never raises.
    """
    host = notify_host(url)
    try:
        with anyio.fail_after(deadline_seconds):
            return await _posted(url, what, host=host, connect_seconds=deadline_seconds)
    except TimeoutError:
        return f"{host} did not answer within {deadline_seconds:g} s"
    # Whatever the other side does, the run is over, and its record must be kept.
    except Exception as error:  # noqa: BLE001 - see above
        return f"{host}: {type(error).__name__}"


def checked_notify_url(url: str) -> str:
    """The address, after checking that a summary may be sent there.

    Raises:
        UsageError: not https (loopback excepted), or with a user or password in it. Its path is never shown.
    """
    cure = "write it as https://example.com/path"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        raise UsageError(Setting.NOTIFY_URL, f" is not an address; {cure}") from None
    if parts.username is not None or parts.password is not None:
        raise UsageError(Setting.NOTIFY_URL, f": a user or password does not belong in it; {cure}")
    unusable = not host or port == 0 or not url.isascii() or not url.isprintable() or " " in url or parts.fragment
    if unusable or len(url) > _LONGEST_URL or parts.scheme not in ("http", "https"):
        raise UsageError(Setting.NOTIFY_URL, f" is not an address that can be posted to; {cure}")
    if parts.scheme != "https" and not is_loopback(host):
        raise UsageError(Setting.NOTIFY_URL, f" at {host}: only https keeps it private; {cure}")
    return url


def notify_host(url: str) -> str:
    """The only part of the address that is ever shown."""
    return urlsplit(url).hostname or ""


async def _posted(url: str, what: Mapping[str, Any], *, host: str, connect_seconds: float) -> str | None:
    context = httpx.create_ssl_context(trust_env=False) if urlsplit(url).scheme == "https" else None
    headers = {"Content-Type": "application/json", "User-Agent": "campaign", "Accept-Encoding": "identity"}
    request = httpx.Request("POST", url, headers=headers, content=json.dumps(what).encode())
    async with SingleUseTransport(connect_seconds=connect_seconds, ssl_context=context) as transport:
        response = await transport.handle_async_request(request)
        # The response body is not needed: closed unread.
        await response.aclose()
    return None if response.status_code in _GOOD else f"{host} answered {response.status_code}"
