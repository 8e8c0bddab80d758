"""Two numbers of a sheet that ring one line are one person: for duplicates, for consent, and for our own number."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign.config.run_plan import CallPlan
from campaign.config.template import Template
from campaign.domain.model import Contact, Row, Skip
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from campaign.preparation.screening import screen_sheet
from tests.intake.appointments import HEADER, changed, reasons, template

MOBILE, AT_HOME = "+5491123456789", "+541123456789"
BOTH_WAYS = pytest.mark.parametrize(("first", "second"), [(MOBILE, AT_HOME), (AT_HOME, MOBILE)])


@BOTH_WAYS
def test_the_second_spelling_is_a_duplicate_that_names_the_first(first: str, second: str) -> None:
    """Whoever reads the results sees two different numbers, and must be told why one was left out."""
    assert reasons(changed(Mobile=first), changed(Mobile=second), changed(Mobile=first)) == [
        "Contact",
        f"duplicate of row 2 (same line as {first})",
        "duplicate of row 2",
    ]


def test_the_neighbour_is_called() -> None:
    assert reasons(changed(Mobile=MOBILE), changed(Mobile="+541123456788")) == ["Contact", "Contact"]


@BOTH_WAYS
def test_a_no_for_one_spelling_holds_for_the_other(first: str, second: str) -> None:
    made = reasons(changed(Mobile=first), changed(Mobile=second, Agreed="no"))
    assert made == ["no consent (row 3 says no for the same number)", "no consent (column 'Agreed': 'no')"]


@BOTH_WAYS
def test_we_do_not_call_ourselves_by_another_spelling(tmp_path: Path, first: str, second: str) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"Name,Phone\nAnn Lee,{first}\n", encoding="utf-8")
    rules = Template.model_validate({"columns": {"name": "Name", "phone": "Phone"}})
    plan = CallPlan(team_id="team", call_template_id="template", from_phone_number=second)
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    [screened] = screen_sheet(sheet, rules, call=plan, secret=str, on_list=lambda _: {}, now=now).without_keys()
    assert isinstance(screened.verdict, Skip)
    assert screened.verdict.reason == "our own number"


def test_the_number_that_is_called_is_the_sheets_own() -> None:
    made = template()
    [screened] = screen([_row(changed(Mobile=MOBILE))], match_columns(HEADER, made), made)
    assert isinstance(screened.verdict, Contact)
    assert screened.verdict.phone == MOBILE


def _row(cells: tuple[str, ...]) -> Row:
    return Row(2, cells)
