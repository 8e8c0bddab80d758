"""A server of its own: a process that can be killed, forked from one that has loaded it (see `tests/warm.py`)."""

import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.warm import Apart, warm
from tests.web.conftest import AT_ONCE, TEMPLATE

LOG = "server.log"


@contextmanager
def served(folder: Path, *, more: Mapping[str, str] | None = None) -> Iterator[tuple[str, dict[str, str]]]:
    """Serves over a home in that folder, without a key; yields the address, and the environment of its commands."""
    port, environment = free_port(), surrounding(folder, more=more)
    process = started(folder, port, environment)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}", environment
    finally:
        process.send_signal(signal.SIGTERM)
        ended = process.wait(timeout=15)
    assert ended == 0, (folder / LOG).read_text()


def surrounding(folder: Path, *, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a server and its commands over that folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AICALLER")}
    return {**kept, "CAMPAIGN_HOME": str(folder / "home"), **(more or {})}


def started(folder: Path, port: int, environment: Mapping[str, str]) -> Apart:
    """Starts a server; whoever does so ends it. What it says is in the folder's `LOG`."""
    templates = folder / "templates"
    templates.mkdir(exist_ok=True)
    (templates / "visit.toml").write_text(TEMPLATE + AT_ONCE)
    return start_server(folder, ["--port", str(port), "--templates", str(templates)], environment)


def start_server(folder: Path, words: Sequence[str], environment: Mapping[str, str]) -> Apart:
    """Starts `campaign serve` with these words in the folder."""
    with (folder / LOG).open("ab") as log, open(os.devnull, "rb") as silence:  # noqa: PTH123 - a device
        streams = (silence.fileno(), log.fileno(), log.fileno())
        return warm().start(
            "tests.web.serve_here:serve_here", words, streams=streams, folder=folder, environment=environment
        )


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_for(port: int, process: Apart) -> None:
    """Waits until the server answers."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not answer")
