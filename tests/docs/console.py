"""A console for the blocks of a page: a folder, a home of its own, the program in this process, bash for the rest.

The samples of the project lie in the folder. No phone can ring: there is no key in the environment.
"""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path

from campaign.cli.main import exit_code
from campaign.cli.terminal import this_terminal
from tests.docs.blocks import ROOT, Block

SHOWN_FOLDER, SHOWN_HOME = "/home/ada/calls", "/home/ada/.local/share/campaign"
_PATIENCE_SECONDS = 60
# Off a terminal, as here, lines of a run begin with their time; at a terminal, of which the pages speak, they do not.
_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} ", re.MULTILINE)
_EXPORT = re.compile(r"export (\w+)=(.*)")


@dataclass
class Console:
    """Types commands into a folder.

    Attributes:
        folder: where they run; shown as a folder of Ada's.
        home: of their ledger.
        code: the exit code of the last one.
    """

    folder: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    code: int = 0

    def write(self, block: Block) -> None:
        """Writes the file that a block is."""
        assert block.title is not None
        path = self.folder / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")

    def type(self, command: str) -> list[str]:
        """Runs one command line; what a person would see of it, stdout and stderr as they come."""
        if (exported := _EXPORT.fullmatch(command)) is not None:
            self.environment[exported[1]] = shlex.split(exported[2])[0]
            return []
        seen = io.StringIO()
        first, pipe, rest = command.partition(" | ")
        if first.startswith("campaign "):
            piped = io.StringIO() if pipe else seen
            self._program(shlex.split(first)[1:], out=piped, err=seen)
            if pipe:
                seen.write(self._bash(rest, given=piped.getvalue()))
        else:
            seen.write(self._bash(command))
        shown = (
            _STAMP.sub("", seen.getvalue()).replace(str(self.folder), SHOWN_FOLDER).replace(str(self.home), SHOWN_HOME)
        )
        return shown.splitlines()

    def _program(self, words: list[str], *, out: io.StringIO, err: io.StringIO) -> None:
        with _inside(self.folder), redirect_stdout(out), redirect_stderr(err):
            here = replace(this_terminal(), environment={**os.environ, **self._own()}, interactive=False)
            try:
                self.code = exit_code(words, terminal=here)
            except SystemExit as ended:
                self.code = ended.code if isinstance(ended.code, int) else 1

    def _bash(self, command: str, *, given: str = "") -> str:
        done = subprocess.run(
            ["bash", "-c", f"(exit {self.code}); {command}"],
            input=given,
            cwd=self.folder,
            env={**os.environ, **self._own()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
        self.code = done.returncode
        return done.stdout

    def _own(self) -> dict[str, str]:
        return {"CAMPAIGN_HOME": str(self.home), "TZ": "UTC", **self.environment}


@contextmanager
def console(place: Path) -> Iterator[Console]:
    """A console in a new folder of that place, with the samples in it."""
    folder, home = place / "calls", place / "home"
    folder.mkdir(parents=True)
    for name in ("sample_data", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    ours = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(("AICALLER_", "CAMPAIGN_"))}
    stdin, sys.stdin = sys.stdin, io.StringIO()
    try:
        yield Console(folder, home)
    finally:
        sys.stdin = stdin
        os.environ.update(ours)


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
