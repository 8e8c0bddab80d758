"""The report: one page that holds all it needs, shows no number, and does nothing, whatever the rows say."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from campaign.domain.model import ResultRow
from campaign.export import columns as result_columns, tally
from campaign.export.about import About
from campaign.export.html import answer_rates
from campaign.export.html.page import write_html
from campaign.export.html.style import STYLE
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
    assert "default-src 'none'" in text
    assert not re.findall(r"url\(|@import|://", STYLE)


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
    assert "column &#x27;Phone&#x27;: …: too short" in text
    assert text.count("<polyline") == 2
    assert occupied_by(tmp_path / "r.html") is None


def test_a_run_without_rows_or_calls_is_a_page_too(tmp_path: Path) -> None:
    assert "0 rows" in page(tmp_path, [])
    assert "<polyline" not in page(tmp_path, [ResultRow(2, ("x",), "pending")])


def test_answers_are_counted_by_the_clock_where_the_phone_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """14:00 UTC is 9 in the morning in New York; a number of several zones has no hour that is sure."""
    names = (*result_columns.RESULT_COLUMNS, "_outcome")
    ends = {2: "answered", 3: "no_answer", 4: "voicemail", 5: "ended_normally"}

    def with_outcome(row: ResultRow, *, columns: Sequence[str]) -> tuple[object, ...]:
        assert columns == names
        return (*result_columns.result_values(row), ends[row.number])

    monkeypatch.setattr(tally, "values_under", with_outcome)
    found = answer_rates.Answers()
    rows = [sent(2), sent(3), sent(4, minute=60)]
    rows.append(ResultRow(5, ("x",), "created", "id", phone="+18005550142", submitted_at=rows[0].submitted_at))
    for row in rows:
        found.add(row, columns=names)
    assert found.calls == {9: 2, 10: 1}
    assert found.answered == {9: 1, 10: 0}
    assert found.zone_calls == {"America/New_York": 3, answer_rates.SEVERAL: 1}
    text = write_html(tmp_path / "r.html", header=("Name",), rows=rows, columns=names).read_text("utf-8")
    assert "Answered, by hour" in text
    assert "America/New_York" in text


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
