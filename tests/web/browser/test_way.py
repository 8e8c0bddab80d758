"""The whole way in a browser: a sheet is dropped in, launched in the sandbox, and watched to its end."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.web.conftest import SHEET


def test_a_sheet_goes_in_and_its_run_is_watched_to_the_end(page: Page, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(SHEET)
    page.goto("/new")
    page.set_input_files("#sheet", tmp_path / "people.csv")
    page.get_by_role("button", name="Check the sheet").click()
    page.get_by_role("button", name="Go on").first.click()
    page.get_by_role("button", name="Launch 5 calls").click()
    expect(page.locator("#live")).to_contain_text("5 created", timeout=60_000)
    expect(page.locator("#live")).to_contain_text("What becomes of them is read")
