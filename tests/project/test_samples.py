"""The templates and samples that a newcomer tries first do what their README says."""

import re
from collections import Counter
from pathlib import Path

import pytest

from campaign.config.template_file import load_template
from campaign.domain.model import Contact, Screened, Skip
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from campaign.intake.open_sheet import open_sheet

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = sorted(path.name for path in (ROOT / "templates").glob("*.toml"))
SAMPLES = {
    "appointments.csv": ("appointment_reminder.toml", {"Contact": 12, "Invalid": 1, "duplicate": 1}),
    "leads.xlsx": ("lead_qualification.toml", {"Contact": 14, "Invalid": 2, "duplicate": 1, "no consent": 3}),
    "payments.csv": ("payment_reminder.toml", {"Contact": 1000}),
    "survey.xlsx": ("satisfaction_survey.toml", {"Contact": 12, "Invalid": 1, "no consent": 2}),
    "broken.csv": ("appointment_reminder.toml", {"Contact": 5, "Invalid": 18, "duplicate": 1}),
}
# Numbers that no one has: 555-0100 to 555-0199 in North America, 020 7946 0000 to 0999 in London.
FICTITIOUS = re.compile(r"\+1[2-9]\d\d55501\d\d|\+4420794600?\d{3}")


def screened(sample: str) -> list[Screened]:
    template = load_template(ROOT / "templates" / SAMPLES[sample][0])
    sheet = open_sheet(ROOT / "sample_data" / sample)
    return list(screen(sheet.rows, match_columns(sheet.header, template), template))


def ending(each: Screened) -> str:
    return (
        each.verdict.reason.split(" (")[0].split(" of ")[0]
        if isinstance(each.verdict, Skip)
        else type(each.verdict).__name__
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_loads_and_names_no_team(name: str) -> None:
    """A team id that stands in a template would be somebody's."""
    template = load_template(ROOT / "templates" / name)
    assert template.title
    assert template.call.team_id is None
    assert template.call.call_template_id is None
    assert name in {needed for needed, _counts in SAMPLES.values()}


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_sample_ends_as_promised(sample: str) -> None:
    """The README of the samples states these counts."""
    counts = dict(Counter(map(ending, screened(sample))))
    assert counts == SAMPLES[sample][1]
    told = (ROOT / "sample_data" / "README.md").read_text(encoding="utf-8")
    line = next(line for line in told.splitlines() if f"`{sample}`" in line)
    assert SAMPLES[sample][0] in line
    assert f"{counts['Contact']:,} called" in line


def test_every_sample_file_is_tried() -> None:
    files = {path.name for path in (ROOT / "sample_data").iterdir() if path.suffix in (".csv", ".xlsx")}
    assert files == set(SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_hold_only_numbers_that_no_one_has(sample: str) -> None:
    """A newcomer who runs a sample with a real key must not ring a stranger."""
    contacts = [each.verdict for each in screened(sample) if isinstance(each.verdict, Contact)]
    assert all(FICTITIOUS.fullmatch(contact.phone) for contact in contacts)
    cells = [re.sub(r"\D", "", cell) for each in screened(sample) for cell in each.row.cells[1:3]]
    assert all("55501" in digits or "20794601" in digits for digits in cells if len(digits) > 9)
