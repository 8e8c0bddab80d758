"""The whole way of a messy workbook: two sheets, lines of titles, numbers without a country; scripts or none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.browser.conftest import only_here

expect.set_options(timeout=30_000)


def messy(path: Path) -> Path:
    """A workbook as a clinic's secretary keeps it."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Whom to ask"])
    book.active.append(["the front desk"])
    people = book.create_sheet("Patients")
    people.append(["Lakeside Clinic: visits of December"])
    people.append([])
    people.append(["Patient", "Mobile", "Office", "State", "Visit", "Doctor"])
    for n in range(10, 22):
        people.append([f"Person {n}", f"(202) 555-01{n}", None, "DC", f"0{n % 9 + 1}/0{n % 7 + 1}/2026", "Dr. Sample"])
    book.save(path)
    return path


def look_until_read(page: Page) -> None:
    """Without scripts the page of a sheet that is being read has a link to look again."""
    for _ in range(60):
        if page.locator("#tiles").is_visible():
            return
        page.reload()
        page.wait_for_load_state()
    pytest.fail("the sheet was not read")


def is_above(one: Locator, other: Locator) -> bool:
    """Whether it stands right above the other, as a choice above the cells of its column."""
    upper, lower = one.bounding_box(), other.bounding_box()
    assert upper is not None
    assert lower is not None
    return upper["y"] < lower["y"] and abs(upper["x"] - lower["x"]) < upper["width"]


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.nightly)], ids=["scripts", "no scripts"])
def either(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with JavaScript, and one without."""
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    opened = context.new_page()
    trouble: list[str] = []
    opened.route("**/*", only_here)
    opened.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    yield opened
    context.close()
    assert [one for one in trouble if "status of 4" not in one] == []


def test_a_messy_workbook_becomes_a_template_and_is_checked(
    either: Page, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    scripts = "no scripts" not in request.node.name
    page = either
    page.goto("/new")
    page.set_input_files("#sheet", messy(tmp_path / "visits.xlsx"))
    page.get_by_label("A new one from this sheet").check()
    page.get_by_role("button", name="Check the sheet").click()
    expect(page.get_by_text("Which sheet of the workbook holds the people to call?")).to_be_visible()
    page.get_by_role("radio", name="Patients").check()
    page.get_by_role("button", name="Read it that way").click()
    expect(page.get_by_text("Which row holds the names of the columns?")).to_be_visible()
    page.get_by_role("radio", name="Row 3").check()
    page.get_by_role("button", name="Read it that way").click()
    expect(page.get_by_role("combobox", name="Patient is")).to_have_value("name")
    assert is_above(page.get_by_role("combobox", name="Patient is"), page.get_by_role("cell", name="Person 10"))
    country = page.get_by_label("Country of numbers")
    country.focus()
    country.select_option("US")
    if scripts:
        # Whoever works by keyboard must not be thrown to the top of the page by each answer of the live preview.
        expect(page.get_by_role("combobox", name="State is")).to_have_value("state")
        expect(country).to_be_focused()
    page.get_by_role("radio", name="The month").check()
    page.get_by_role("combobox", name="Doctor is").select_option("unused")
    if not scripts:
        page.get_by_role("button", name="Show what would come of it").click()
    expect(page.get_by_text("12 of 12 rows would be called")).to_be_visible()
    expect(page.get_by_role("region", name="The first calls")).to_contain_text("+12025550110")
    expect(page.get_by_role("combobox", name="State is")).to_have_value("state")
    expect(page.get_by_role("combobox", name="Doctor is")).to_have_value("unused")
    page.get_by_role("button", name="Save it, and check the sheet").click()
    page.wait_for_url("**/check")
    if not scripts:
        look_until_read(page)
    expect(page.locator("#tiles")).to_contain_text("12 to call")
    written = (tmp_path / "templates" / "visits.toml").read_text()
    assert "header_row = 3" in written
    assert 'name = "Patients"' in written
    page.goto("/new")
    expect(page.get_by_label("visits.toml")).to_be_visible()


def test_a_refused_sheet_keeps_what_was_filled_in(page: Page, tmp_path: Path) -> None:
    """One wrong file must not cost the rest of the form."""
    (tmp_path / "people.vcf").write_text("BEGIN:VCARD\nEND:VCARD\n")
    page.goto("/new")
    page.set_input_files("#sheet", tmp_path / "people.vcf")
    page.get_by_label("A new one from this sheet").check()
    page.get_by_role("button", name="Check the sheet").click()
    expect(page.get_by_role("alert")).to_contain_text("a vCard file of contacts")
    expect(page.get_by_label("A new one from this sheet")).to_be_checked()
    expect(page.get_by_role("button", name="Check the sheet")).to_be_enabled()


def test_a_sample_leads_to_its_check(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Try it with a sample").click()
    expect(page.locator("#tiles")).to_contain_text("to call")
