"""A box between the program and AICaller, as proxies and caches are: it passes requests on, and may change the answers.

program --> middlebox --> stand-in (truth log)
               |
        changes(exchange) --> what the program gets
"""

import http.client
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

_PASSED_ON = ("content-type", "aicaller-api-key", "accept", "accept-encoding")
_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and what was answered to it; `number` counts the requests of its method from 0."""

    method: str
    path: str
    number: int
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_call(self) -> bool:
        """Whether it creates a call."""
        return self.method == "POST"


Change = Callable[[Exchange], Exchange]
Refusal = Callable[[str, int], Exchange | None]
"""Of the request's method and number: what is answered instead of passing it on; None passes it on."""


def unchanged(exchange: Exchange) -> Exchange:
    """The answer as it is."""
    return exchange


def passed_on(_method: str, _number: int) -> None:
    """Every request is."""


@contextmanager
def middlebox(upstream: str, *, change: Change = unchanged, refusal: Refusal = passed_on) -> Iterator[str]:
    """Runs one in front of that address while the block lasts; yields its own address."""

    class Handler(_Handler):
        counts: dict[str, int] = {}  # noqa: RUF012 - one dictionary for each box
        address = urlsplit(upstream).netloc
        changed = staticmethod(change)
        refused = staticmethod(refusal)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=_TIMEOUT_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    counts: dict[str, int]
    address: str
    changed: Change
    refused: Refusal

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the overridden method's own name
        """Says nothing."""

    def _pass_on(self) -> None:
        number = self.counts.get(self.command, 0)
        self.counts[self.command] = number + 1
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        refused = self.refused(self.command, number)
        self._answer(self.changed(self._upstream(body, number)) if refused is None else refused)

    def _upstream(self, body: bytes, number: int) -> Exchange:
        upstream = http.client.HTTPConnection(self.address, timeout=_TIMEOUT_SECONDS)
        try:
            kept = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
            upstream.request(self.command, self.path, body=body or None, headers=kept)
            answer = upstream.getresponse()
            headers = {name: value for name, value in answer.getheaders() if name.lower() in ("content-type", "date")}
            return Exchange(self.command, self.path, number, answer.status, answer.read(), headers)
        finally:
            upstream.close()

    def _answer(self, exchange: Exchange) -> None:
        self.send_response_only(exchange.status)
        for name, value in {
            **exchange.headers,
            "Content-Length": str(len(exchange.body)),
            "Connection": "close",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(exchange.body)
        self.close_connection = True
