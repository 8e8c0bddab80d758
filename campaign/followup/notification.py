"""Notification client: posts one JSON text to a user's own address; whatever the response, it does no harm.

No redirects, no proxies or passwords from the environment, a deadline for each of a few tries; signed where there is
a secret.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import anyio
import httpx

from campaign.aicaller.wire.transport import SingleUseTransport
from campaign.config.settings import is_loopback
from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError

DEADLINE_SECONDS = 10.0
SECRET_VARIABLE = "CAMPAIGN_NOTIFY_SECRET"  # noqa: S105 - the name of the variable
"""Names the environment variable of the secret with which a summary is signed."""
REASONS: Mapping[int, str] = {
    1: "some rows are rejected or unknown, or their calls are not over",
    2: "refused: nothing was sent",
    3: "nobody was left to be called",
    4: "AICaller refuses the key, team or template",
    5: "it stopped itself",
    75: "another process works on it",
    130: "stopped by a signal",
    143: "stopped by a signal",
}
"""Exit code -> why, in words that quote nothing of a sheet."""
_GOOD = range(200, 300)
_MAY_PASS = frozenset({408, 425, 429, *range(500, 600)})
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Posting:
    """How a summary is posted.

    Attributes:
        secret: the summary is signed with it; empty for no signature.
        waits: seconds before each further try.
        deadline_seconds: of each try.
    """

    secret: str = ""
    waits: Sequence[float] = (1.0, 4.0)
    deadline_seconds: float = DEADLINE_SECONDS


def posting_from(environment: Mapping[str, str]) -> Posting:
    """The posting of a process with that environment."""
    return Posting(secret=environment.get(SECRET_VARIABLE, ""))


async def post_json(url: str, what: Mapping[str, Any], *, posting: Posting) -> str | None:
    """Posts it; None if accepted, else one line with the reason, without the address's path, which may be secret.

    What may pass (no connection, no answer in time, 429, 5xx) is tried again; the receiver knows the further tries by
    the delivery's id. It never raises.
    """
    body, delivery = json.dumps(what).encode(), uuid4().hex
    trouble, may_pass = await _tried(url, body, delivery=delivery, posting=posting)
    for wait in posting.waits:
        if trouble is None or not may_pass:
            break
        await anyio.sleep(wait)
        trouble, may_pass = await _tried(url, body, delivery=delivery, posting=posting)
    return trouble


def signature_of(body: bytes, *, secret: str, timestamp: int) -> str:
    """The signature: the HMAC-SHA256, in hex, of the time in seconds, a dot and the body, keyed with the secret."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def summary_text(subject: str, *, counts: Mapping[str, int], reason: str | None, results: str | None) -> str:
    """The summary as one line, for a chat: `run first: 12 created, 1 rejected; results in /srv/first.csv`."""
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    parts = [f"{subject}: {told}" if told else subject, reason or "", f"results in {results}" if results else ""]
    return "; ".join(part for part in parts if part)


async def _tried(url: str, body: bytes, *, delivery: str, posting: Posting) -> tuple[str | None, bool]:
    """One try: (what went wrong, whether it may pass)."""
    host, seconds = notify_host(url), posting.deadline_seconds
    try:
        with anyio.fail_after(seconds):
            status = await _posted(url, body, delivery=delivery, secret=posting.secret, connect_seconds=seconds)
    except TimeoutError:
        return f"{host} did not answer within {seconds:g} s", True
    # Whatever the other side does, the run is over, and its record must be kept.
    except Exception as error:  # noqa: BLE001 - see above
        return f"{host}: {type(error).__name__}", True
    if status in _GOOD:
        return None, False
    return f"{host} answered {status}", status in _MAY_PASS


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


async def _posted(url: str, body: bytes, *, delivery: str, secret: str, connect_seconds: float) -> int:
    """The status of the answer."""
    context = httpx.create_ssl_context(trust_env=False) if urlsplit(url).scheme == "https" else None
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "campaign",
        "Accept-Encoding": "identity",
        "X-Campaign-Delivery": delivery,
    }
    if secret:
        timestamp = int(time.time())
        signed = signature_of(body, secret=secret, timestamp=timestamp)
        headers |= {"X-Campaign-Timestamp": str(timestamp), "X-Campaign-Signature": f"sha256={signed}"}
    request = httpx.Request("POST", url, headers=headers, content=body)
    async with SingleUseTransport(connect_seconds=connect_seconds, ssl_context=context) as transport:
        response = await transport.handle_async_request(request)
        # The response body is not needed: closed unread.
        await response.aclose()
    return response.status_code
