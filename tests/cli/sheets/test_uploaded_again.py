"""A sheet that is fed in again, corrected or longer: done rows are not called, changed ones ask, new ones are."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import TEMPLATE, Desk, StandIn

# Without the day's grace, so that only what is known of the rows keeps anybody from being called twice.
AT_ONCE = TEMPLATE + '[pace]\ncalls_per_second = 1000\n[limits]\ncall_again_after = "0s"\n'


@pytest.fixture
def template(desk: Desk) -> Path:
    return desk.template(AT_ONCE)


def numbered(*people: tuple[str, str]) -> list[str]:
    """Rows: (name, day); the number goes with the name's first letter."""
    return [f"{name},+1212555010{ord(name[0]) - ord('A')},{day}" for name, day in people]


FIRST = numbered(("Ada", "Monday"), ("Bob", "Monday"), ("Cy", "Monday"), ("Dee", "Monday"))


def run(desk: Desk, sheet: Path, template: Path, *flags: str, name: str) -> tuple[int, str]:
    ended = desk("run", sheet, "-t", template, "--yes", "--name", name, *flags)
    return ended.code, ended.err


def statuses(desk: Desk, name: str) -> dict[str, str]:
    return {row["Name"]: row["_status"] for row in desk.results(f"{name}.results.csv")}


def test_a_longer_sheet_calls_only_the_new_rows(desk: Desk, server: StandIn, template: Path) -> None:
    """Somebody adds five people to yesterday's list, and sends the whole list again."""
    assert run(desk, desk.sheet(*FIRST), template, name="first")[0] == 0
    longer = desk.sheet(*numbered(("Eve", "Friday")), *FIRST[1:])
    code, said = run(desk, longer, template, name="second")
    assert code == 0
    assert "compared with run first: 1 new, 0 changed, 3 done, 1 gone" in said
    assert statuses(desk, "second") == {"Eve": "created", "Bob": "skipped", "Cy": "skipped", "Dee": "skipped"}
    assert set(Counter(server.rings()).values()) == {1}
    assert all("by run first, row" in row["_error"] for row in desk.results("second.results.csv")[1:])


def test_our_own_results_file_with_a_corrected_row_calls_that_row_alone(
    desk: Desk, server: StandIn, template: Path
) -> None:
    assert run(desk, desk.sheet(*FIRST[:3], "Dee,12,Monday"), template, name="first")[0] == 0
    results = desk.folder / "first.results.csv"
    corrected = desk.folder / "corrected.csv"
    corrected.write_text(results.read_text("utf-8-sig").replace('"12"', '"+12125550103"'), encoding="utf-8")
    code, said = run(desk, corrected, template, name="second")
    assert code == 0
    assert "1 new, 0 changed, 3 done, 0 gone" in said
    assert Counter(server.rings()) == Counter(f"+1212555010{digit}" for digit in range(4))


def test_a_column_that_no_call_says_may_change_as_it_likes(desk: Desk, server: StandIn, template: Path) -> None:
    assert run(desk, desk.sheet(*FIRST), template, name="first")[0] == 0
    wider = desk.sheet(*(f"{row},paid" for row in FIRST), header="Name,Phone,Day,Remark")
    code, said = run(desk, wider, template, name="second")
    assert code == 0
    assert "4 done" in said
    assert len(server.rings()) == 4


def test_a_changed_row_is_not_called_again_without_a_word(desk: Desk, server: StandIn, template: Path) -> None:
    """Also not with --yes: whoever has the wrong day was called, and whether to call once more is no detail."""
    assert run(desk, desk.sheet(*FIRST), template, name="first")[0] == 0
    changed = desk.sheet(*FIRST[:3], *numbered(("Dee", "Tuesday")))
    code, said = run(desk, changed, template, name="second")
    assert code == 2
    assert "1 row changed since they were called (row 5, called " in said
    assert "--call-changed or --skip-changed" in said
    assert len(server.rings()) == 4

    assert run(desk, changed, template, "--skip-changed", name="second")[0] == 0
    assert statuses(desk, "second")["Dee"] == "skipped"
    assert "changed since it was called" in desk.results("second.results.csv")[3]["_error"]
    assert len(server.rings()) == 4


