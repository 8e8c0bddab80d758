"""What templates make of values: text and nothing else, and no value is left out in silence."""

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from campaign.export.html import rendering
from campaign.export.html.plots import Bar, Line, Plot, bars, columns, curves, sentence_bars
from campaign.export.html.sections import ReportSection, RowsToReview, RowToReview, Tile
from campaign.export.printable import visible
from tests.export.test_formula_guard import PAYLOADS

TEMPLATES = sorted((Path(rendering.__file__).parent / "templates").glob("*.jinja"))
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><b>",
    "</style><b>",
    "</title><b>",
    "</text></svg><b>",
    "<!-- x",
    "]]><b>",
    "<![CDATA[x",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&amp",
    '" onclick="alert(1)',
    "' onclick='alert(1)",
    "x onmouseover=alert(1) y",
    "`x`",
    "javascript:alert(1)",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# x",
    "${7*7}",
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x00",
    "a\r\nb",
    "a\u2028b",
    "\u202eevil",
    "\u2066x\u2069",
    "a\u200bb",
    "\ufeffx",
    "\u00adx",
    "\ud83d",
    "\U000e0041",
    "\uff1cb\uff1e",
    "A\u0301" * 40,
    "x" * 600,
    "<" * 600,
]
_SHORT = 30  # a label of a plot may be that long
HOSTILE = [*MARKUP, *PAYLOADS]


class Page(HTMLParser):
    """What a browser would find: its elements with their attributes' names, and every text and attribute's value."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.structure = list[tuple[str, ...]]()
        self.values = list[str]()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.structure.append((tag, *(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.structure.append((f"/{tag}",))

    def handle_comment(self, _data: str) -> None:
        self.structure.append(("a comment",))

    def handle_data(self, data: str) -> None:
        self.values.append(data)


def values(text: str) -> dict[str, object]:
    """All that the report is made of, with this text wherever there can be one."""
    short = text[:_SHORT]
    few = [Bar(short, 1, text, text), Bar(short, 0, text, text)]
    plots: list[Plot] = [
        bars(text, few, unit="%"),
        sentence_bars(text, few),
        columns(text, few, most=1, unit="%"),
        curves(text, [Line(text, ((0, 0), (1, 1)))], times=[(0, short), (1, short)], most=1),
        bars(text, [Bar(f"{text} and as much more as makes it too long", 1)]),
    ]
    return {
        "title": text,
        "facts": [(text, text)],
        "rows": 1,
        "tiles": [Tile(text, text, 1)],
        "sections": [ReportSection(text, text, plot, (text,)) for plot in plots],
        "failed": RowsToReview(text, (RowToReview(2, text, text, 1, text),)),
        "by_hand": RowsToReview(text, (RowToReview(2, text, text, 1, text),)),
    }


def report(text: str) -> str:
    return "".join(rendering.rendered("report.html.jinja", **values(text)))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_whatever_a_text_holds_the_page_has_the_same_elements_and_shows_it(text: str) -> None:
    """In every place of every template, be it a text or an attribute."""
    found, harmless = Page(report(text)), _harmless()
    assert found.structure == harmless.structure
    shown = {visible(text), visible(text[:_SHORT])}
    assert sum(map(found.values.count, shown)) >= harmless.values.count("harmless") > 30
    hidden = [char for value in found.values for char in value if visible(char) != char and char != "\n"]
    assert hidden == []


@cache
def _harmless() -> Page:
    return Page(report("harmless"))


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("name", values("x"))
def test_a_value_that_is_not_there_is_an_error_and_no_gap(name: str) -> None:
    """A column that silently stays empty is found by a customer."""
    rest = {key: value for key, value in values("x").items() if key != name}
    with pytest.raises(UndefinedError):
        list(rendering.rendered("report.html.jinja", **rest))


def test_a_field_that_is_not_there_is_an_error_too() -> None:
    with pytest.raises(UndefinedError):
        list(rendering.rendered("report.html.jinja", **values("x") | {"tiles": [object()]}))


def test_the_page_comes_in_pieces_as_it_is_taken() -> None:
    """It is written as it comes: nobody holds the whole of it."""
    taken = []

    def sections() -> Iterator[ReportSection]:
        for number in range(100):
            taken.append(number)
            yield ReportSection("x", "x", bars("x", [Bar("x", 1)]))

    chunks = rendering.rendered("report.html.jinja", **values("x") | {"sections": sections()})
    while not taken:
        assert len(next(chunks)) < 10_000
    assert len(taken) == 1
    assert max(map(len, chunks)) < 10_000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_steps_around_the_guard(path: Path) -> None:
    """A value in an attribute without quotes is escaped in vain."""
    text = path.read_text(encoding="utf-8")
    for way in ("|safe", "| safe", "autoescape", "={{", "=\n", "<script", " style="):
        assert way not in text


def test_the_style_sheet_is_taken_in_as_it_stands() -> None:
    """It is a template too, and must hold nothing that would be taken for a value."""
    written = (TEMPLATES[0].parent / rendering.STYLE_SHEET).read_text(encoding="utf-8")
    assert f"<style>{written.rstrip()}</style>" in report("x")
