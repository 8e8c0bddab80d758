"""The report: one page that holds all it needs, shows no number, and does nothing, whatever the rows say."""

import base64
import dataclasses
import hashlib
import re
import tracemalloc
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.result_row import ResultRow
from campaign.export.about import About
from campaign.export.columns import columns_with
from campaign.export.html import answer_rates
from campaign.export.html.page import write_html
from campaign.export.overwrite_guard import occupied_by
from campaign.export.printable import group_of
from tests.export.test_formula_guard import PAYLOADS

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><b>",
    "&lt;",
    "]]>",
    "\x1b[31m",
    *PAYLOADS,
]
ALLOWED = {"html", "meta", "title", "style", "main", "h1", "h2", "dl", "div", "dt", "dd", "p", "ul", "li", "b", "span"}
ALLOWED |= {"section", "svg", "text", "tspan", "rect", "line", "polyline", "table", "thead", "tbody", "tr", "th", "td"}


class Elements(HTMLParser):
    """What a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.attributes = set[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def sent(number: int, status: str = "created", *, minute: int = 0, error: str | None = None) -> ResultRow:
    at = f"2026-12-01T{14 + minute // 60}:{minute % 60:02d}:00.000Z"
    return ResultRow(
        number, ("Ada",), status, f"id{number}" if status == "created" else None, error, 1, "+12125550142", at
    )


def page(tmp_path: Path, rows: Sequence[ResultRow], about: About | None = None) -> str:
    return write_html(tmp_path / "r.html", header=("Name",), rows=rows, about=about).read_text("utf-8")


def elements(text: str) -> Elements:
    found = Elements()
    found.feed(text)
    return found


def test_no_text_of_a_sheet_or_a_server_becomes_part_of_the_page(tmp_path: Path) -> None:
    """The report is opened in a browser, and sent around."""
    rows = [sent(n, "rejected", error=f"400: {text}") for n, text in enumerate(HOSTILE, 2)]
    text = page(tmp_path, rows, About(HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3], HOSTILE[4]))
    found = elements(text)
    assert found.tags <= ALLOWED
    assert not [name for name in found.attributes if name.startswith("on") or name in ("href", "src")]


def test_it_may_fetch_nothing_run_nothing_and_wear_no_other_style(tmp_path: Path) -> None:
    """By the page's own policy, which names its style sheet: one that differs by a blank is not applied."""
    text = page(tmp_path, [sent(2), sent(3, "rejected", error="400: no")])
    (style,) = re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL)
    named = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"content=\"default-src 'none'; style-src 'sha256-{named}'; base-uri 'none'; form-action 'none'\"" in text
    assert "style" not in elements(text).attributes
    assert not re.findall(r"url\(|@import|://", style)


def test_it_shows_nobodys_number_or_name(tmp_path: Path) -> None:
    rows = [sent(2, "rejected", error="400: +1 (212) 555-0142 is not valid"), sent(3, "unknown", error="lost")]
    text = page(tmp_path, rows)
    assert "2125550142" not in re.sub(r"\D", "", text)
    assert "…0142" in text
    assert "Ada" not in text


def test_every_status_and_reason_is_in_it_with_its_count(tmp_path: Path) -> None:
    rows = [sent(n, minute=n) for n in range(2, 42)] + [sent(50, "rejected", error="400: no", minute=90)] * 3
    rows += [ResultRow(60, ("x",), "invalid", error="row 60, column 'Phone': '12': too short; correct it")]
    text = page(tmp_path, rows, About("first", "people.csv"))
    assert "<b>40</b>" in text
    assert "<b>3</b>" in text
    assert "column &#39;Phone&#39;: …: too short" in text
    assert text.count("<polyline") == 2
    assert occupied_by(tmp_path / "r.html") is None


def test_a_run_without_rows_or_calls_is_a_page_too(tmp_path: Path) -> None:
    assert "0 rows" in page(tmp_path, [])
    assert "<polyline" not in page(tmp_path, [ResultRow(2, ("x",), "pending")])


