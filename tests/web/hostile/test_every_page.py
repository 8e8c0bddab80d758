"""What stands in a sheet, or came from anybody, is text on every page: no element, attribute, script or address.

Each page is read twice: of a site whose texts are hostile, and of one whose texts are harmless.

Into each form and address a share of the cells is typed every day, and all of them into one or the other; at night, all
of them into each.
"""

from collections.abc import Iterator, Sequence

import pytest

from tests.web.hostile.cells import HARMLESS, HOSTILE
from tests.web.hostile.elements import Elements
from tests.web.hostile.world import World, world

_ALIKE = ("/never-call", "/history", "/settings", "/schedules", "/new")
"""Pages whose elements are the same, one for one; others group what they show by its content."""
_HOSTILE_NAMES = ["<b>x<", "'onx='", "&lt;b&gt;", "{{7}}", '"><i>', "=1+1"]
_NAMES = ["one", "two", "three", "four", "five", "six"]
_ADDRESSES = [
    "/runs/{}",
    "/drafts/{}/check",
    "/schedules/{}/check",
    "/settings/templates/{}",
    "/settings/users/{}/remove",
    "/nowhere/{}",
    "/history?who={}&target={}",
    "/never-call?before={}",
    "/never-call/remove?number={}",
    "/sign-in?next={}",
]
_ECHOES = (
    ("/never-call/add", ("numbers", "reason", "region")),
    ("/never-call/check", ("number", "region")),
    ("/never-call/remove", ("number", "reason", "region")),
    ("/schedules/add", ("name", "sheet", "at", "cron", "time", "timezone", "grace", "notify_url", "max_calls")),
    ("/settings/users", ("name", "role")),
    ("/settings/tokens", ("name", "role")),
    ("/settings/templates", ("packaged",)),
    ("/settings/templates/visit.toml", ("title", "columns.name", "pace.calls_per_second", "hours.from", "rows")),
    ("/settings/templates/visit.toml/text", ("text",)),
    ("/settings/templates/visit.toml/copy", ("to",)),
    ("/sign-in", ("name", "next")),
    ("/new", ("template",)),
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("hostile"), HOSTILE, names=_HOSTILE_NAMES) as made:
        yield made


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("harmless"), HARMLESS, names=_NAMES) as made:
        yield made


def read(site: World, address: str) -> tuple[str, Elements]:
    answer = site.client.get(address)
    assert answer.status_code < 500, (address, answer.text)
    return answer.text, Elements(answer.text)


def test_there_are_sixty_of_them() -> None:
    assert len(HOSTILE) >= 60
    assert len(set(HOSTILE)) == len(HOSTILE)


@pytest.mark.timeout(300)
def test_hostile_content_makes_no_element_on_any_page(hostile: World, harmless: World) -> None:
    ours = {shape for address in harmless.addresses() for shape in read(harmless, address)[1].shapes}
    seen = 0
    for address in hostile.addresses():
        text, page = read(hostile, address)
        # The report is a file of its own, with its own style and policy; tests/export holds it.
        if not text.lstrip().startswith("<!doctype html>") or address.endswith("/report.html"):
            continue
        assert page.trouble == [], address
        assert page.shapes.keys() <= ours, (address, page.shapes.keys() - ours)
        seen += 1
    assert seen > 30


@pytest.mark.timeout(300)
def test_pages_of_the_same_things_have_the_same_elements(hostile: World, harmless: World) -> None:
    pairs = list(zip(hostile.addresses(), harmless.addresses(), strict=True))
    alike = [pair for pair in pairs if pair[0].startswith(_ALIKE)]
    assert len(alike) > 20
    for bad, good in alike:
        assert read(hostile, bad)[1].shapes == read(harmless, good)[1].shapes, bad


@pytest.mark.parametrize("address", ["/never-call", "/history", "/schedules/reminders/check", "/settings", "draft"])
def test_hostile_content_is_shown_as_it_is(hostile: World, address: str) -> None:
    """A page that shows nothing of it would pass all else."""
    page = read(hostile, f"/drafts/{hostile.values['draft'][0]}/check" if address == "draft" else address)[1]
    marks = ("<", "&lt;", "{{7}}", "=1+1")
    assert any(mark in page.text for mark in marks)
    assert not set(page.text) & {"\x1b", "\u202e", "\x00", "\x07"}


def test_no_page_holds_a_secret(hostile: World) -> None:
    for address in hostile.addresses():
        text = read(hostile, address)[0]
        assert not [secret for secret in hostile.secrets if secret in text], address


def echoed(site: World, address: str, cells: Sequence[str]) -> None:
    for cell in cells:
        quoted = "".join(f"%{byte:02X}" for byte in cell.encode())
        assert read(site, address.format(quoted, quoted))[1].trouble == [], cell


def refused(site: World, address: str, fields: Sequence[str], *, cells: Sequence[str]) -> None:
    for cell in cells:
        answer = site.client.post(address, data=dict.fromkeys(fields, cell))
        assert answer.status_code < 500, (cell, answer.text)
        assert Elements(answer.text).trouble == [], cell


def test_addresses_are_echoed_as_text(hostile: World) -> None:
    for turn, address in enumerate(_ADDRESSES):
        echoed(hostile, address, HOSTILE[turn :: len(_ADDRESSES)])


def test_forms_that_are_refused_show_what_was_typed_as_text(hostile: World) -> None:
    for turn, (address, fields) in enumerate(_ECHOES):
        refused(hostile, address, fields, cells=HOSTILE[turn :: len(_ECHOES)])


@pytest.mark.nightly
@pytest.mark.parametrize("address", _ADDRESSES)
def test_every_cell_in_an_address_is_echoed_as_text(hostile: World, address: str) -> None:
    echoed(hostile, address, HOSTILE)


@pytest.mark.nightly
@pytest.mark.parametrize(("address", "fields"), _ECHOES, ids=[address for address, _ in _ECHOES])
def test_every_cell_in_a_form_that_is_refused_is_shown_as_text(
    hostile: World, address: str, fields: tuple[str, ...]
) -> None:
    refused(hostile, address, fields, cells=HOSTILE)


def test_the_check_itself_finds_what_it_is_for() -> None:
    """Planted: each of these is what a page without escaping would hold."""
    for planted in [*HOSTILE[:7], "<p style=x>", "<p onclick=x>", "<a href='javascript:x'>", "<a href='//e'>"]:
        assert Elements(f"<p>{planted}</p>").trouble, planted
