"""Starts of the real program as processes of their own: from cold, or forked from this process with all modules loaded.

A start from cold spends most of its time on imports. A thousand of them are affordable when the modules are there
already; what is forked has nothing else in common with its parent: no connection, no thread, no event loop.
"""

import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import NoReturn, Protocol

from tests.soak.launched import Launch, launch

ROOT = Path(__file__).resolve().parents[2]
_GLANCE_SECONDS = 0.002
_LOADED = (
    *(f"campaign.cli.commands.{verb}" for verb in ("check", "follow", "forget", "pace", "rerun", "resolve", "run")),
    *(f"campaign.cli.commands.{verb}" for verb in ("dial", "status", "suppress")),
    "campaign.cli.declarations.verbs",
    "campaign.usecases.suppress.import_sheet",
    "campaign.usecases.suppress.read_numbers",
)


class Process(Protocol):
    """What `subprocess.Popen` and `Forked` have in common."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


class Spawn(Protocol):
    """How a start is made."""

    def __call__(
        self, how: Launch, arguments: Sequence[str], /, *, output: int, folder: Path, environment: Mapping[str, str]
    ) -> Process: ...


def from_cold(
    how: Launch,
    arguments: Sequence[str],
    *,
    output: int,
    folder: Path,
    environment: Mapping[str, str],
    wrapper: Sequence[str] = (),
) -> Process:
    """A new interpreter; stdout and stderr go to the descriptor `output`. `wrapper` stands before the command."""
    return subprocess.Popen(
        [*wrapper, sys.executable, *how.as_arguments(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )


def from_warm(
    how: Launch, arguments: Sequence[str], *, output: int, folder: Path, environment: Mapping[str, str]
) -> Process:
    """A fork of this process, which must have one thread alone; see `warm_up`."""

    def work() -> int:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        launch(how, list(arguments))

    return forked(work, output=output)


def warm_up() -> None:
    """Loads what the program's verbs would load, so that forks need not."""
    for name in _LOADED:
        import_module(name)


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
            time.sleep(_GLANCE_SECONDS)
        return code

    def send_signal(self, sig: int) -> None:
        """Sends it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """Kills it."""
        self.send_signal(signal.SIGKILL)


def forked(work: Callable[[], int], *, output: int | None = None) -> Forked:
    """Runs `work` in a child; its result is the exit code. Without `output` the child speaks where its parent does."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _child(work, output)
    return Forked(pid)


def _child(work: Callable[[], int], output: int | None) -> NoReturn:
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if output is not None:
            _speak_into(output)
        code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - as an interpreter's own last handler
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _speak_into(output: int) -> None:
    silence = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((silence, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as the process lives
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - likewise
