"""Host check: a request is answered only under a name that is this server's, so that no other site's name leads here.

A page of another site can point its own name at 127.0.0.1 (DNS rebinding); its requests then carry that name.
"""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def names_of(host: str, *, port: int, allowed: tuple[str, ...] = ()) -> frozenset[str]:
    """The values of `Host` under which a server bound to that address answers.

    Args:
        host: the address it is bound to.
        port: its port.
        allowed: further names, as a proxy before it sends them, with a port or without.
    """
    shown = f"[{host}]" if ":" in host else host
    own = {*_LOOPBACK, shown} - {"0.0.0.0", "[::]"}  # noqa: S104 - taken out, not bound
    with_port = {f"{name}:{port}" for name in own}
    # A browser leaves the port out where it is the scheme's own.
    return frozenset({*with_port, *(own if port in (80, 443) else ()), *(name.lower() for name in allowed)})


class HostCheck:
    """Refuses requests under any other name with 403."""

    def __init__(self, app: ASGIApp, *, names: frozenset[str]) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] == "http" and Headers(scope=scope).get("host", "").lower() not in self._names:
            refusal = PlainTextResponse("This server does not answer under that name.\n", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
