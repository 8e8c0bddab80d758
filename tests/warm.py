"""Starts of the real program from a process that has loaded it: the tests' own has threads, and cannot be forked.

test process --- "start this, with these streams" ---> parent of all starts, one thread --- fork ---> start
             --- "how did it end?" ---------------->

Each start has a process, an environment, a folder and streams of its own, and can be killed as any other.
"""

import atexit
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import IO, Any

from tests.forked import Forked, forked_with, warm_up

ROOT = Path(__file__).resolve().parents[1]
_LENGTH = struct.Struct("!I")
_STREAMS = 3
_PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class Apart:
    """A start: like `subprocess.Popen`, without its pipes."""

    pid: int
    _alive: int
    _ended: Callable[[int], int]
    returncode: int | None = field(default=None)

    def poll(self) -> int | None:
        """Its exit code, negative for a signal's number; None while it lives."""
        return self._looked(0)

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end; its exit code.

        Raises:
            subprocess.TimeoutExpired: it still lives.
        """
        code = self._looked(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(["warm", str(self.pid)], timeout or 0)
        return code

    def send_signal(self, sig: int) -> None:
        """Sends it a signal, unless it has ended."""
        # Nobody else gets its number meanwhile: its parent lets go of it only when it is asked how it ended.
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """Kills it."""
        self.send_signal(signal.SIGKILL)

    def _looked(self, seconds: float | None) -> int | None:
        if self.returncode is not None:
            return self.returncode
        ends = select.poll()
        ends.register(self._alive, select.POLLIN)
        if ends.poll(None if seconds is None else seconds * 1000):
            os.close(self._alive)
            self.returncode = self._ended(self.pid)
        return self.returncode


@dataclass(slots=True)
class Piped:
    """A start whose streams are pipes to the tests, for few words: nobody reads both of its outputs at once."""

    process: Apart
    stdin: IO[str]
    stdout: IO[str]
    stderr: IO[str]

    @property
    def returncode(self) -> int | None:
        """Its exit code, once it was waited for."""
        return self.process.returncode

    def send_signal(self, sig: int) -> None:
        """Sends it a signal, unless it has ended."""
        self.process.send_signal(sig)

    def ended(self) -> tuple[str, str]:
        """Says no more to it, and waits for its end: what it says on stdout and on stderr."""
        self.stdin.close()
        said = self.stdout.read(), self.stderr.read()
        self.process.wait(timeout=_PATIENCE_SECONDS)
        return said


class Warm:
    """The parent of all starts, as a process beside the tests."""

    def __init__(self) -> None:
        """Starts it; it loads the program before it answers."""
        self._line, theirs = socket.socketpair()
        self._one_at_a_time = Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.warm", str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )

    def start(
        self,
        target: str,
        arguments: Sequence[str],
        *,
        streams: tuple[int, int, int],
        folder: Path,
        environment: Mapping[str, str],
    ) -> Apart:
        """Starts a process that calls the function `module:name` with the arguments, which ends it or returns its code.

        Args:
            target: the function.
            arguments: what it is called with, as a list.
            streams: descriptors of its stdin, stdout and stderr; the caller closes its own.
            folder: its working folder.
            environment: all of its environment.
        """
        # The start alone holds the other end, so that this one is readable once it has ended, however it did.
        alive, theirs = os.pipe()
        try:
            task = {
                "target": target,
                "arguments": list(arguments),
                "folder": os.path.abspath(folder),  # noqa: PTH100 - links stay as they are
                "environment": dict(environment),
            }
            return Apart(self._ask(task, [*streams, theirs]), alive, self._ended)
        finally:
            os.close(theirs)

    @contextmanager
    def piped(
        self, target: str, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str] = os.environ
    ) -> Iterator[Piped]:
        """As `start`, with the environment of the tests, if no other; it ends with the block at the latest."""
        (stdin, says), (hears, stdout), (reads, stderr) = os.pipe(), os.pipe(), os.pipe()
        with open(says, "w") as to, open(hears) as out, open(reads) as err:  # noqa: PTH123 - descriptors
            streams = (stdin, stdout, stderr)
            try:
                process = self.start(target, arguments, streams=streams, folder=folder, environment=environment)
            finally:
                for descriptor in streams:
                    os.close(descriptor)
            try:
                yield Piped(process, to, out, err)
            finally:
                process.kill()
                process.wait(timeout=_PATIENCE_SECONDS)

    def stop(self) -> None:
        """Ends it, and what still lives of its starts."""
        self._line.close()
        self._process.wait(timeout=60)

    def _ended(self, pid: int) -> int:
        return self._ask({"ended": pid}, [])

    def _ask(self, task: Mapping[str, Any], descriptors: list[int]) -> int:
        said = json.dumps(task).encode()
        with self._one_at_a_time:
            socket.send_fds(self._line, [_LENGTH.pack(len(said))], descriptors)
            self._line.sendall(said)
            return int.from_bytes(self._line.recv(4, socket.MSG_WAITALL), signed=True)


@cache
def warm() -> Warm:
    """The one of this test process, started when it is first needed."""
    made = Warm()
    atexit.register(made.stop)
    return made


def _serve(line: socket.socket) -> None:
    """Answers until the tests are gone."""
    warm_up()
    children: dict[int, Forked] = {}
    while True:
        length, descriptors, _, _ = socket.recv_fds(line, _LENGTH.size, _STREAMS + 1, socket.MSG_CMSG_CLOEXEC)
        if not length:
            break
        (size,) = _LENGTH.unpack(length)
        task = json.loads(line.recv(size, socket.MSG_WAITALL))
        if "ended" in task:
            answer = children.pop(task["ended"]).wait()
        else:
            module, name = task["target"].split(":")
            # Loaded here, and so only once.
            work = partial(_started, getattr(import_module(module), name), task, line)
            child = forked_with(work, streams=(descriptors[0], descriptors[1], descriptors[2]))
            children[child.pid], answer = child, child.pid
        for descriptor in descriptors:
            os.close(descriptor)
        line.sendall(answer.to_bytes(4, signed=True))
    for child in children.values():
        child.kill()
        child.wait()


def _started(work: Callable[[list[str]], int | None], task: Mapping[str, Any], line: socket.socket) -> int:
    line.close()
    os.chdir(task["folder"])
    os.environ.clear()
    os.environ.update(task["environment"])
    time.tzset()
    return work(task["arguments"]) or 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ConnectionResetError, BrokenPipeError):
        _serve(socket.socket(fileno=int(sys.argv[1])))
