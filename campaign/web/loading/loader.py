"""Loader: screens uploaded sheets in the background, a large one in a process of its own.

Screening a large sheet takes seconds of a core: in this process it would hold up the calls of the runs that it dials.
"""

import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial

from campaign.usecases.context import opened_ledger
from campaign.usecases.serving.load_upload import load_upload, uploads_to_load
from campaign.web.surroundings import ServerSurroundings

_SMALL_BYTES = 256 * 1024


class Loader:
    """The loads of this server; each writes its progress and its end into the ledger, where pages read it."""

    def __init__(self, around: ServerSurroundings) -> None:
        self._around, self._lock = around, threading.Lock()
        self._loading: dict[str, threading.Thread] = {}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._closed = False

    def load(self, token: str, *, size: int) -> None:
        """Begins to load the upload's sheet as its settings say; of one that is being loaded, once more afterwards."""
        do = self._here if size <= _SMALL_BYTES else self._apart
        with self._lock:
            if self._closed:
                return
            thread = threading.Thread(
                target=partial(self._after, self._loading.get(token), token, do), name="load", daemon=True
            )
            self._loading[token] = thread
            thread.start()

    def is_loading(self, token: str) -> bool:
        """Whether the upload's sheet is being loaded here."""
        with self._lock:
            thread = self._loading.get(token)
        return thread is not None and thread.is_alive()

    def wait(self, token: str, *, seconds: float) -> bool:
        """Waits for the end of a load, so long at the most; returns whether it has ended."""
        with self._lock:
            thread = self._loading.get(token)
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def restore(self) -> None:
        """Begins the loads again that an earlier server had begun, and not ended."""
        with opened_ledger(self._around) as ledger:
            left = uploads_to_load(ledger)
        for upload in left:
            self.load(upload.token, size=upload.size)

    def close(self) -> None:
        """Ends the loads; the next start begins them again."""
        with self._lock:
            self._closed, children = True, list(self._children.values())
        for child in children:
            child.terminate()

    def _after(self, before: threading.Thread | None, token: str, do: Callable[[str], None]) -> None:
        if before is not None:
            before.join()
        with self._lock:
            # Of several that wait, the last one reads what all of them were begun for.
            is_last = self._loading.get(token) is threading.current_thread()
        if is_last:
            do(token)

    def _here(self, token: str) -> None:
        with opened_ledger(self._around) as ledger:
            load_upload(ledger, token, context=self._around)

    def _apart(self, token: str) -> None:
        command = [sys.executable, "-m", "campaign.web.loading.child", token]
        with self._lock:
            if self._closed:
                return
            child = self._children[token] = subprocess.Popen(command, env=dict(self._around.environment))  # noqa: S603 - this program itself
        child.wait()
        with self._lock:
            self._children.pop(token, None)
