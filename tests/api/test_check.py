"""`check` says before the first call what a run would come to, and how many calls it would make."""

import campaign
from tests.cli.conftest import TEMPLATE, Desk, StandIn

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"


def test_the_number_of_calls_is_known_before_the_first_one(desk: Desk, server: StandIn) -> None:
    rows = (
        "Ada Example,+12125550101,Monday",
        "Bob Example,12,Tuesday",
        "Ada Again,(212) 555-0101,",
        "Cy,+12125550102,",
    )
    sheet, template = desk.sheet(*rows), desk.template(FAST)
    checked = campaign.check(sheet, template, allow_fictitious=True)
    assert (checked.rows, checked.to_call, checked.calls, checked.invalid) == (4, 2, 2, 1)
    assert checked.skipped == {"duplicate": 1}
    assert checked.is_ready
    assert campaign.check(sheet, template, limit=1).calls == 1
    assert server.rings() == []
    assert not (desk.folder / "home").exists()
    assert campaign.start(sheet, template, call_people=True).counts.created == checked.calls


def test_problems_name_column_value_and_cure_and_can_be_written_to_be_corrected(desk: Desk) -> None:
    sheet = desk.sheet("Ada Example,+12125550101,Monday", "Bob Example,12,Tuesday", "Cy Example,13,Tuesday")
    checked = campaign.check(sheet, desk.template(), sandbox=True, problems_file="problems.csv")
    assert checked.problems_file == desk.folder / "problems.csv" or str(checked.problems_file) == "problems.csv"
    [group] = checked.problems
    assert (group.column, group.rows, group.row_ranges) == ("Phone", 2, ((3, 4),))
    assert group.values == {3: "12", 4: "13"}
    assert group.reason
    assert group.cure
    assert checked.exit_code == 1
    assert [row["Name"] for row in desk.results("problems.csv")] == ["Bob Example", "Cy Example"]


def test_it_says_when_phones_would_ring(desk: Desk) -> None:
    checked = campaign.check(desk.people(5), desk.template(TEMPLATE + "[pace]\ncalls_per_second = 1\n"), sandbox=True)
    assert checked.first_call_at is not None
    assert checked.last_call_at is not None
    assert 3 < (checked.last_call_at - checked.first_call_at).total_seconds() < 6
