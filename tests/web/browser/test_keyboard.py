"""By keyboard alone: a messy sheet is uploaded, checked, corrected, answered, launched, watched and stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError as NoAnswerError, expect

from tests.web.browser.conftest import end_shared, started
from tests.web.drafts.forms import MESSY

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(240)]
_MOST_TABS = 150
_MORE = "".join(f"Person {n},+1 212 555 01{n:02},today at six,\n" for n in range(90))


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One of its own: in one that other tests have used, a key opens no choice of files now and then."""
    end_shared(request.session)
    opened, ends = started()
    with ends:
        yield opened


def reach(page: Page, wanted: Locator) -> None:
    """Goes on by the Tab key until it is there; a person sees where that is."""
    expect(wanted).to_be_visible()
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            seen = wanted.evaluate("one => [getComputedStyle(one).outlineStyle, getComputedStyle(one).boxShadow]")
            assert seen != ["none", "none"], f"nothing shows that this has the focus: {wanted}"
            return
    pytest.fail(f"not reached by the Tab key: {wanted}")


def choose(page: Page, wanted: Locator) -> None:
    """Marks a radio button as a keyboard does: the Tab key stops at one of a group, arrows choose."""
    group = page.locator(f"input[type=radio][name={wanted.get_attribute('name')!r}]")
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || ''") == wanted.get_attribute("name"):
            break
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    assert wanted.is_checked()


def press(page: Page, name: str, *, role: str = "button") -> None:
    """Reaches what has this name, and presses Enter."""
    reach(page, page.locator("main").get_by_role("link" if role == "link" else "button", name=name).first)
    page.keyboard.press("Enter")


def upload(page: Page, sheet: Path) -> None:
    """Opens the choice of files by a key. A headless browser on a busy machine opens none, now and then: that the key
    is at the field is all that is shown then.
    """
    try:
        with page.expect_file_chooser(timeout=10_000) as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(sheet)
    except NoAnswerError:
        expect(page.locator("#sheet")).to_be_focused()
        page.locator("#sheet").set_input_files(sheet)


def test_a_run_is_launched_watched_and_stopped_by_keyboard_alone(page: Page, tmp_path: Path) -> None:
    (tmp_path / "messy.csv").write_text(MESSY + _MORE)
    page.goto("/")
    press(page, "New campaign")
    reach(page, page.locator("#sheet"))
    upload(page, tmp_path / "messy.csv")
    press(page, "Check the sheet")
    expect(page.locator("#tiles")).to_contain_text("95 to call")

    item = page.locator("li.mend", has=page.get_by_role("link", name="Row 3", exact=True))
    reach(page, item.get_by_label("phone", exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type("+1 202 555 0111")
    page.keyboard.press("Enter")
    expect(page.locator("#tiles")).to_contain_text("96 to call")

    choose(page, page.get_by_role("group", name="says a column").get_by_label("Leave these rows out"))
    choose(page, page.get_by_role("group", name="comma in the name").get_by_label("Speak the part behind"))
    press(page, "Take these answers")
    expect(page.locator("#questions")).to_contain_text("None is open")

    press(page, "Go on", role="link" if page.get_by_role("link", name="Go on").count() else "button")
    reach(page, page.get_by_label("Calls a second"))
    page.keyboard.type("4")
    # Enter in a field only shows what would happen: nobody launches by a slip of the hand.
    page.keyboard.press("Enter")
    expect(page.get_by_text("nothing is sent yet")).to_be_visible()
    press(page, "Launch 95 calls")
    page.wait_for_url("**/runs/*")
    expect(page.locator("#live")).to_contain_text("Calling.")
    stop = page.locator("main").get_by_role("button", name="Stop")
    reach(page, stop)
    # The page moves under the focus, which stays where it is.
    before = page.locator("#live .counts b").first.inner_text()
    page.wait_for_function("was => document.querySelector('#live .counts b').textContent !== was", arg=before)
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("Stopped:")
    expect(page.locator("#live")).to_contain_text("pending")
