"""Starts a verb and hears what it says, line by line, with the time at which each line came."""

import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.soak.everything.ground import Ground, open_output

_LONGEST_SECONDS = 120.0
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Ended:
    """How a verb ended; `code` is negative for a signal's number."""

    code: int
    began: float
    at: float

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


def hear(
    ground: Ground,
    arguments: Sequence[str],
    *,
    output: Path,
    heard: Callable[[str, float], None],
    kill_after: float | None = None,
    home: Path | None = None,
) -> Ended:
    """Runs a verb to its end, or until it is killed; `heard` gets each line and when it came."""
    began = time.time()
    ours, its = os.pipe()
    process = ground.start(arguments, output=its, home=home)
    os.close(its)
    lines, until = _Lines(heard, open_output(output)), time.monotonic() + (kill_after or _LONGEST_SECONDS)
    try:
        while (left := until - time.monotonic()) > 0:
            if select.select([ours], [], [], left)[0] and not lines.take(os.read(ours, _CHUNK)):
                break
        else:
            process.kill()
            code = process.wait(timeout=_LONGEST_SECONDS)
            # What it had said before it died counts as said.
            while select.select([ours], [], [], 0)[0] and lines.take(os.read(ours, _CHUNK)):
                pass
            return Ended(code, began, time.time())
        return Ended(process.wait(timeout=_LONGEST_SECONDS), began, time.time())
    finally:
        os.close(ours)
        lines.close()


class _Lines:
    def __init__(self, heard: Callable[[str, float], None], copy: int) -> None:
        self._heard, self._copy, self._rest = heard, copy, b""

    def take(self, chunk: bytes) -> bool:
        """Takes what came; False at the end."""
        at = time.time()
        os.write(self._copy, chunk)
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        for line in whole:
            self._heard(line.decode(errors="replace"), at)
        return bool(chunk)

    def close(self) -> None:
        os.close(self._copy)
