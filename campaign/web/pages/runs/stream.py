"""Live streams: a part of a page, at once and whenever it has changed, and `end` when nothing moves any more.

A stream begins with the state as it is, so a browser that connects again has missed nothing.
"""

import time
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Protocol

import anyio
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from campaign.domain.errors import CampaignError, UsageError
from campaign.usecases.context import Ledger, opened_ledger
from campaign.web.guard.visitor import Visitor, visitor_of
from campaign.web.site import Site

_SECONDS_BETWEEN_LOOKS = 0.5
_SHARE = 10
"""Looking takes at most a tenth of the time of a stream."""
HEARTBEAT_SECONDS = 15
_VISITOR_EVERY_SECONDS = 30.0


class Moving(Protocol):
    """Renders the part of the page that moves, and says whether it may go on moving."""

    def __call__(self, site: Site, ledger: Ledger, *, is_viewer: bool) -> tuple[str, bool]:
        """May raise CampaignError."""


async def streamed(request: Request, moving: Moving) -> Response:
    """The stream as an answer; 401 for who is not signed in, 404 for what is not there."""
    site: Site = request.app.state.site
    # Its place is taken before anything is opened for it: a thousand at once would look a thousand times.
    with site.streams.one() as is_let_in:
        if is_let_in:
            return await _begun(site, request, moving)
    # Without its stream a page is still right when it is loaded again.
    later = {"retry-after": str(HEARTBEAT_SECONDS)}
    return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=later)


async def _begun(site: Site, request: Request, moving: Moving) -> Response:
    visitor = await run_in_threadpool(_visitor, site, request)
    if visitor is None:
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    try:
        await run_in_threadpool(_look, site, moving, is_viewer=visitor.role != "operator")
    except UsageError as error:
        return PlainTextResponse(f"{error}\n", status_code=HTTPStatus.NOT_FOUND)
    except CampaignError as error:
        return PlainTextResponse(f"{error}\n", status_code=HTTPStatus.SERVICE_UNAVAILABLE)
    return EventSourceResponse(_counted(site, request, moving), ping=HEARTBEAT_SECONDS)


async def _counted(site: Site, request: Request, moving: Moving) -> AsyncIterator[dict[str, str]]:
    with site.streams.one() as is_let_in:
        if is_let_in:
            async for event in _events(site, request, moving):
                yield event


async def _events(
    site: Site, request: Request, moving: Moving, *, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[dict[str, str]]:
    shown, asked_at, visitor = None, -_VISITOR_EVERY_SECONDS, None
    while True:
        begun = clock()
        if begun - asked_at >= _VISITOR_EVERY_SECONDS:
            # A user who was removed, or has signed out, sees no more of it.
            visitor, asked_at = await run_in_threadpool(_visitor, site, request), begun
        html, goes_on = "", False
        try:
            if visitor is not None:
                html, goes_on = await run_in_threadpool(_look, site, moving, is_viewer=visitor.role != "operator")
        except CampaignError:
            # The page tells it when it is loaded again.
            visitor = None
        if visitor is not None and html != shown:
            shown = html
            yield {"data": html}
        if not goes_on:
            yield {"event": "end", "data": "-"}
            return
        await anyio.sleep(max(_SECONDS_BETWEEN_LOOKS, (clock() - begun) * _SHARE))


def _look(site: Site, moving: Moving, *, is_viewer: bool) -> tuple[str, bool]:
    with opened_ledger(site.around) as ledger:
        return moving(site, ledger, is_viewer=is_viewer)


def _visitor(site: Site, request: Request) -> Visitor | None:
    with opened_ledger(site.around) as ledger:
        return visitor_of(ledger, request, binding=site.binding)
