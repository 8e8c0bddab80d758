"""A real server and a real browser: Debian's chromium, requests to this machine alone, no console error."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.web.serving import served

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


ROOM = Path(__file__).parent
OPEN = pytest.StashKey[tuple[Browser, ExitStack]]()
"""The browser of the tests of this room that follow one another: to start it costs as much as most of them."""


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Browser:
    """The browser; with CI=true a missing one is a failure."""
    if OPEN not in request.session.stash:
        request.session.stash[OPEN] = started()
    return request.session.stash[OPEN][0]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Ends it before another room's test: while it is open, this thread cannot run an event loop of its own."""
    if nextitem is None or not nextitem.path.is_relative_to(ROOM):
        end_shared(item.session)


def end_shared(session: pytest.Session) -> None:
    """Ends the browser that tests share, if one is open."""
    if OPEN in session.stash:
        _, ends = session.stash[OPEN]
        del session.stash[OPEN]
        ends.close()


def started() -> tuple[Browser, ExitStack]:
    """A browser of its own, and what ends it."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with ExitStack() as ends:
        playwright = ends.enter_context(sync_playwright())
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        ends.callback(opened.close)
        return opened, ends.pop_all()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server of its own, as a person starts it."""
    with served(tmp_path) as (found, _):
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of that server."""
    with watched(browser, address) as opened:
        yield opened


@contextmanager
def watched(browser: Browser, address: str, *, java_script_enabled: bool = True) -> Iterator[Page]:
    """A page of the server at that address; an error on its console fails the test."""
    context = browser.new_context(base_url=address, java_script_enabled=java_script_enabled)
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
