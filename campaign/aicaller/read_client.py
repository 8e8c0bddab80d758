"""Read client: reads calls from AICaller. `GET /v1/phoneCalls/{id}` rings no phone; its response is hostile input."""

import email.utils
import random
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote, urlencode

import anyio
import httpx
import pydantic_core

from campaign.aicaller.connection import Deadline, DeadlinePassed
from campaign.aicaller.pagination import ListReading, Take
from campaign.aicaller.retry_after import read_retry_after
from campaign.aicaller.server_date import OnAnswer, answer_time, ignore_time
from campaign.aicaller.transport import SingleUseTransport, UnresolvedHost, UntrustedServer
from campaign.config.settings import Account
from campaign.domain.api_schema import CREATE_CALL_PATH, KEY_HEADER, STAND_IN_HEADER
from campaign.domain.errors import CampaignError
from campaign.timing.backoff import backoff

CONNECT_SECONDS = 10.0
DEADLINE_SECONDS = 30.0
MOST_BODY_BYTES = 4 * 1024 * 1024
# A call of a list has 1.3 kB, and its list comes in one answer: three million calls. A JavaScript server cannot even
# make a text of more than 512 MiB. It is read as it comes, so this bounds time, and no memory.
MOST_LIST_BYTES = 4 * 1024 * 1024 * 1024
LIST_DEADLINE_SECONDS = 180.0
# A long list takes its time on any line, and one that trickles would take for ever: each MiB of it gives it some more.
_SECONDS_FOR_EACH_MIB = 2.0
_MIB = 1024 * 1024
LIST_TRIES = 4
# What lies in the socket of a list may be megabytes, and the rest of it comes as that is read.
_LIST_GRACE_SECONDS = 10.0
_LONGEST_WAIT_SECONDS = 30.0
_READ_AT_ONCE_BYTES = 256 * 1024
_A_PART = 206
# Of headers: `Link: <..>; rel=next`, `X-Total-Count`, `Content-Range`; `Accept-Ranges` says nothing.
_OF_PAGES = re.compile(r"^link$|pag[ei]|next(?!js)|cursor|more|total|offset|(?<!accept-)range", re.IGNORECASE)
_NO_CALL = "0" * 24
_MAY_PASS = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call that was read.

    Attributes:
        call: as the answer has it.
        made_up: the answer says that it is the stand-in's. What is between may leave that out, and adds it to no other.
    """

    call: Mapping[str, Any]
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class NotRead:
    """A call that could not be read, and why.

    Attributes:
        reason: one line for people.
        status: of the answer, if there was one.
        retry_after: seconds that the server asked to wait, if it did.
    """

    reason: str
    status: int | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """How reading a list ended.

    Attributes:
        entries: how many entries were handed on, repeats and foreign ones included.
        whole: the list was read to its end, each entry of it is a call, and it mentions no further pages. It may lack
            calls all the same.
        trouble: one line for people on why it is not whole, or None.
        status: of the last answer, if there was one.
        ahead: seconds by which the server's clock is ahead of ours, as far as its Date header tells; None when it has
            none that can be read.
        retry_after: seconds that the server asked to wait, if it did.
        is_hopeless: the server has no address, or is not trusted, or the list is too long: the next try meets the same.
    """

    entries: int = 0
    whole: bool = False
    trouble: str | None = None
    status: int | None = None
    ahead: float | None = None
    retry_after: float | None = None
    is_hopeless: bool = False


Work = Callable[[], None]
Aside = Callable[[Work], Awaitable[None]]
"""Does some work to its end, and lets the event loop go on meanwhile if it can."""

RetryWait = Callable[[int], float]
"""Seconds until a list is read again, after that many tries (1 or more)."""


async def at_once(work: Work) -> None:
    """Does the work in the event loop's own thread."""
    work()


def jittered_backoff(tries: int) -> float:
    """Backoff that doubles with each try, with jitter so that processes do not retry together."""
    return backoff(tries, chance=random.random())  # noqa: S311 - only keeps programs apart


