"""Hours, times and stagger from the template to the results file: the program as a person starts it."""

import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Desk

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday; seven in New York
SHEET = (
    "Ann Lee,+12125550101,",
    "Bo Lee,+13125550102,",
    "Cy Lee,+442079460018,",
    "Dee Lee,+442079460019,2026-12-01 15:30",
)
HEADER = "Name,Phone,Call at"
TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
call_at = "Call at"
[pace]
calls_per_second = 50.0
[hours]
from = 09:00:00
until = 20:00:00
"""
DELAY = TEMPLATE + 'deliver = "delay"\n'


@pytest.fixture
def noon(desk: Desk) -> datetime:
    """The wall clock of the command line goes on from that noon."""
    begun = datetime.now(UTC)
    desk.now = lambda: NOON + (datetime.now(UTC) - begun)
    return NOON


def delays(desk: Desk, name: str) -> dict[str, str]:
    return {row["_row"]: row["_delayed_until"] for row in desk.results(name)}


@pytest.mark.usefixtures("noon")
def test_what_may_not_ring_yet_is_submitted_for_the_moment_at_which_it_may(desk: Desk) -> None:
    sheet, template = desk.sheet(*SHEET, header=HEADER), desk.template(DELAY)
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "a", "--results", "a.csv")
    assert ended.code == 0, ended.err
    assert "submitted now, with the moment at which its phone is to ring" in ended.err
    found = delays(desk, "a.csv")
    assert {row: at[:16] for row, at in found.items()} == {
        "2": "2026-12-01T14:00",
        "3": "2026-12-01T15:00",
        "4": "",
        "5": "2026-12-01T15:30",
    }
    assert all(at.endswith("Z") and len(at) == 24 for at in found.values() if at)
    rung = [json.loads(line) for line in (desk.folder / "home" / "sandbox.truth.jsonl").read_text().splitlines()]
    assert len(rung) == 4
    made = desk("results", "a", "-o", "whole.csv")
    assert made.code == 0
    assert delays(desk, "whole.csv") == found


@pytest.mark.usefixtures("noon")
def test_a_dry_run_shows_the_delays_that_the_run_has(desk: Desk) -> None:
    sheet, template = desk.sheet(*SHEET, header=HEADER), desk.template(DELAY)
    ended = desk("run", sheet, "-t", template, "--sandbox", "--dry-run")
    shown = {one["row"]: one["request"] for one in map(json.loads, ended.out.splitlines())}
    assert {row: request.get("callDelayedUntil", "")[:16] for row, request in shown.items()} == {
        2: "2026-12-01T14:00",
        3: "2026-12-01T15:00",
        4: "",
        5: "2026-12-01T15:30",
    }


def test_rows_are_kept_until_their_time_and_a_stopped_run_goes_on(desk: Desk) -> None:
    """`wait`: at noon only London is called; in the evening a resume calls the rest."""
    wall = [NOON]
    desk.now = lambda: wall[0]
    desk.hear = _stop_while_it_waits
    sheet, template = desk.sheet(*SHEET, header=HEADER), desk.template(TEMPLATE)
    words = ("--sandbox", "--yes", "--name", "a", "--results", "a.csv", "--max-in-flight", "1")
    ended = desk("run", sheet, "-t", template, *words)
    assert ended.code == 130
    assert [row["_status"] for row in desk.results("a.csv")] == ["pending", "pending", "created", "pending"]
    wall[0] = NOON + timedelta(hours=5)
    ended = desk("resume", "a", "--sandbox", "--yes")
    assert ended.code == 0, ended.err
    assert [row["_status"] for row in desk.results("a.csv")] == ["created"] * 4
    assert set(delays(desk, "a.csv").values()) == {""}


def _stop_while_it_waits(line: str) -> None:
    if line.startswith("nobody may be called before"):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("noon")
def test_check_says_when_phones_will_ring_what_does_not_fit_and_what_it_costs(desk: Desk) -> None:
    more = "[limits]\nfinish_by = 2026-12-01T12:30:00Z\ncost_per_call = 0.25\n"
    sheet, template = desk.sheet(*SHEET, header=HEADER), desk.template(TEMPLATE + more)
    shown = desk("check", sheet, "-t", template, "--sandbox")
    assert "first phone Tue 2026-12-01 12:00 UTC, last Tue 2026-12-01 12:00 UTC; 1 call at the most, 0.25" in shown.out
    assert "3 rows would ring after finish_by, Tue 2026-12-01 12:30 UTC, and stay pending: 2-3, 5" in shown.out
    assert "Europe/London" in shown.out
    found: dict[str, Any] = json.loads(desk("check", sheet, "-t", template, "--sandbox", "--json").out)["forecast"]
    assert found["late"] == [2, 3, 5]
    assert (found["most_calls"], found["most_cost"], found["deliver"]) == (1, 0.25, "wait")
    assert [(one["zone"], one["calls"]) for one in found["hourly"]] == [("Europe/London", 1)]
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes")
    assert ended.code == 5
    assert "finish_by, 2026-12-01 12:30 UTC: the rest would ring after it" in ended.err


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Ann,+12125550101,03/04/2027 9:00", "row 2, column 'Call at': '03/04/2027 9:00': it may be 4 Mar"),
        ("Ann,+12125550101,2026-11-01 09:00", "is past"),
        ("Ann,+12125550101,2026-12-02", "a date without a time of day"),
        ("Ann,+18005550101,", "row 2, column 'Phone': '…0101': a number without a place"),
        ("Ann,+16055550101,2026-12-02 10:00", "the number may be in several time zones"),
    ],
)
@pytest.mark.usefixtures("noon")
def test_a_row_whose_time_cannot_be_known_says_so_before_any_call(desk: Desk, row: str, said: str) -> None:
    """With row, column, value, reason and cure, as every other problem of a sheet."""
    shown = desk("check", desk.sheet(row, header=HEADER), "-t", desk.template(TEMPLATE), "--sandbox")
    assert shown.code == 2
    assert [line for line in shown.out.splitlines() if said in line and "; " in line.split(said)[1]]


@pytest.mark.usefixtures("noon")
def test_a_flag_wins_over_the_zone_of_the_template(desk: Desk, tmp_path: Path) -> None:
    """Everybody by the clock of one place: as for a service that is open by it."""
    sheet, template = desk.sheet(*SHEET, header=HEADER), desk.template(TEMPLATE)
    report = desk("check", sheet, "-t", template, "--sandbox", "--json", "--timezone", "Asia/Tokyo")
    found = json.loads(report.out)["forecast"]
    assert {one["zone"] for one in found["hourly"]} == {"Asia/Tokyo"}
    assert found["first"] == "2026-12-02T00:00:00Z"
    assert tmp_path.exists()


@pytest.mark.usefixtures("noon")
def test_a_sheet_is_told_apart_by_zone_state_and_zip(desk: Desk) -> None:
    columns = TEMPLATE.replace('call_at = "Call at"', 'timezone = "TZ"\nstate = "State"\nzip = "ZIP"')
    rows = (
        "Ann,+12125550101,Pacific,,",
        "Bo,+12125550102,,CO,",
        "Cy,+12125550103,,,60601",
        "Dee,+12125550104,nowhere,,",
    )
    sheet = desk.sheet(*rows, header="Name,Phone,TZ,State,ZIP")
    report = json.loads(desk("check", sheet, "-t", desk.template(columns), "--sandbox", "--json").out)
    assert {one["zone"] for one in report["forecast"]["hourly"]} == {
        "America/Los_Angeles",
        "America/Denver",
        "America/Chicago",
    }
    assert [(one["column"], one["value"]) for one in report["problems"]] == [("TZ", "nowhere")]


@pytest.mark.usefixtures("noon")
def test_rules_of_a_state_hold_beside_the_templates_hours(desk: Desk) -> None:
    """Kentucky's law begins at ten."""
    text = TEMPLATE.replace('call_at = "Call at"\n', "") + 'rules = "us"\n'
    sheet = desk.sheet("Ann,+15025550101", "Bo,+12125550102", header="Name,Phone")
    found = json.loads(desk("check", sheet, "-t", desk.template(text), "--sandbox", "--json").out)["forecast"]
    assert [one["hour"] for one in found["hourly"]] == ["2026-12-01T14:00:00Z", "2026-12-01T15:00:00Z"]
