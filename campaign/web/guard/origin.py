"""Origin check: what changes anything comes from a page of this server, or from no browser at all."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HARMLESS = ("GET", "HEAD", "OPTIONS")


def is_own(headers: Headers) -> bool:
    """Whether a request with these headers was not sent by a page of another site.

    Browsers send `Origin` with every form, and say where it came from in `Sec-Fetch-Site`; programs send neither.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


class OriginCheck:
    """Refuses requests that other sites' pages send with 403, before their bodies are read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] == "http" and scope["method"] not in _HARMLESS and not is_own(Headers(scope=scope)):
            refusal = PlainTextResponse("This form was sent from another site; nothing was done.\n", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