def test_answers_are_counted_by_the_clock_where_the_phone_is(tmp_path: Path) -> None:
    """14:00 UTC is 9 in the morning in New York; a number of several zones has no hour that is sure."""
    names = columns_with(())
    rows = [
        ended(sent(2), "completed", "CALL_LATER"),
        ended(sent(3), "noAnswer"),
        ended(sent(4, minute=60), "completed", "VOICEMAIL_DETECTED"),
        ended(dataclasses.replace(sent(5), phone="+18005550142"), "completed", "ENDED_NORMALLY"),
        sent(6),
    ]
    found = answer_rates.AnswerCounts()
    for row in rows:
        found.add(row, columns=names)
    assert found.calls == {9: 2, 10: 1}
    assert found.answered == {9: 1, 10: 0}
    assert found.zone_calls == {"America/New_York": 3, answer_rates.SEVERAL: 1}
    text = write_html(tmp_path / "r.html", header=("Name",), rows=rows, columns=names).read_text("utf-8")
    assert "Answered, by hour" in text
    assert "America/New_York" in text


def test_a_report_of_many_rows_takes_no_more_memory_than_one_of_few(tmp_path: Path) -> None:
    """Ten million rows are a matter of time; nothing is kept of a row but what it adds to a count."""

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            path = tmp_path / f"{count}.html"
            write_html(path, header=("Name",), rows=many(count), columns=columns_with(()))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # tables and templates are loaded once
    assert peak(20_000) < peak(5_000) + 400_000


def many(count: int) -> Iterator[ResultRow]:
    """Rows sent within two hours, each with a number of its own; some are refused, of some the outcome is known."""
    for number in range(count):
        refused = number % 25 == 0
        reason = f"400: {number:09d} is not valid" if refused else None
        row = sent(number, "rejected" if refused else "created", minute=number % 120, error=reason)
        row = dataclasses.replace(row, cells=(f"{number:09d}" * 100,), phone=f"+1212{5550000 + number}")
        yield ended(row, "noAnswer") if number % 10 == 1 else row


def ended(row: ResultRow, status: str, code: str | None = None) -> ResultRow:
    """The row after its call was looked at."""
    return dataclasses.replace(row, outcome=CallOutcome(row.call_id or "", status, code))


@pytest.mark.parametrize(
    ("reason", "group"),
    [
        ("400: toPhoneNumber +12125550142 is not valid", "400: toPhoneNumber … is not valid"),
        ("row 7, column 'Phone': '12': too short; correct it", "column 'Phone': …: too short; correct it"),
        ("duplicate of row 12, there under another name", "duplicate of …, there under another name"),
        ("called recently: 2026-12-01T14:00:00.000Z by run first, row 3", "called recently: … by run first, …"),
        ("422: Unprocessable Entity", "422: Unprocessable Entity"),
        ("", "no reason given"),
    ],
)
def test_reasons_that_differ_only_in_the_row_are_one(reason: str, group: str) -> None:
    assert group_of(reason) == group


def test_who_is_to_be_phoned_by_hand_stands_there_with_the_whole_reason(tmp_path: Path) -> None:
    """What the machine could not do is somebody's afternoon; a reason without its row's value helps nobody."""
    reason = "row 4, column 'Phone': '212 555 0142 x9': an extension cannot be dialled"
    missed = CallOutcome("id5", "noAnswer", None, None, None, None, (), None, None, None)
    rows = [
        sent(2),
        sent(3, "rejected", error="400: number 12345678 is out of service"),
        ResultRow(4, ("Bo",), "invalid", None, reason),
        dataclasses.replace(sent(5), outcome=missed),
        ResultRow(6, ("Cy",), "skipped", None, "no consent"),
    ]
    columns = columns_with([])
    text = write_html(tmp_path / "r.html", header=("Name",), rows=rows, columns=columns).read_text("utf-8")
    listed = text.partition("People to phone by hand")[2]
    assert re.findall(r"<tr><td class=\"n\">(\d)", listed) == ["3", "4", "5"]
    assert "an extension cannot be dialled" in listed
    assert "the call ended: no answer" in listed
    assert "5550142" not in listed
    assert "12345678" not in listed


def test_a_run_that_reached_everybody_lists_nobody(tmp_path: Path) -> None:
    assert "by hand" not in page(tmp_path, [sent(2), sent(3)])
