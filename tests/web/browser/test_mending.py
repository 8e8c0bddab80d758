"""A messy sheet in a browser: two cells are corrected in place, the questions answered, and the run launched."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.drafts.forms import MESSY


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """The sheet."""
    path = tmp_path / "messy.csv"
    path.write_text(MESSY)
    return path


def row_of(page: Page, row: int) -> Locator:
    """The row on the page, with its form."""
    return page.locator("li.mend", has=page.get_by_role("link", name=f"Row {row}", exact=True))


def check(page: Page, sheet: Path) -> None:
    """Uploads it, and waits for its check."""
    page.goto("/new")
    page.set_input_files("#sheet", sheet)
    page.get_by_role("button", name="Check the sheet").click()
    expect(page.locator("#tiles")).to_contain_text("5 to call")


def answer_and_launch(page: Page) -> None:
    """Answers both questions, and launches."""
    page.get_by_role("group", name="says a column").get_by_label("Leave these rows out").check()
    page.get_by_role("group", name="comma in the name").get_by_label("Speak the part behind the comma first").check()
    page.get_by_role("button", name="Take these answers").click()
    expect(page.locator("#questions")).to_contain_text("None is open")
    page.get_by_role("button", name="Go on").first.click()
    page.get_by_role("button", name="Launch 6 calls").click()
    page.wait_for_url("**/runs/*")


def test_cells_are_mended_in_place_and_the_run_is_launched(page: Page, messy: Path) -> None:
    """Only the row is swapped: an answer that was chosen meanwhile, and the place on the page, stay."""
    check(page, messy)
    page.evaluate("window.stays = true")
    item = row_of(page, 3)
    for row, label, value, now in ((3, "phone", "+1 202 555 0111", 6), (7, "name", "Eve Example", 7)):
        item = row_of(page, row)
        item.get_by_label(label, exact=True).fill(value)
        item.get_by_role("button", name="Correct").click()
        expect(item).to_contain_text("can be called")
        expect(page.locator("#tiles")).to_contain_text(f"{now} to call")
    item.get_by_role("button", name="Take it back").click()
    expect(page.locator("#tiles")).to_contain_text("6 to call")
    item.get_by_label("name", exact=True).fill("Eve Example")
    item.get_by_role("button", name="Correct").click()
    expect(page.locator("#tiles")).to_contain_text("7 to call")
    assert page.evaluate("window.stays")
    answer_and_launch(page)
    expect(page.locator("main")).to_contain_text("6 created", timeout=60_000)


@pytest.mark.nightly
def test_the_same_without_javascript(browser: Browser, address: str, messy: Path) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    check(page, messy)
    for row, label, value in ((3, "phone", "+1 202 555 0111"), (7, "name", "Eve Example")):
        item = row_of(page, row)
        item.get_by_label(label, exact=True).fill(value)
        item.get_by_role("button", name="Correct").click()
    expect(page.locator("#tiles")).to_contain_text("7 to call")
    expect(page.locator("main")).to_contain_text("Corrected here")
    answer_and_launch(page)
    ends = time.monotonic() + 60
    while "6 created" not in page.inner_text("main"):
        assert time.monotonic() < ends
        page.reload()
    context.close()


def test_a_double_click_is_one_run(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,phone,appointment\nAda Example,+1 202 555 0110,now\n")
    page.goto("/new")
    page.set_input_files("#sheet", path)
    page.get_by_role("button", name="Check the sheet").click()
    page.get_by_role("button", name="Go on").first.click()
    page.get_by_role("button", name="Launch 1 call").dblclick()
    page.wait_for_url("**/runs/*")
    page.go_back()
    page.goto("/")
    expect(page.locator('main a[href^="/runs/"]')).to_have_count(1)
