"""A real server and a real browser: Debian's chromium, requests to this machine alone, no console error."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.web.conftest import TEMPLATE

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser; with CI=true a missing one is a failure."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server of its own, as a person starts it."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "visit.toml").write_text(TEMPLATE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AICALLER")}
    process = subprocess.Popen(
        [sys.executable, "-m", "campaign", "serve", "--port", str(port), "--templates", str(tmp_path / "templates")],
        env={**environment, "CAMPAIGN_HOME": str(tmp_path / "home")},
        cwd=tmp_path,
    )
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(15) == 0


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of that server."""
    context = browser.new_context(base_url=address)
    opened = context.new_page()
    trouble: list[str] = []
    opened.route("**/*", only_here)
    opened.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    yield opened
    context.close()
    # A form that is refused on purpose is told by its status; everything else is ours.
    assert [one for one in trouble if "status of 4" not in one] == []


def only_here(route: Route) -> None:
    """Lets a request go on only if it stays on this machine."""
    if urlsplit(route.request.url).hostname in ("127.0.0.1", None):
        route.continue_()
    else:
        route.abort()


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Waits until the server answers."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}")
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server did not answer")
