"""Every page, for whoever looks at it: nothing that axe-core finds, nothing wider than the window, nothing refused.

Every day a page of each kind is looked at in one width and one colour, at night each page there is, and in a soak each
in all of them. A page is of a kind of its own if it has an element that none before it has.
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle, product
from typing import Any, Literal

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Page

from tests.web.browser.conftest import only_here
from tests.web.browser.prepared import Prepared, prepared

Colour = Literal["light", "dark"]
_WIDTHS = (320, 375, 900, 1400)
_COLOURS: tuple[Colour, ...] = ("light", "dark")
_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
    found => found.nodes.map(
        node => `${found.id}: ${node.html.slice(0, 160)} (${node.failureSummary.slice(0, 300)})`))"""
_TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? null
    : [document.documentElement.scrollWidth, ...[...document.querySelectorAll("body *")].filter(
        one => one.getBoundingClientRect().right > window.innerWidth + 1 && !one.closest(".scroll, svg, .unseen")
    ).slice(0, 3).map(one => one.outerHTML.slice(0, 160))]"""
_BREACHES = """document.addEventListener("securitypolicyviolation",
    event => console.error("CSP: " + event.violatedDirective + " " + event.blockedURI))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    with prepared(tmp_path_factory.mktemp("prepared")) as made:
        yield made


@pytest.fixture(scope="module")
def pages(site: Prepared) -> list[str]:
    """The addresses that are pages: others are files."""
    with httpx.Client(base_url=site.address, cookies={"campaign_session": site.cookie}) as client:
        found = [address for address in site.addresses() if _is_page(client, address)]
    assert len(found) > 50
    return found


def _is_page(client: httpx.Client, address: str) -> bool:
    with client.stream("GET", address) as answer:
        assert answer.status_code < 500, address
        return not answer.is_redirect and answer.headers.get("content-type", "").startswith("text/html")


@pytest.fixture(scope="module")
def kinds(site: Prepared, pages: list[str]) -> list[str]:
    """The addresses of pages that have an element that no page before them has."""
    seen, found = _Elements(), list[str]()
    with httpx.Client(base_url=site.address, cookies={"campaign_session": site.cookie}) as client:
        for address in pages:
            before = len(seen.different)
            seen.feed(client.get(address).text)
            if len(seen.different) > before:
                found.append(address)
    assert len(found) > 20
    return found


class _Elements(HTMLParser):
    """What elements there are, by their tags, classes and the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.different = set[tuple[str, ...]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.different.add((tag, dict(attrs).get("class") or "", *sorted(name for name, _ in attrs)))


def trouble(browser: Browser, site: Prepared, seen: list[tuple[str, int, Colour]]) -> list[str]:
    """What is wrong with these pages, each in its width and colour."""
    found: list[str] = []
    for width, colour in sorted({(width, colour) for _, width, colour in seen}):
        page, said = _opened(browser, site, width=width, colour=colour)
        for address in [address for address, *at in seen if at == [width, colour]]:
            found += [f"{address} at {width} px, {colour}: {one}" for one in _looked_at(page, address, said)]
            said.clear()
        page.context.close()
    return found


def _opened(browser: Browser, site: Prepared, *, width: int, colour: Colour) -> tuple[Page, list[str]]:
    """A page of a signed-in operator, and what its console will say."""
    context = browser.new_context(base_url=site.address, viewport={"width": width, "height": 800}, color_scheme=colour)
    context.add_cookies([{"name": "campaign_session", "value": site.cookie, "url": site.address}])
    page, said = context.new_page(), list[str]()
    page.add_init_script(_BREACHES)
    page.route("**/*", only_here)
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def _looked_at(page: Page, address: str, said: list[str]) -> list[str]:
    page.goto(address, wait_until="load")
    # What is folded is a part of the page as well.
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    # Put into the page from outside of it, past the policy, whose breaches the browser reports.
    page.evaluate(AXE_SCRIPT)
    found: list[Any] = page.evaluate(_AXE)
    if (wide := page.evaluate(_TOO_WIDE)) is not None:
        found.append(f"wider than the window: {json.dumps(wide)}")
    # A page that tells of something missing has its status.
    return [*found, *(one for one in said if "status of 4" not in one)]


def in_turn(addresses: list[str]) -> list[tuple[str, int, Colour]]:
    """Each in one of the widths and colours."""
    return [
        (address, *at)
        for address, at in zip(addresses, cycle(zip(_WIDTHS, cycle(_COLOURS), strict=False)), strict=False)
    ]


@pytest.mark.timeout(300)
def test_a_page_of_each_kind_has_no_fault(browser: Browser, site: Prepared, kinds: list[str]) -> None:
    found = trouble(browser, site, in_turn(kinds))
    assert not found, "\n".join(found)


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_each_page_has_no_fault_in_one_width_and_colour(browser: Browser, site: Prepared, pages: list[str]) -> None:
    found = trouble(browser, site, in_turn(pages))
    assert not found, "\n".join(found)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_no_page_has_a_fault_in_any_width_and_colour(browser: Browser, site: Prepared, pages: list[str]) -> None:
    found = trouble(browser, site, [(page, *at) for at in product(_WIDTHS, _COLOURS) for page in pages])
    assert not found, "\n".join(found)


PLANTED = {
    "<img src='/static/icon.svg'>": "image-alt",
    "<svg width='2000' height='9'></svg>": "wider than the window",
    "<script>1</script>": "CSP: script-src",
    "<p style='color: #ccc; background: #ddd'>pale</p>": "CSP: style-src",
}


def test_the_look_itself_finds_what_it_is_for(browser: Browser, site: Prepared) -> None:
    page, said = _opened(browser, site, width=375, colour="light")

    def plant(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{''.join(PLANTED)}</main>"))

    page.route("**/never-call", plant)
    found = _looked_at(page, "/never-call", said)
    page.context.close()
    assert [words for words in PLANTED.values() if not any(words in one for one in found)] == [], found
