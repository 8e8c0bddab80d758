"""What a whole sheet comes to: the same for `check`, which asks for no keys, and for `run`, which does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign.config.run_plan import CallPlan
from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.domain.errors import SheetError, UsageError
from campaign.domain.model import Contact, Skip
from campaign.domain.skip_reason import SkipReason
from campaign.intake.contacts.header import matched
from campaign.intake.files.read_options import UNDECIDED
from campaign.preparation.screening import MOST_NOTES_KEPT, Screening, _opened_again, screen_sheet

PLAN = CallPlan(team_id="team", call_template_id="template")
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOOKED = PLAN.model_copy(update={"webhooks": (("https://hooks.example/a", "phoneCall.completed", "HOOK"),)})
AREAS = (212, 213, 214, 215, 216, 217, 218, 219, 301, 302, 303)
TEMPLATE = Template.model_validate(
    {"columns": {"name": "Name", "phone": "Phone", "consent": "Agreed"}, "variables": {"day": "Day"}}
)


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "sheet.csv"
    path.write_text("\n".join(["Name,Phone,Agreed,Day", *lines, ""]), encoding="utf-8")
    return path


def screened(path: Path) -> Screening:
    return screen_sheet(path, TEMPLATE, call=PLAN, secret=str, on_list=lambda _: {}, now=NOON)


def counts(screening: Screening) -> tuple[int, int, dict[SkipReason, int]]:
    return screening.good, screening.invalid, dict(screening.skipped)


def test_a_no_at_the_end_of_a_sheet_keeps_its_first_row_from_being_called(tmp_path: Path) -> None:
    """Neither checked as one to call, nor loaded as one."""
    path = sheet(
        tmp_path,
        "Ann Lee,+442079460018,yes,Monday",
        "Bo Lee,+442079460019,yes,Monday",
        *["Cy Lee,+442079460020,yes,Monday"] * 2_000,
        "Ann Lee,+44 20 7946 0018,no,Monday",
    )
    checked, loaded = screened(path), screened(path)
    verdicts = [one.verdict for one in checked.without_keys()]
    assert verdicts == [one.verdict for _, one in loaded]
    assert isinstance(verdicts[0], Skip)
    assert verdicts[0].reason == "no consent (row 2004 says no for the same number)"
    assert isinstance(verdicts[1], Contact)
    assert counts(checked) == counts(loaded) == (2, 0, {SkipReason.NO_CONSENT: 2, SkipReason.DUPLICATE: 1_999})


def test_keys_are_made_only_when_they_are_asked_for(tmp_path: Path) -> None:
    """Only a run needs to know which sheet it is."""
    path = sheet(tmp_path, "Ann Lee,+442079460018,yes,Monday")
    checked, loaded, empty = screened(path), screened(path), screened(path)
    assert [one for _, one in loaded] == list(checked.without_keys())
    assert checked.keys.fingerprint() == empty.keys.fingerprint() != loaded.keys.fingerprint()


def test_whatever_stands_in_a_consent_cell_counts_as_one_reason(tmp_path: Path) -> None:
    """A million remarks are no overview."""
    checked = screened(sheet(tmp_path, *(f"Ann Lee,+44207946{i:04},maybe {i},Monday" for i in range(9))))
    list(checked)
    assert checked.skipped == {SkipReason.NO_CONSENT: 9}


def test_doubts_are_all_counted_and_a_thousand_of_each_kind_are_kept(tmp_path: Path) -> None:
    """Repaired numbers must be seen before the first call; a million warnings must not hide them."""
    many = MOST_NOTES_KEPT + 5
    checked = screened(
        sheet(tmp_path, *(f"ANN LEE,+1{AREAS[i // 100]}55501{i % 100:02},yes,Monday" for i in range(many)))
    )
    list(checked)
    assert checked.noted == {NoteKind.WARNING: many, NoteKind.FICTITIOUS: many}
    assert len(checked.notes) == 2 * MOST_NOTES_KEPT


def test_a_plan_that_cannot_be_written_is_no_rows_fault(tmp_path: Path) -> None:
    """A secret comes from the environment, where any bytes may stand; it is not shown."""
    path = sheet(tmp_path, "Ann Lee,+442079460018,yes,Monday")
    with pytest.raises(UsageError, match="no call can be made: ") as raised:
        screen_sheet(path, TEMPLATE, call=HOOKED, secret=lambda _: "whsec\udcff", on_list=lambda _: {}, now=NOON)
    assert "whsec" not in str(raised.value)


@pytest.mark.parametrize(
    "later",
    [["Name,Agreed,Phone,Day", "Ann Lee,yes,+442079460018,Monday"], ["Name,Phone,Agreed,Day", "Ann Lee,no,1,Monday"]],
    ids=["columns", "rows"],
)
def test_a33_a_sheet_that_changed_between_two_readings_is_refused(tmp_path: Path, later: list[str]) -> None:
    """The people whose consent the first reading found may be others than those of the second."""
    path = sheet(tmp_path, "Ann Lee,+442079460018,yes,Monday")
    first, _ = matched(path, TEMPLATE)
    assert _opened_again(path, first, choices=UNDECIDED).header == first.header
    path.write_text("\n".join([*later, ""]), encoding="utf-8")
    with pytest.raises(SheetError, match="it was changed while it was read"):
        _opened_again(path, first, choices=UNDECIDED)
