"""Starts of the real program as processes of their own: a new interpreter, or a fork of one with all modules loaded.

A start from cold spends most of its time on imports. A thousand of them are affordable when the modules are there
already.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.forked import Process, forked
from tests.soak.launched import Launch, launch
from tests.warm import ROOT, warm


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


def from_warm_beside(
    how: Launch, arguments: Sequence[str], *, output: int, folder: Path, environment: Mapping[str, str]
) -> Process:
    """A fork of a process beside this one: as `from_warm`, for those who have threads."""
    silence = os.open(os.devnull, os.O_RDONLY)
    try:
        return warm().start(
            "tests.soak.launched:launch_said",
            [*how.as_flags(), "--", *arguments],
            streams=(silence, output, output),
            folder=folder,
            environment=environment,
        )
    finally:
        os.close(silence)
