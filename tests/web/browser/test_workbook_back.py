"""Without scripts, from a messy workbook to the same workbook back; and whatever is pressed twice is one run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Page, expect

from tests.web.browser.conftest import watched
from tests.web.browser.test_columns import look_until_read, messy


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A page with JavaScript off."""
    with watched(browser, address, java_script_enabled=False) as opened:
        yield opened


def look_until(page: Page, words: str) -> None:
    """Loads the page again until it says so, as a person does."""
    for _ in range(300):
        if words in page.inner_text("main"):
            return
        page.reload()
    pytest.fail(f"it never said {words!r}: {page.inner_text('main')}")


def with_a_wrong_number(path: Path) -> Path:
    """The secretary's workbook, with a number that cannot be called in its sheet row 16."""
    book = load_workbook(messy(path))
    people = book["Patients"]
    people.append(["Person 30", "ask at the desk", None, "DC", "03/04/2026", "Dr. Sample"])
    for row in people.iter_rows(min_row=4):
        # Whatever the clock says: a visit that is over would be asked about.
        row[4].value = row[4].value.replace("2026", "2099")
    book.save(path)
    return path


@pytest.mark.nightly
def test_a_messy_workbook_comes_back_with_what_became_of_each_row(plain: Page, tmp_path: Path) -> None:
    page = plain
    page.goto("/new")
    page.set_input_files("#sheet", with_a_wrong_number(tmp_path / "visits.xlsx"))
    page.get_by_label("A new one from this sheet").check()
    page.get_by_role("button", name="Check the sheet").click()
    for choice in ("Patients", "Row 3"):
        page.get_by_role("radio", name=choice).check()
        page.get_by_role("button", name="Read it that way").click()
    page.get_by_label("Country of numbers").select_option("US")
    page.get_by_role("radio", name="The month").check()
    page.get_by_role("combobox", name="Doctor is").select_option("unused")
    page.get_by_role("button", name="Show what would come of it").click()
    page.get_by_role("button", name="Save it, and check the sheet").click()
    look_until_read(page)
    expect(page.locator("#tiles")).to_contain_text("12 to call")

    item = page.locator("li.mend", has=page.get_by_role("link", name="Row 16", exact=True))
    item.get_by_label("Mobile", exact=True).fill("+1 202 555 0130")
    item.get_by_role("button", name="Correct").click()
    look_until(page, "13 to call")
    page.get_by_role("button", name="Go on").first.click()
    page.get_by_role("button", name="Launch 13 calls").click()
    look_until(page, "13 created")
    page.get_by_role("link", name="Report and files").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Your workbook").click()
    download.value.save_as(tmp_path / "back.xlsx")

    back = load_workbook(tmp_path / "back.xlsx")
    rows = [list(row) for row in back.active.iter_rows(values_only=True)]
    heads = next(row for row in rows if "_status" in row)
    people = {row[heads.index("Patient")]: dict(zip(heads, row, strict=True)) for row in rows if row is not heads}
    assert people["Person 10"]["_status"] == "created"
    assert people["Person 30"]["_status"] == "created"
    assert people["Person 30"]["Mobile"] == "+1 202 555 0130"


@pytest.mark.nightly
def test_two_tabs_and_the_back_button_make_one_run(browser: Browser, address: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,phone,appointment\nAda Example,+1 202 555 0110,now\n")
    with watched(browser, address) as first, watched(browser, address) as second:
        first.goto("/new")
        first.set_input_files("#sheet", path)
        first.get_by_role("button", name="Check the sheet").click()
        first.get_by_role("button", name="Go on").first.click()
        first.wait_for_url("**/launch")
        second.goto(first.url)
        for tab in (first, second):
            tab.get_by_role("button", name="Launch 1 call").click()
            tab.wait_for_url("**/runs/*")
        assert first.url == second.url
        first.go_back()
        again = first.get_by_role("button", name="Launch 1 call")
        if again.count():
            again.click()
        first.wait_for_url("**/runs/*")
        assert first.url == second.url
        first.goto("/")
        expect(first.locator('main a[href^="/runs/"]')).to_have_count(1)
