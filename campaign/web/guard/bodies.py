"""Bodies that are not taken: too large ones get a page in place of a bare line, clients that went away no answer."""

from http import HTTPStatus

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign.web.rendering import Pages

_MEGABYTE = 1_000_000


class Bodies:
    """Words the refusal of a body that is larger than its route takes: it is given before a handler is asked."""

    def __init__(self, app: ASGIApp, *, pages: Pages, most_bytes: int) -> None:
        limit = f"{most_bytes / _MEGABYTE:.0f} MB" if most_bytes >= _MEGABYTE else f"{most_bytes:,} bytes"
        self._app, self._pages = app, pages
        self._text = f"What you sent is larger than {limit}, and nothing was kept of it; split the sheet into several."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http" or scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        refused = False

        async def sent(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and _is_bare_refusal(message):
                refused = True
                page = self._pages.page("nowhere.html.jinja", {"message": self._text})
                await send({**message, "headers": page.raw_headers})
                await send({"type": "http.response.body", "body": page.body})
            elif not refused:
                await send(message)

        try:
            await self._app(scope, receive, sent)
        except ClientDisconnect:
            return  # Nobody is there to be told, and nothing is kept of an upload that is not whole.


def _is_bare_refusal(message: Message) -> bool:
    kind: bytes = dict(message.get("headers", ())).get(b"content-type", b"")
    return message["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and kind.startswith(b"text/plain")
