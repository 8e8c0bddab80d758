"""Processes that are forks of one that has loaded the program: a start that need not load it again costs a tenth.

What is forked has nothing else in common with its parent: no connection, no thread, no event loop.
"""

import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import NoReturn, Protocol

GLANCE_SECONDS = 0.002
_LOADED = (
    *(
        f"campaign.cli.commands.{verb}"
        for verb in ("check", "follow", "ending.forget", "pace", "rerun", "resolve", "run")
    ),
    *(f"campaign.cli.commands.{verb}" for verb in ("dial", "schedule", "status", "suppress")),
    "campaign.cli.declarations.verbs",
    "campaign.usecases.suppress.import_sheet",
    "campaign.usecases.suppress.read_numbers",
)


class Process(Protocol):
    """What `subprocess.Popen` and the processes here have in common."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


@dataclass(slots=True)
class Forked:
    """A child of this process."""

    pid: int
    returncode: int | None = field(default=None)

    def poll(self) -> int | None:
        """Its exit code, negative for a signal's number; None while it lives."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end; its exit code.

        Raises:
            subprocess.TimeoutExpired: it still lives.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and timeout is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(["forked", str(self.pid)], timeout)
            time.sleep(GLANCE_SECONDS)
        return code

    def send_signal(self, sig: int) -> None:
        """Sends it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """Kills it."""
        self.send_signal(signal.SIGKILL)


def warm_up() -> None:
    """Loads what the program's verbs would load, so that forks need not."""
    for name in _LOADED:
        import_module(name)


def forked(work: Callable[[], int], *, output: int | None = None) -> Forked:
    """Runs `work` in a child; its result is the exit code. Without `output` the child speaks where its parent does."""
    silence = None if output is None else os.open(os.devnull, os.O_RDONLY)
    try:
        return forked_with(work, streams=None if silence is None or output is None else (silence, output, output))
    finally:
        if silence is not None:
            os.close(silence)


def forked_with(work: Callable[[], int], *, streams: tuple[int, int, int] | None) -> Forked:
    """As `forked`, with descriptors for stdin, stdout and stderr."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _child(work, streams)
    return Forked(pid)


def _child(work: Callable[[], int], streams: tuple[int, int, int] | None) -> NoReturn:
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if streams is not None:
            _speak_through(streams)
        code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        # As an interpreter ends that nobody has told what to do at one.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:  # noqa: BLE001 - as an interpreter's own last handler
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _speak_through(streams: tuple[int, int, int]) -> None:
    for source, target in zip(streams, range(3), strict=True):
        os.dup2(source, target)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as the process lives
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - likewise
