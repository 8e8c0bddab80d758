"""A server of its own, as a person starts it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.web.conftest import TEMPLATE


@contextmanager
def served(folder: Path, *, more: Mapping[str, str] | None = None) -> Iterator[tuple[str, dict[str, str]]]:
    """Serves over a home in that folder, without a key; yields the address, and the environment of its commands."""
    port, environment = free_port(), surrounding(folder, more=more)
    process = started(folder, port, environment)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}", environment
    finally:
        process.terminate()
        ended = process.wait(timeout=15)
    assert ended == 0


def surrounding(folder: Path, *, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a server and its commands over that folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AICALLER")}
    return {**kept, "CAMPAIGN_HOME": str(folder / "home"), **(more or {})}


def started(folder: Path, port: int, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Starts a server; whoever does so ends it."""
    templates = folder / "templates"
    templates.mkdir(exist_ok=True)
    (templates / "visit.toml").write_text(TEMPLATE)
    command = [sys.executable, "-m", "campaign", "serve", "--port", str(port), "--templates", str(templates)]
    return subprocess.Popen(command, env=dict(environment), cwd=folder)


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Waits until the server answers."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not answer")
