"""Maker: makes files of runs beside the ledger, where only this user can read them; for a long run in another process.

A workbook of a long run takes a core for a minute: in this process it would hold up the calls of its runs.
"""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.usecases.context import Ledger
from campaign.usecases.watching.files import ending_of, write_run_file
from campaign.web.surroundings import ServerSurroundings

_SHORT_RUN = 2_000
"""Rows of a run whose files are made here: another process takes longer to start."""
_NICE = 10


class Maker:
    """Makes files of runs."""

    def __init__(self, around: ServerSurroundings) -> None:
        self._around, self._lock = around, threading.Lock()
        self._children = set[subprocess.Popen[str]]()
        self._closed = False

    def made(self, ledger: Ledger, run: str, what: str, *, rows: int) -> Path:
        """Makes a file of the run, as `write_run_file` names it; its caller removes it.

        Raises:
            UsageError: it cannot be made.
        """
        folder = self._around.home / "made"
        folder.mkdir(mode=0o700, exist_ok=True)
        # A folder of its own: writers put whole files in place under their last names.
        path = Path(tempfile.mkdtemp(dir=folder)) / f"{what}{ending_of(what)}"
        try:
            if rows <= _SHORT_RUN:
                write_run_file(ledger, run, what=what, path=path)
            else:
                self._apart(run, what, path)
        except BaseException:
            remove(path)
            raise
        return path

    def close(self) -> None:
        """Ends what goes on; who waits for it gets an error."""
        with self._lock:
            self._closed, children = True, list(self._children)
        for child in children:
            child.kill()

    def remove_left(self) -> None:
        """Removes what a server that was killed had made and not sent."""
        for path in (self._around.home / "made").glob("*/*"):
            remove(path)

    def _apart(self, run: str, what: str, path: Path) -> None:
        command = [sys.executable, "-m", "campaign.web.making.child", run, what, str(path)]
        with self._lock:
            if self._closed:
                raise UsageError("the server ends; ask for the file again later")
            child = subprocess.Popen(  # noqa: S603 - this program itself
                command, env=dict(self._around.environment), stdout=subprocess.PIPE, text=True
            )
            self._children.add(child)
        _step_back(child.pid)
        try:
            said, _ = child.communicate()
        finally:
            with self._lock:
                self._children.discard(child)
        if child.returncode != 0:
            raise UsageError(said or "the file could not be made; ask for it again later")


def remove(path: Path) -> None:
    """Removes a file that was made, and the folder that it has to itself."""
    for left in path.parent.glob("*"):
        left.unlink(missing_ok=True)
    if path.parent.exists():
        path.parent.rmdir()


def _step_back(pid: int) -> None:
    """Lets the calls go first."""
    if sys.platform != "win32":
        os.setpriority(os.PRIO_PROCESS, pid, _NICE)