def test_a_changed_row_is_called_again_when_that_is_said(desk: Desk, server: StandIn, template: Path) -> None:
    assert run(desk, desk.sheet(*FIRST), template, name="first")[0] == 0
    changed = desk.sheet(*FIRST[:3], *numbered(("Dee", "Tuesday")))
    assert run(desk, changed, template, "--call-changed", name="second")[0] == 0
    assert Counter(server.rings())["+12125550103"] == 2
    assert set(Counter(server.rings()).values()) == {1, 2}
    assert len(server.rings()) == 5


def test_next_weeks_sheet_is_no_corrected_one(desk: Desk, server: StandIn, template: Path) -> None:
    """The same people with new dates are called; `call_again_after` is what keeps them apart."""
    assert run(desk, desk.sheet(*FIRST), template, name="first")[0] == 0
    next_week = desk.sheet(*(row.replace("Monday", "Monday the 8th") for row in FIRST))
    assert run(desk, next_week, template, name="second")[0] == 0
    assert set(Counter(server.rings()).values()) == {2}


def test_again_calls_the_done_rows_too(desk: Desk, server: StandIn, template: Path) -> None:
    assert run(desk, desk.sheet(*FIRST), template, name="first")[0] == 0
    assert run(desk, desk.sheet(*FIRST[1:]), template, "--again", name="second")[0] == 0
    assert len(server.rings()) == 7


@pytest.mark.usefixtures("server")
def test_check_says_what_a_run_would_do(desk: Desk, template: Path) -> None:
    """By the same verdicts, and with nothing written."""
    assert run(desk, desk.sheet(*FIRST), template, name="first")[0] == 0
    sheet = desk.sheet(*FIRST[:3], *numbered(("Dee", "Tuesday"), ("Eve", "Friday")))
    ended = desk("check", sheet, "-t", template, "--json")
    report = json.loads(ended.out)
    assert report["compared"] == {"run": "first", "new": 1, "changed": [5], "done": [2, 3, 4], "gone": 0}
    assert (report["to_call"], report["skipped"]) == (2, {"done already": 3})
    shown = desk("check", sheet, "-t", template).out
    assert "compared with run first: 1 new, 1 changed, 3 done, 0 gone" in shown
    assert "changed: row 5" in shown
    dry = desk("run", sheet, "-t", template, "--dry-run").out.splitlines()
    assert [json.loads(line)["row"] for line in dry] == [5, 6]


def test_an_older_run_that_is_gone_on_with_leaves_alone_whom_a_newer_one_called(
    desk: Desk, server: StandIn, template: Path
) -> None:
    """The first run was stopped, its sheet corrected and run: days later somebody resumes the first."""
    assert run(desk, desk.sheet(*FIRST), template, "--limit", "1", name="first")[0] == 0
    longer = desk.sheet(*FIRST[:3], *numbered(("Eve", "Friday")))
    assert run(desk, longer, template, name="second")[0] == 0
    assert Counter(server.rings()) == Counter(["+12125550100", "+12125550101", "+12125550102", "+12125550104"])
    ended = desk("resume", "first", "--yes")
    assert ended.code == 0
    assert "2 rows left out: called since by another run" in ended.err
    assert set(Counter(server.rings()).values()) == {1}
    assert statuses(desk, "first") == {"Ada": "created", "Bob": "skipped", "Cy": "skipped", "Dee": "created"}
    assert "called since" in desk.results("first.results.csv")[1]["_error"]


def test_a38_a_list_that_was_pasted_twice_into_one_file_calls_everybody_once(desk: Desk, server: StandIn) -> None:
    sheet = desk.sheet(*FIRST, *FIRST)
    assert desk("run", sheet, "-t", desk.template(AT_ONCE), "--yes", "--name", "twice").code == 0
    rows = desk.results("twice.results.csv")
    assert [row["_status"] for row in rows] == ["created"] * len(FIRST) + ["skipped"] * len(FIRST)
    assert rows[len(FIRST)]["_error"].startswith("duplicate of row 2")
    assert len(server.rings()) == len(FIRST)
