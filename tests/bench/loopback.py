"""A server that does nothing but answer, as fast as Python can: what is measured is then the client's cost."""

import argparse
import asyncio
import re
import secrets
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


class Answering(asyncio.Protocol):
    """Answers each POST with its own body and a new id, after `latency` seconds; of a GET it knows nothing."""

    latency = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._read = cast("asyncio.Transport", transport), b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end]
            length = _LENGTH.search(head)
            if length is None:
                self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                self._transport.close()
                return
            whole = end + 4 + int(length[1])
            if len(self._read) < whole:
                return
            body, self._read = self._read[end + 4 : whole], self._read[whole:]
            closing = b"connection: close" in head.lower()
            self.answer(body, closing=closing)

    def answer(self, body: bytes, *, closing: bool) -> None:
        """Answers a request with that body."""
        reply = (
            b'{"data":{"_id":"' + secrets.token_hex(12).encode() + b'","createdAt":"","updatedAt":"",' + body[1:] + b"}"
        )
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(reply)
        self.later(head + reply, closing=closing)

    def later(self, answer: bytes, *, closing: bool) -> None:
        """Sends an answer, after the latency."""
        if self.latency:
            asyncio.get_running_loop().call_later(self.latency, self._send, answer, closing)
        else:
            self._send(answer, closing)

    def _send(self, answer: bytes, closing: bool) -> None:  # noqa: FBT001 - call_later passes by position
        if self._transport.is_closing():
            return
        self._transport.write(answer)
        if closing:
            self._transport.close()


async def _serve(latency: float, certificate: Path | None) -> None:
    Answering.latency = latency
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=4096, ssl=context)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextmanager
def serving(*, latency: float, certificate: Path | None = None) -> Iterator[int]:
    """The server as a process of its own; its port."""
    command = [sys.executable, "-m", "tests.bench.loopback", "--latency", str(latency)]
    command += ["--certificate", str(certificate)] if certificate else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float)
    parser.add_argument("--certificate", type=Path, default=None)
    options = parser.parse_args()
    if sys.platform == "win32":
        asyncio.run(_serve(options.latency, options.certificate))
    else:
        import uvloop  # there is none for Windows

        uvloop.run(_serve(options.latency, options.certificate))
