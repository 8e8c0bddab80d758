"""Runs in a browser: the page moves by itself, stops and goes on by buttons; with JavaScript off by forms alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.soak.campaigner import stand_in
from tests.web.browser.conftest import watched
from tests.web.supervised import Supervised, launch, sheet_of


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Supervised]:
    """A server that makes five calls a second at a stand-in."""
    with stand_in(tmp_path) as place:
        made = Supervised(tmp_path, place, rate=5)
        made.start()
        yield made
        made.terminate()


@pytest.fixture
def run(server: Supervised) -> str:
    """A run of ninety people, being dialled."""
    with server.client() as client:
        return launch(client, sheet_of(212, 90))


@pytest.fixture
def page(browser: Browser, server: Supervised) -> Iterator[Page]:
    """A page of that server."""
    with watched(browser, f"http://127.0.0.1:{server.port}") as opened:
        yield opened


@pytest.fixture
def plain(browser: Browser, server: Supervised) -> Iterator[Page]:
    """A page of that server, with JavaScript off."""
    with watched(browser, f"http://127.0.0.1:{server.port}", java_script_enabled=False) as opened:
        yield opened


def created(page: Page) -> int:
    """How many calls the page says are made."""
    found = page.locator("#live .counts li", has_text="created").locator("b")
    return int(found.inner_text()) if found.count() else 0


def test_a_run_moves_on_its_page_and_in_the_list_and_stops_and_goes_on_by_buttons(page: Page, run: str) -> None:
    page.goto(f"/runs/{run}")
    expect(page.locator("#live")).to_contain_text("Calling.")
    before = created(page)
    page.wait_for_function(
        "before => Number(document.querySelector('#live .counts b')?.textContent) > before + 3", arg=before
    )
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#live")).to_contain_text("Stopped:", timeout=20_000)
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#live")).to_contain_text("Calling.", timeout=20_000)
    page.goto("/")
    card = page.locator(f"#run-{run}")
    expect(card).to_contain_text("90 created", timeout=60_000)
    expect(card).to_contain_text("What becomes of them is read")
    page.goto(f"/runs/{run}")
    page.get_by_role("button", name="Stop looking").click()
    expect(page.locator("#live")).to_contain_text("Over:", timeout=20_000)


@pytest.mark.nightly
def test_without_javascript_a_run_is_stopped_and_resumed_by_forms(plain: Page, run: str) -> None:
    plain.goto(f"/runs/{run}")
    plain.get_by_role("button", name="Stop").click()
    while "Stopped:" not in plain.locator("#live").inner_text():
        plain.reload()
    waiting = plain.locator("#live").inner_text()
    assert "pending" in waiting
    plain.get_by_role("button", name="Resume").click()
    while "90 created" not in plain.locator("#live").inner_text():
        plain.reload()
    plain.get_by_role("link", name="90 created").click()
    plain.get_by_label("A name, or digits of a number").fill("Person 212 7")
    plain.get_by_role("button", name="Search").click()
    expect(plain.locator("tbody tr")).to_have_count(11)
    plain.get_by_role("link", name="9", exact=True).click()
    expect(plain.locator("h1")).to_contain_text("Row 9")
