"""AICaller client: sends one call request and returns what its ending proves. It never raises for a call.

One deadline for all of it, after which what has arrived is read; no redirects (they would send the body, and the key,
to another server), no proxies or passwords from the environment, no compression, the body read raw and capped, the
status remembered once seen.
"""

import ssl
from collections.abc import Callable
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

import anyio
import httpx
import pydantic_core

from campaign.aicaller.server_date import OnAnswer, answer_time, ignore_time
from campaign.aicaller.verdict import Answer, Ending, Lost, Unreached, judge
from campaign.aicaller.wire.connecting import connect_tcp
from campaign.aicaller.wire.connection import Deadline, DeadlinePassed
from campaign.aicaller.wire.exchange import Exchange, RequestHead, TooLate
from campaign.aicaller.wire.loop_clock import loop_clock
from campaign.aicaller.wire.transport import NoOpenFiles, SingleUseTransport, UnresolvedHost, UntrustedServer
from campaign.config.settings import Account
from campaign.domain.api_schema import CREATE_CALL_PATH, KEY_HEADER
from campaign.domain.model import Attempt, Cause, Outcome

CONNECT_SECONDS = 10.0
DEADLINE_SECONDS = 60.0
MOST_BODY_BYTES = 1024 * 1024

# Up to this rate every call has a connection of its own, and no call ever meets a server that is closing an idle
# one. Measured on loopback (python -m tests.bench, beside connections that are used again): a connection of its own
# costs 1.2 times the processor time of a kept one at 1 call a second, and 2.5 times at 50 and at 500; with TLS 0.9, 3.6
# and 4.2 times, and there 500 a second are more than a core can do, where kept ones take a third of it. So: none of it
# matters up to 50 a second, and at 500 it is the difference between keeping the pace and not. Above 50, a connection is
# used again within one second, a fifth of the shortest idle time-out that servers are known to have.
REUSE_ABOVE_CALLS_PER_SECOND = 50.0
REUSE_WITHIN_SECONDS = 1.0

# The whitelist: only these prove that no byte of the request left. The order matters, a subclass before its base.
_NOTHING_SENT: tuple[tuple[type[Exception], Cause], ...] = (
    (UnresolvedHost, Cause.NAME),
    (UntrustedServer, Cause.TLS),
    (NoOpenFiles, Cause.LOCAL),
    (TooLate, Cause.LATE),
    (httpx.ConnectError, Cause.CONNECT),
    (httpx.ConnectTimeout, Cause.CONNECT),
    (httpx.LocalProtocolError, Cause.LOCAL),
    (httpx.UnsupportedProtocol, Cause.LOCAL),
)


def reuse_for(calls_per_second: float) -> float:
    """For how many seconds a connection may be reused at that rate; 0 for never."""
    return REUSE_WITHIN_SECONDS if calls_per_second > REUSE_ABOVE_CALLS_PER_SECOND else 0.0


def in_time(_attempt: Attempt) -> None:
    """Whatever is sent is in time: for a client whose calls nobody claims."""


