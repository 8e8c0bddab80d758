"""Pictures of the page, of a sandbox run: `python -m tests.docs.making.page_pictures` writes docs/img/page."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.docs.blocks import ROOT
from tests.web.browser.conftest import FLAGS, only_here
from tests.web.serving import served

FOLDER = ROOT / "docs" / "img" / "page"
_SHEET = ROOT / "sample_data" / "appointments.csv"
_WIDTH, _HEIGHT = 1000, 810
_PATIENCE_MS = 60_000


def take_all(folder: Path) -> None:
    """Goes the way of the tutorial at a server of its own, and leaves a picture of each station in the folder."""
    with tempfile.TemporaryDirectory() as place, _browsed(Path(place)) as opened:
        _take(opened, folder)


def _take(page: Page, folder: Path) -> None:
    page.goto("/new")
    page.set_input_files("#sheet", _SHEET)
    page.locator("input[name=template][value='']").check()
    page.get_by_role("button", name="Check the sheet").click()
    page.wait_for_url("**/columns")
    page.locator("[name=region]").select_option("US")
    _picture(page, folder / "columns.png")
    page.get_by_role("button", name="Save it, and check the sheet").click()
    page.wait_for_url("**/check")
    go_on = page.get_by_role("button", name="Go on").first
    go_on.wait_for(timeout=_PATIENCE_MS)
    _picture(page, folder / "check.png")
    go_on.click()
    page.wait_for_url("**/launch")
    _picture(page, folder / "launch.png")
    page.get_by_role("button", name="Launch").first.click()
    live = page.locator("#live")
    expect(live).to_contain_text("6 created", timeout=_PATIENCE_MS)
    _picture(page, folder / "run.png")
    expect(live).to_contain_text("12 created", timeout=_PATIENCE_MS)
    run = page.url.partition("?")[0]
    page.goto(f"{run}/report")
    _picture(page, folder / "report.png")


@contextmanager
def _browsed(place: Path) -> Iterator[Page]:
    """A page of a server of its own, in a light window."""
    path = shutil.which("chromium")
    if path is None:
        sys.exit("chromium is not installed")
    with served(place) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        window = browser.new_context(
            base_url=address, viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light", timezone_id="UTC"
        )
        page = window.new_page()
        page.route("**/*", only_here)
        yield page
        browser.close()


def _picture(page: Page, path: Path) -> None:
    page.screenshot(path=path, animations="disabled")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    take_all(FOLDER)
