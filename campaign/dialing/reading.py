"""Reading calls from AICaller: `GET /v1/phoneCalls/{id}` rings no phone, and its answer is hostile input all the same."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote

import anyio
import httpx
import pydantic_core

from campaign.aicaller import CREATE_CALL_PATH, KEY_HEADER
from campaign.dialing.retry_after import read_retry_after
from campaign.dialing.transport import SingleUseTransport
from campaign.settings import Account

CONNECT_SECONDS = 10.0
DEADLINE_SECONDS = 30.0
MOST_BODY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call as it was read."""

    call: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NotRead:
    """A call that could not be read.

    Attributes:
        reason: one line for people.
        status: of the answer, if there was one.
        retry_after: seconds that the server asked to wait, if it did.
    """

    reason: str
    status: int | None = None
    retry_after: float | None = None


class ReadingClient:
    """An open door for reading: `async with ReadingClient(...) as client: found = await client.get_call(call_id)`."""

    def __init__(
        self,
        account: Account,
        *,
        now: Callable[[], datetime],
        deadline_seconds: float = DEADLINE_SECONDS,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """`now` is the wall clock, for a Retry-After that is a date; `ssl_context` replaces the roots of trust."""
        self._base = account.base_url + CREATE_CALL_PATH
        self._headers = {
            KEY_HEADER: account.api_key.get_secret_value(),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "campaign",
        }
        self._now, self._deadline_seconds = now, deadline_seconds
        if ssl_context is None and self._base.startswith("https:"):
            ssl_context = httpx.create_ssl_context(trust_env=False)
        self._transport = SingleUseTransport(connect_seconds=CONNECT_SECONDS, ssl_context=ssl_context)

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    async def get_call(self, call_id: str) -> FoundCall | NotRead:
        """Reads one call; never raises for it."""
        try:
            with anyio.fail_after(self._deadline_seconds):
                request = httpx.Request("GET", f"{self._base}/{quote(call_id, safe='')}", headers=self._headers)
                response = await self._transport.handle_async_request(request)
                try:
                    body = await _body(response)
                finally:
                    await response.aclose()
        except TimeoutError:
            return NotRead(f"no whole answer within {self._deadline_seconds:.0f} s")
        except (KeyboardInterrupt, SystemExit, GeneratorExit, anyio.get_cancelled_exc_class()):
            raise
        except BaseException as error:  # noqa: BLE001 - a hostile answer can raise anything, and is only not read
            return NotRead(str(error) if isinstance(error, httpx.TransportError) else type(error).__name__)
        return self._judged(response, body)

    def _judged(self, response: httpx.Response, body: bytes | None) -> FoundCall | NotRead:
        status = response.status_code
        if not 200 <= status <= 299:  # noqa: PLR2004 - the range has a name: success
            wait = read_retry_after(response.headers.get("retry-after"), now=self._now())
            return NotRead(f"status {status}", status=status, retry_after=wait)
        if body is None:
            return NotRead("the answer is too long to be one", status=status)
        try:
            said = pydantic_core.from_json(body)
        except ValueError:
            return NotRead("the answer is no JSON", status=status)
        data = said.get("data") if isinstance(said, dict) else None
        return FoundCall(data) if isinstance(data, dict) else NotRead("the answer holds no call", status=status)


async def _body(response: httpx.Response) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    async for chunk in cast("httpx.AsyncByteStream", response.stream):
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_BODY_BYTES:
            return None
    return b"".join(parts)