class ReadingClient:
    """Open client for reading: `async with ReadingClient(...) as client: found = await client.get_call(call_id)`."""

    def __init__(
        self,
        account: Account,
        *,
        now: Callable[[], datetime],
        on_answer: OnAnswer = ignore_time,
        deadline_seconds: float = DEADLINE_SECONDS,
        list_seconds: float = LIST_DEADLINE_SECONDS,
        most_list_bytes: int = MOST_LIST_BYTES,
        retry_wait: RetryWait = jittered_backoff,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """`now` is the wall clock, for a Retry-After that is a date; `ssl_context` replaces the trusted roots."""
        self._list_seconds, self._most_list_bytes = list_seconds, most_list_bytes
        self._retry_wait = retry_wait
        self._base = account.base_url + CREATE_CALL_PATH
        self._headers = {
            KEY_HEADER: account.api_key.get_secret_value(),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            # What a cache kept says nothing about now: neither which calls there are, nor what the time is.
            "Cache-Control": "no-cache",
            "User-Agent": "campaign",
        }
        self._now, self._deadline_seconds, self._on_answer = now, deadline_seconds, on_answer
        if ssl_context is None and self._base.startswith("https:"):
            ssl_context = httpx.create_ssl_context(trust_env=False)
        self._transport = SingleUseTransport(
            connect_seconds=CONNECT_SECONDS, ssl_context=ssl_context, connect=account.connect or anyio.connect_tcp
        )

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
            request = self._get(f"{self._base}/{quote(call_id, safe='')}", deadline=Deadline(self._deadline_seconds))
            response = await self._answered(request)
            try:
                body = await _body(response)
            finally:
                await response.aclose()
        except DeadlinePassed:
            return NotRead(f"no whole answer within {self._deadline_seconds:.0f} s")
        except (KeyboardInterrupt, SystemExit, GeneratorExit, anyio.get_cancelled_exc_class()):
            raise
        except BaseException as error:  # noqa: BLE001 - a hostile answer can raise anything, and is only not read
            return NotRead(str(error) if isinstance(error, httpx.TransportError) else type(error).__name__)
        return self._judged(response, body)

    async def list_calls(self, call_template_id: str, *, take: Take, aside: Aside = at_once) -> Listed:
        """Lists the calls of a call template, and retries where that may help.

        Args:
            call_template_id: AICaller's.
            take: gets the entries as they are read, some hundred at a time, in the list's order; from the start again
                when the list is read once more.
            aside: where the entries are read and `take` is called; a long list takes its time.
        """
        listed = Listed(trouble="the calls were not listed")
        deadline = Deadline(self._list_seconds, grace=_LIST_GRACE_SECONDS)
        for tries in range(1, LIST_TRIES + 1):
            listed = await self._list_once(call_template_id, _Reader(take, aside), deadline=deadline)
            wait = _wait_after(listed, tries=tries, retry_wait=self._retry_wait)
            if wait is None or wait >= deadline.left:
                break
            await anyio.sleep(wait)
        return listed

    async def ask_time(self) -> None:
        """Asks for a call that there is not, so that an answer comes, with its time; never raises for it."""
        await self.get_call(_NO_CALL)

    def _get(self, url: str, *, deadline: Deadline) -> httpx.Request:
        return httpx.Request("GET", url, headers=self._headers, extensions={"deadline": deadline})

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        asked = anyio.current_time()
        response = await self._transport.handle_async_request(request)
        date, age = response.headers.get("date"), response.headers.get("age")
        self._on_answer(answer_time(date, age, asked=asked, answered=anyio.current_time()))
        return response

    async def _list_once(self, call_template_id: str, reader: "_Reader", *, deadline: Deadline) -> Listed:
        query = urlencode({"callTemplateId": call_template_id})
        request = self._get(f"{self._base}?{query}", deadline=deadline)
        status: int | None = None
        try:
            response = await self._answered(request)
            status = response.status_code
            try:
                return await self._listed(response, reader, deadline=deadline)
            finally:
                await response.aclose()
        except (KeyboardInterrupt, SystemExit, GeneratorExit, anyio.get_cancelled_exc_class()):
            raise
        except DeadlinePassed:
            return Listed(trouble=f"the list was not whole within {deadline.seconds:.0f} s")
        except CampaignError:
            raise  # The caller's own error, not the response's.
        except Exception as error:  # noqa: BLE001 - a hostile answer can raise anything, and is only not read
            detail = str(error) if isinstance(error, httpx.TransportError) else ""
            trouble = f"the list broke off ({detail or type(error).__name__})"
            return Listed(
                trouble=trouble, status=status, is_hopeless=isinstance(error, UnresolvedHost | UntrustedServer)
            )

    async def _listed(self, response: httpx.Response, reader: "_Reader", *, deadline: Deadline) -> Listed:
        status, headers = response.status_code, response.headers
        ahead = _ahead(headers.get("date"), now=self._now())
        if not 200 <= status <= 299:  # noqa: PLR2004 - the range has a name: success
            wait = read_retry_after(headers.get("retry-after"), now=self._now())
            return Listed(trouble=f"status {status}", status=status, ahead=ahead, retry_after=wait)
        if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            return Listed(trouble="the list is compressed, though that was not asked for", status=status)
        reading = ListReading(reader.take)
        come, size = bytearray(), 0
        try:
            async for part in cast("httpx.AsyncByteStream", response.stream):
                deadline.extend(len(part) / _MIB * _SECONDS_FOR_EACH_MIB)
                come += part
                size += len(part)
                # The first bytes at once: to some they are enough.
                if len(come) >= _READ_AT_ONCE_BYTES or size == len(part):
                    text, come = bytes(come), bytearray()
                    await reader.aside(partial(reading.feed, text))
                if reading.broken is not None or size > self._most_list_bytes:
                    break
        except (httpx.TransportError, DeadlinePassed):
            # A list that breaks off: what came of it did exist.
            reading.feed(bytes(come))
            raise
        if size > self._most_list_bytes:
            return Listed(reading.entries, trouble=self._too_long(), status=status, ahead=ahead, is_hopeless=True)
        await reader.aside(partial(reading.finish, bytes(come)))
        whole = reading.whole and status != _A_PART and not any(map(_OF_PAGES.search, headers))
        return Listed(reading.entries, whole=whole, trouble=reading.broken, status=status, ahead=ahead)

    def _too_long(self) -> str:
        return (
            f"the list of this call template's calls is longer than {self._most_list_bytes / _MIB:.0f} MiB; a copy of "
            "the call template has a list of its own, which begins empty"
        )

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
        if not isinstance(data, dict):
            return NotRead("the answer holds no call", status=status)
        return FoundCall(data, made_up=STAND_IN_HEADER in response.headers)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads a list: `take` gets its entries, and that is done `aside`."""

    take: Take
    aside: Aside


async def _body(response: httpx.Response) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    async for chunk in cast("httpx.AsyncByteStream", response.stream):
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_BODY_BYTES:
            return None
    return b"".join(parts)


def _wait_after(listed: Listed, *, tries: int, retry_wait: RetryWait) -> float | None:
    """Seconds to wait before the list is read again; None when it is read, or a retry cannot help."""
    if listed.trouble is None or tries == LIST_TRIES:
        return None
    if listed.is_hopeless:
        return None
    # A list that came, and is broken, is given one more chance: it may have been cut.
    came = listed.status is not None and 200 <= listed.status <= 299  # noqa: PLR2004 - the range has a name: success
    if tries > 1 if came else listed.status not in _MAY_PASS and listed.status is not None:
        return None
    asked = listed.retry_after or 0.0
    if asked > _LONGEST_WAIT_SECONDS:
        return None
    return max(asked, retry_wait(tries))


def _ahead(date: str | None, *, now: datetime) -> float | None:
    try:
        said = email.utils.parsedate_to_datetime(date or "")
        return (said - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
