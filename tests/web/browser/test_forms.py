"""The list and the settings without JavaScript: plain forms of a browser do everything.

Every day one of them, and all of them as a client of the server's own (tests/web); the rest in a browser at night.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser.conftest import only_here


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    opened = context.new_page()
    opened.route("**/*", only_here)
    yield opened
    context.close()


def test_numbers_are_added_imported_checked_and_taken_off(plain: Page, tmp_path: Path) -> None:
    plain.goto("/never-call")
    plain.get_by_label("Numbers, one on each line").fill("+1 202 555 0114\n+1 202 555 0115")
    plain.locator("#add-reason").fill("asked on the phone")
    plain.get_by_role("button", name="Never call them").click()
    expect(plain.get_by_role("status")).to_contain_text("…0114: added")
    (tmp_path / "stop.csv").write_text("Mobile,Phone\n+12025550116,+12025550117\n")
    plain.goto("/never-call")
    plain.set_input_files("#sheet", tmp_path / "stop.csv")
    plain.locator("#import-reason").fill("old list")
    plain.get_by_role("button", name="Import").click()
    expect(plain.get_by_role("alert")).to_contain_text("2 columns could hold the numbers")
    plain.get_by_label("The column with the numbers").select_option("Phone")
    plain.get_by_role("button", name="Import").click()
    expect(plain.get_by_role("status")).to_contain_text("1 added")
    plain.get_by_role("link", name="Back to the list").click()
    plain.get_by_role("link", name="Take off …0117").click()
    plain.get_by_label("Why may it be called again?").fill("asked for a call")
    plain.get_by_role("button", name="Take off the list").click()
    plain.goto("/never-call")
    plain.get_by_label("Number", exact=True).fill("+12025550117")
    plain.get_by_role("button", name="Check").click()
    expect(plain.get_by_role("status")).to_contain_text("…0117: not on the list")


@pytest.mark.nightly
def test_a_template_is_edited_and_a_wrong_field_says_why(plain: Page, tmp_path: Path) -> None:
    plain.goto("/settings")
    assert "visit.toml" in plain.content(), plain.content()
    plain.get_by_role("link", name="visit.toml", exact=True).click()
    plain.get_by_label("Title", exact=True).fill("Visits")
    plain.get_by_label("Calls per second").fill("fast")
    plain.get_by_role("button", name="Save").click()
    field = plain.get_by_label("Calls per second")
    expect(field).to_have_value("fast")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("0.5")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("status")).to_contain_text("Saved.")
    raw = tomllib.loads((tmp_path / "templates" / "visit.toml").read_text())
    assert (raw["title"], raw["pace"]) == ("Visits", {"calls_per_second": 0.5})


@pytest.mark.nightly
def test_a_schedule_is_added_and_removed(plain: Page, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,phone,appointment\nAda,+1 202 555 0114,now\n")
    plain.goto("/schedules/add")
    plain.get_by_label("Name").fill("reminders")
    plain.set_input_files("#upload", tmp_path / "people.csv")
    plain.get_by_label("Template", exact=True).select_option("visit.toml")
    plain.get_by_label("Sandbox: no phone rings").check()
    plain.get_by_role("radio", name="Once").check()
    plain.get_by_label("Day and time").fill("2099-12-01T09:00")
    plain.get_by_label("Time zone of these times").fill("America/New_York")
    plain.get_by_role("button", name="Add it").click()
    expect(plain.get_by_role("status")).to_contain_text("Nothing would keep it from firing")
    plain.get_by_role("link", name="All schedules").click()
    expect(plain.get_by_role("article")).to_contain_text("Tuesday, 1 December 2099, 09:00 EST")
    plain.get_by_role("link", name="Remove reminders").click()
    plain.get_by_role("button", name="Remove it").click()
    expect(plain.locator("main")).to_contain_text("No schedules yet")


@pytest.mark.nightly
def test_the_first_user_signs_in_and_makes_a_token(plain: Page) -> None:
    plain.goto("/settings/users")
    plain.get_by_label("Name, one word").fill("olga")
    plain.get_by_label("Operator: does everything").check()
    plain.get_by_label("Password, at least 10 characters").fill("correct horse battery")
    plain.get_by_label("The same password again").fill("correct horse battery")
    plain.get_by_role("button", name="Add").click()
    plain.get_by_label("Name").fill("olga")
    plain.get_by_label("Password").fill("correct horse battery")
    plain.get_by_role("button", name="Sign in").click()
    plain.goto("/settings/tokens")
    plain.get_by_label("Name of the program, one word").fill("n8n")
    plain.get_by_label("Viewer").check()
    plain.get_by_role("button", name="Make it").click()
    expect(plain.get_by_label("The new token")).to_contain_text("cmp_")
    plain.goto("/history")
    expect(plain.get_by_role("region", name="Acts")).to_contain_text("made a token")
