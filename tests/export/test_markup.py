"""Markup in every field that reaches the report: shown as text, whichever field, whichever trick."""

import dataclasses
import re
import typing
from html.parser import HTMLParser
from pathlib import Path

import pytest

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.result_row import ResultRow
from campaign.export.about import About
from campaign.export.columns import columns_with
from campaign.export.html.page import write_html

# Unlike any text of the page itself, so that each can be told in it.
TRICKS = [
    "<script>qq(1)</script>",
    "</style><script>qq(1)</script>",
    "</title><qq>",
    "</table></main></body></html><qq>",
    "--><qq><!--",
    "]]><qq>",
    "<svg/onload=qq(1)>",
    '" onmouseover="qq(1)" x="',
    "' onmouseover='qq(1)' x='",
    "` onmouseover=`qq(1)",
    "&lt;qq&gt;&#60;qq&#62;",
    "{{ qq }}{% qq %}",
    "javascript:qq(1)",
    "<qq\x00\x1b\u202e>",
]
_PARTS = 4
# Made by this program, and checked by the ledger: an E.164 number, and two instants.
OWN = {"phone", "submitted_at", "delayed_until"}
FIELDS = [
    *((ResultRow, field.name) for field in dataclasses.fields(ResultRow) if "str" in str(field.type)),
    *((CallOutcome, field.name) for field in dataclasses.fields(CallOutcome) if "str" in str(field.type)),
    *((About, field.name) for field in dataclasses.fields(About)),
    (Path, "header"),
]
FIELDS = [(kind, name) for kind, name in FIELDS if name not in OWN]


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes = list[str](), list[tuple[str, str | None]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def written(folder: Path, *, field: tuple[type, str], trick: str) -> str:
    """A report of two rows, of which one has the trick in that field."""
    kind, name = field
    outcome = CallOutcome("id2", "completed", "ENDED_NORMALLY", duration=30.0, values=(("mood", "good"),))
    outcome = dataclasses.replace(outcome, triggered_at="2026-12-01T14:00:00.000Z")
    row = ResultRow(2, ("Ada",), "created", "id2", None, 1, "+12125550142", "2026-12-01T14:00:00.000Z")
    about = About("december", "people.csv", "https://example.org", "2026-12-01T14:00", "2026-12-01T15:00")
    hostile: typing.Any = trick
    if (kind, name) == (ResultRow, "cells"):
        hostile = (trick,)
    if (kind, name) == (CallOutcome, "values"):
        hostile = ((trick, trick), (f"_{trick}", trick))
    if kind is CallOutcome:
        outcome = dataclasses.replace(outcome, **{name: hostile})
    if kind is ResultRow:
        row = dataclasses.replace(row, **{name: hostile})
    if kind is About:
        about = dataclasses.replace(about, **{name: hostile})
    header = (trick if name == "header" else "Name",)
    rows = [dataclasses.replace(row, outcome=outcome), ResultRow(3, ("Bob",), "rejected", None, "400: no", 1)]
    names = columns_with([key for key, _ in outcome.values])
    return write_html(folder / "r.html", header=header, rows=rows, columns=names, about=about).read_text("utf-8")


def test_the_fields_are_all_that_hold_text() -> None:
    names = {name for _, name in FIELDS}
    assert names > {"cells", "status", "call_id", "error", "recording_url", "values", "run", "sheet", "header"}


def name_of(field: tuple[type, str]) -> str:
    return f"{field[0].__name__}.{field[1]}"


@pytest.mark.parametrize("field", FIELDS, ids=name_of)
def test_markup_in_a_field_stays_text(tmp_path: Path, field: tuple[type, str]) -> None:
    """No element, attribute or style that the plain report has not; and nothing that a template engine would run.

    Each field meets some of the tricks, and each trick some of the fields; by night all meet all.
    """
    _stays_text(tmp_path, field, tricks=TRICKS[FIELDS.index(field) % _PARTS :: _PARTS])


@pytest.mark.nightly
@pytest.mark.parametrize("field", FIELDS, ids=name_of)
def test_any_markup_in_a_field_stays_text(tmp_path: Path, field: tuple[type, str]) -> None:
    _stays_text(tmp_path, field, tricks=TRICKS)


def _stays_text(folder: Path, field: tuple[type, str], *, tricks: list[str]) -> None:
    plain = Page()
    plain.feed(written(folder, field=field, trick="plain text"))
    for trick in tricks:
        text = written(folder, field=field, trick=trick)
        found = Page()
        found.feed(text)
        assert set(found.tags) <= set(plain.tags), trick
        assert {name for name, _ in found.attributes} <= {name for name, _ in plain.attributes}, trick
        assert not [value for _, value in found.attributes if value and "javascript:" in value], trick
        assert "<qq" not in text, trick
        assert (
            not re.search(r"<script|qq\(1\)[\"'`]", text.replace("&#34;", "").replace("&#39;", "")) or trick[0] == "`"
        )
        assert not set(text) & set("\x00\x1b\u202e"), trick
