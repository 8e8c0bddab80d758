"""Refusals of the server itself, as pages: too large, not whole, no such address; and clients that went away."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign.web.rendering import Pages

_TEXTS: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "The form did not arrive whole, and nothing was kept of it; send it again.",
    HTTPStatus.NOT_FOUND: "There is no such page.",
    HTTPStatus.METHOD_NOT_ALLOWED: "That cannot be done at this address.",
}
_MEGABYTE = 1_000_000


class Refusals:
    """Puts a page in the place of a bare line of text, where the server refuses before a handler is asked."""

    def __init__(self, app: ASGIApp, *, pages: Pages, most_bytes: int) -> None:
        limit = f"{most_bytes / _MEGABYTE:.0f} MB" if most_bytes >= _MEGABYTE else f"{most_bytes:,} bytes"
        too_large = f"What you sent is larger than {limit}, and nothing was kept of it; split the sheet into several."
        self._app, self._pages = app, pages
        self._texts = {**_TEXTS, HTTPStatus.REQUEST_ENTITY_TOO_LARGE: too_large}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and words what the server refuses."""
        if scope["type"] != "http" or scope["path"].startswith(("/api/", "/static/")):
            await self._app(scope, receive, send)
            return
        refused = False

        async def sent(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and self._is_bare(message):
                refused = True
                page = self._pages.page("refused.html.jinja", {"text": self._texts[message["status"]]})
                await send({**message, "headers": page.raw_headers})
                await send({"type": "http.response.body", "body": page.body})
            elif not refused:
                await send(message)

        try:
            await self._app(scope, receive, sent)
        except ClientDisconnect:
            return  # Nobody is there to be told, and nothing of an upload is kept that is not whole.

    def _is_bare(self, message: Message) -> bool:
        headers = dict(message.get("headers", ()))
        return message["status"] in self._texts and headers.get(b"content-type", b"").startswith(b"text/plain")
