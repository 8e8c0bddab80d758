"""A server of bare sockets that misbehaves as it is told, and knows whether it held the whole request.

Each connection gets a thread and a `Line`; the script is what is done with it. After the script the line is held open
and read until the client goes away, so that a request that was sent is always noticed.
"""

import contextlib
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

_PATIENCE = 20.0


class Gone(Exception):  # noqa: N818 - an ending, not an error
    """The client has gone, or the server is told to end."""


class Line:
    """One connection, as the server has it.

    Attributes:
        heard: all bytes that came in.
        sent: how many bytes went out.
        requests: how many whole requests came in.
    """

    def __init__(self, raw: socket.socket, tls: ssl.SSLContext | None) -> None:
        self.heard, self.sent, self.requests = b"", 0, 0
        self._raw, self._tls = raw, tls
        self.socket: socket.socket = raw
        raw.settimeout(_PATIENCE)

    def shake_hands(self) -> None:
        if self._tls is not None:
            self.socket = self._tls.wrap_socket(self._raw, server_side=True, suppress_ragged_eofs=True)

    def take(self, number: int = 1) -> bytes:
        """Waits for so many whole requests; all that was heard."""
        while self.requests < number:
            self.hear()
        return self.heard

    def hear(self) -> None:
        got = self.socket.recv(65536)
        if not got:
            raise Gone
        self.heard += got
        self.requests = whole_requests(self.heard)

    def say(self, data: bytes) -> None:
        self.socket.sendall(data)
        self.sent += len(data)

    def say_for_ever(self, data: bytes) -> None:
        while True:
            self.say(data)

    def drip(self, data: bytes) -> None:
        """Byte after byte, slowly; goes on until the client has gone."""
        for number in range(len(data)):
            self.say(data[number : number + 1])
            if select.select([self.socket], [], [], 0.05)[0]:
                self.hear()

    def finish(self) -> None:
        """Says that no more will be said."""
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hold(self) -> None:
        """Reads until the client goes away."""
        while True:
            self.hear()

    def end(self) -> None:
        self.socket.close()
        self._raw.close()


Script = Callable[[Line], None]


class Hostile:
    """The server; `with Hostile(script) as server`. Each script serves one connection, the last one the rest."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self.lines: list[Line] = []
        self._scripts, self._tls = scripts, tls
        self._threads: list[threading.Thread] = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self._door = threading.Thread(target=self._welcome, daemon=True)

    @property
    def base_url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def held_whole_request(self) -> bool:
        return any(line.requests for line in self.lines)

    def wait(self) -> None:
        """Waits until all connections are over, which is when their clients have gone."""
        for thread in list(self._threads):
            thread.join(_PATIENCE)
            assert not thread.is_alive(), "a client has left its connection open"

    def __enter__(self) -> Self:
        self._door.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._door.join(_PATIENCE)
        if error is None:
            self.wait()

    def _welcome(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._socket.accept()
                line = Line(raw, self._tls)
                script = self._scripts[min(len(self.lines), len(self._scripts) - 1)]
                self.lines.append(line)
                thread = threading.Thread(target=_serve, args=(line, script), daemon=True)
                self._threads.append(thread)
                thread.start()


def _serve(line: Line, script: Script) -> None:
    with contextlib.suppress(OSError, Gone):
        line.shake_hands()
        script(line)
        line.hold()
    line.end()


def whole_requests(heard: bytes) -> int:
    """How many whole requests these bytes hold."""
    number = 0
    while True:
        head, end, rest = heard.partition(b"\r\n\r\n")
        if not end or b"HTTP/1.1" not in head:
            return number
        said = (line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        length = sum(int(line.partition(b":")[2]) for line in said)  # None for a GET.
        if len(rest) < length:
            return number
        number, heard = number + 1, rest[length:]
