"""Numbers that are kept for examples are called where no phone rings, and for real only when somebody says so."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign.config.run_plan import plan_of
from campaign.config.settings import DEFAULT_BASE_URL, LOOPBACK_SERVICE, SANDBOX_SERVICE
from campaign.config.template_file import load_template
from campaign.domain.errors import SheetError
from campaign.ledger.store import open_ledger
from campaign.preparation.drafts.load_sheet import passing_sheet_draft
from campaign.preparation.questions import Answers
from campaign.preparation.summary import Summary
from campaign.presentation.cures import error_line, terminal_text, terminal_words
from tests.cli.conftest import KEY, TEMPLATE, Desk
from tests.loading import source_of

# The second is libphonenumber's example of a mobile: nobody's either, and not told from a real one.
ROWS = ("Ada Example,+12125550101,Monday", "Bob Example,+447400123456,Monday")
ALLOWING = TEMPLATE + 'allow = ["fictitious"]\n'


@contextmanager
def prepared(desk: Desk, *, service: str, allow: bool = False, text: str = TEMPLATE) -> Iterator[Summary]:
    """The sheet as a run at that service would begin with it; nothing is sent."""
    template = load_template(desk.template(text))
    plan = plan_of(template, environment={}, sandbox=True)
    with (
        open_ledger(Path("home"), now=lambda: datetime(2026, 12, 1, tzinfo=UTC)) as ledger,
        passing_sheet_draft(
            ledger,
            source_of(Path("sheet.csv"), template, plan, service=service),
            answers=Answers(allow_fictitious=allow),
            secret=str,
            wording=terminal_text,
        ) as made,
    ):
        yield made.summary


@pytest.mark.parametrize(
    ("service", "allow", "text", "called"),
    [
        (DEFAULT_BASE_URL, False, TEMPLATE, 1),
        ("https://calls.example", False, TEMPLATE, 1),
        (DEFAULT_BASE_URL, True, TEMPLATE, 2),
        (DEFAULT_BASE_URL, False, ALLOWING, 2),
        (SANDBOX_SERVICE, False, TEMPLATE, 2),
        (LOOPBACK_SERVICE, False, TEMPLATE, 2),
    ],
)
def test_c17_where_they_are_called(desk: Desk, service: str, allow: bool, text: str, called: int) -> None:  # noqa: FBT001, PLR0917 - a table
    desk.sheet(*ROWS)
    with prepared(desk, service=service, allow=allow, text=text) as made:
        assert (made.to_call, made.invalid) == (called, 2 - called)
        assert [(group.reason, group.rows) for group in made.problems] == [
            ("a number kept for examples, which nobody answers", 1)
        ] * (2 - called)
        assert all("--allow-fictitious" in terminal_words(group.cure) for group in made.problems)


def test_c17_the_next_number_of_the_row_is_called_instead(desk: Desk) -> None:
    desk.sheet("Ada Example,+12125550101,+447400123456", header="Name,Phone,Mobile")
    text = TEMPLATE.replace('phone = "Phone"', 'phone = ["Phone", "Mobile"]').replace(', "Day"', "")
    with prepared(desk, service=DEFAULT_BASE_URL, text=text.replace('column = "Day"', 'column = "Name"')) as made:
        assert made.to_call == 1
        [[group]] = made.doubts.values()
        assert group.reason.endswith("'Mobile' is called instead")


def test_c17_a_sheet_of_nothing_else_is_refused_with_the_flag(desk: Desk) -> None:
    desk.sheet(ROWS[0])
    with pytest.raises(SheetError) as caught, prepared(desk, service=DEFAULT_BASE_URL):
        pass
    assert "--allow-fictitious" in error_line(caught.value)


def test_c17_the_flag_reaches_the_run_and_nothing_is_sent_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal a run ends at its question, and so before its first call."""
    for name, value in (("API_KEY", KEY), ("TEAM_ID", "team"), ("CALL_TEMPLATE_ID", "template")):
        monkeypatch.setenv(f"AICALLER_{name}", value)
    sheet, template = desk.sheet(*ROWS), desk.template()
    assert "Make 1 call?" in desk("run", sheet, "-t", template).err
    assert "Make 2 calls?" in desk("run", sheet, "-t", template, "--allow-fictitious").err
    assert len(desk("run", sheet, "-t", template, "--dry-run").out.splitlines()) == 2


def test_c17_check_warns_and_names_the_flag_where_they_would_not_be_called(desk: Desk) -> None:
    sheet, template = desk.sheet(*ROWS), desk.template()
    ended = desk("check", sheet, "-t", template, "--json")
    report = json.loads(ended.out)
    assert (ended.code, report["to_call"], report["noted"]["fictitious"]) == (0, 2, 1)
    assert [(one["about"], one["flags"]) for one in report["undecided"]] == [("fictitious", ["--allow-fictitious"])]
    for flag in ("--sandbox", "--allow-fictitious"):
        assert json.loads(desk("check", sheet, "-t", template, "--json", flag).out)["undecided"] == []