class AICallerClient:
    """Open client: `async with AICallerClient(...) as client: outcome = await client.send(attempt)`."""

    def __init__(  # noqa: PLR0913 - what a call depends on
        self,
        account: Account,
        *,
        now: Callable[[], datetime],
        on_answer: OnAnswer = ignore_time,
        why_too_late: Callable[[Attempt], str | None] = in_time,
        reuse_within: float = 0.0,
        connect_seconds: float = CONNECT_SECONDS,
        deadline_seconds: float = DEADLINE_SECONDS,
        ssl_context: ssl.SSLContext | None = None,
        transport: SingleUseTransport | None = None,
    ) -> None:
        """A client of one account.

        Args:
            account: whose calls are made.
            now: the wall clock, for a Retry-After that is a date.
            on_answer: receives the time of every answer.
            why_too_late: asked right before the first byte of a call: why it may not be sent any more.
            reuse_within: for how many seconds a connection may be used again; 0 for never.
            connect_seconds: how long a connection may take to come about.
            deadline_seconds: how long a call's request and its whole answer may take.
            ssl_context: replaces the roots of trust.
            transport: the way to the server, in place of one that is made with the settings above.
        """
        self._url = httpx.URL(account.base_url + CREATE_CALL_PATH)
        self._headers = {
            KEY_HEADER: account.api_key.get_secret_value(),
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "campaign",
        }
        self._head: RequestHead | None = None
        self._clock: Callable[[], float] = anyio.current_time
        self._now, self._deadline_seconds, self._on_answer = now, deadline_seconds, on_answer
        self._why_too_late = why_too_late
        if ssl_context is None and transport is None and self._url.scheme == "https":
            ssl_context = httpx.create_ssl_context(trust_env=False)
        # The transport is asked directly: what httpx.AsyncClient would add (redirects, cookies, passwords, proxies,
        # decoding) is exactly what must never happen to a call, and costs a tenth of its time.
        self._transport = transport or SingleUseTransport(
            connect_seconds=connect_seconds,
            reuse_within=reuse_within,
            ssl_context=ssl_context,
            connect=account.connect or connect_tcp,
        )

    async def __aenter__(self) -> Self:
        self._clock = loop_clock()
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    async def send(self, attempt: Attempt) -> Outcome:
        """Sends the attempt once, and returns the outcome that its ending proves."""
        ending = await self._post(attempt)
        secrets = (self._headers[KEY_HEADER], *_webhook_secrets(attempt.body))
        return judge(ending, phone=attempt.phone, now=self._now(), secrets=secrets)

    async def _post(self, attempt: Attempt) -> Ending:
        status: int | None = None
        clock = self._clock
        asked = clock()
        try:
            if self._head is None:
                # Not before the first call: an error here is then that call's ending, and no crash.
                self._head = self._transport.head_of(httpx.Request("POST", self._url, headers=self._headers))
            deadline = Deadline(self._deadline_seconds, clock=clock)
            may_begin = partial(self._refuse_late, attempt)
            exchange = await self._transport.begin(
                self._url, self._head, attempt.body, deadline=deadline, may_begin=may_begin
            )
            status = exchange.status
            date, age = exchange.headers.get("date"), exchange.headers.get("age")
            self._on_answer(answer_time(date, age, asked=asked, answered=clock()))
            try:
                return await _read(exchange)
            finally:
                await self._transport.end(exchange)
        except (KeyboardInterrupt, SystemExit, GeneratorExit, anyio.get_cancelled_exc_class()):
            raise
        except DeadlinePassed:
            return Lost("deadline", detail=f"nothing whole within {self._deadline_seconds:.0f} s", status=status)
        # A hostile answer can raise anything, and one exception here would take other people's calls with it.
        except BaseException as error:  # noqa: BLE001 - see above
            return _ending_of(error, status=status)

    def _refuse_late(self, attempt: Attempt) -> None:
        if (why := self._why_too_late(attempt)) is not None:
            raise TooLate(f"not sent: {why}")


async def _read(exchange: Exchange) -> Answer:
    parts: list[bytes] = []
    size = 0
    while size <= MOST_BODY_BYTES and (part := await exchange.next_part()) is not None:
        parts.append(part)
        size += len(part)
    body = b"".join(parts)[:MOST_BODY_BYTES]
    return Answer(exchange.status, headers=exchange.headers, body=body, too_long=size > MOST_BODY_BYTES)


def _ending_of(error: BaseException, *, status: int | None) -> Ending:
    if status is None:
        for kind, cause in _NOTHING_SENT:
            if isinstance(error, kind):
                return Unreached(cause, detail=str(error))
    # Only the messages of these are known to hold no secret.
    detail = str(error) if isinstance(error, httpx.TransportError) else ""
    return Lost(type(error).__name__, detail=detail, status=status)


def _webhook_secrets(body: bytes) -> list[str]:
    """The webhook secrets in a request, which a response may repeat."""
    if b'"secret"' not in body:
        return []
    hooks = pydantic_core.from_json(body).get("phoneCallWebhooks") or []
    return [hook["secret"] for hook in hooks if hook.get("secret")]
