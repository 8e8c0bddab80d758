"""Campaigns from end to end: what rings, what the files say, what the exit code says."""

import json
import re
from collections import Counter

import pytest

from tests.cli.conftest import KEY, TEMPLATE, Desk, StandIn, stand_in

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"


def test_every_row_of_the_sheet_ends_with_an_id_or_a_reason(desk: Desk, server: StandIn) -> None:
    sheet = desk.sheet(
        "Ada Example,+12125550101,Monday", "Bob Example,12,Tuesday", "Ada Again,(212) 555-0101,", ",+12125550102,"
    )
    ended = desk("run", sheet, "-t", desk.template(), "--yes", "--name", "first")
    assert ended.code == 0
    assert ended.out.strip() == str(desk.folder / "first.results.csv")
    rows = desk.results("first.results.csv")
    assert [row["_status"] for row in rows] == ["created", "invalid", "skipped", "invalid"]
    assert [row["_row"] for row in rows] == ["2", "3", "4", "5"]
    assert [row["Name"] for row in rows] == ["Ada Example", "Bob Example", "Ada Again", ""]
    assert all(row["_id"] if row["_status"] == "created" else row["_error"] for row in rows)
    assert rows[2]["_error"] == "duplicate of row 2, there under another name"
    assert server.rings() == ["+12125550101"]


def test_a_finished_sheet_is_not_run_again(desk: Desk, server: StandIn) -> None:
    """Starting yesterday's sheet by mistake is the likeliest way to call everyone twice."""
    sheet, template = desk.people(3), desk.template(FAST)
    assert desk("run", sheet, "-t", template, "--yes", "--name", "first").code == 0
    renamed = desk.folder / "copy of sheet.csv"
    head, *rows = sheet.read_text("utf-8").splitlines()
    renamed.write_text("\n".join([head, *reversed(rows)]), encoding="utf-8")
    ended = desk("run", renamed, "-t", template, "--yes")
    assert ended.code == 2
    assert "first" in ended.err
    assert len(server.rings()) == 3


def test_a_new_run_of_the_same_sheet_still_leaves_out_who_was_called_recently(desk: Desk, server: StandIn) -> None:
    sheet, template = desk.people(3), desk.template(FAST)
    assert desk("run", sheet, "-t", template, "--yes", "--name", "first").code == 0
    ended = desk("run", sheet, "-t", template, "--yes", "--again", "--name", "second")
    assert ended.code == 0
    assert [row["_status"] for row in desk.results("second.results.csv")] == ["skipped"] * 3
    assert all("by run first" in row["_error"] for row in desk.results("second.results.csv"))
    assert len(server.rings()) == 3


def test_a_run_may_call_again_when_the_template_says_so(desk: Desk, server: StandIn) -> None:
    sheet, template = desk.people(3), desk.template(FAST + '[limits]\ncall_again_after = "0s"\n')
    assert desk("run", sheet, "-t", template, "--yes").code == 0
    assert desk("run", sheet, "-t", template, "--yes", "--again").code == 0
    assert set(Counter(server.rings()).values()) == {2}


def test_an_unfinished_sheet_is_resumed_and_nobody_is_called_twice(desk: Desk, server: StandIn) -> None:
    sheet, template = desk.people(10), desk.template(FAST)
    assert desk("run", sheet, "-t", template, "--yes", "--limit", "4", "--name", "first").code == 0
    statuses = Counter(row["_status"] for row in desk.results("first.results.csv"))
    assert statuses == {"created": 4, "pending": 6}
    ended = desk("run", sheet, "-t", template, "--yes")
    assert ended.code == 0
    assert "resuming run first" in ended.err
    assert Counter(row["_status"] for row in desk.results("first.results.csv")) == {"created": 10}
    assert Counter(server.rings()).most_common(1)[0][1] == 1


def test_resume_goes_on_with_the_results_file_of_the_run(
    desk: Desk, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person resumes from whichever folder they are in."""
    desk("run", desk.people(4), "-t", desk.template(FAST), "--yes", "--limit", "1", "--name", "first")
    elsewhere = desk.folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    ended = desk("resume", "first", "--yes")
    assert ended.code == 0
    assert ended.out.strip() == str(desk.folder / "first.results.csv")
    assert len(server.rings()) == 4
    assert not list(elsewhere.iterdir())


def test_rerun_calls_the_rejected_rows_and_only_those(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet, template = desk.people(40), desk.template(FAST)
    refusing = desk.folder / "refusing"
    refusing.mkdir()
    with stand_in(refusing, fault="400=0.3,reset_after=0.05", seed=4) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        assert desk("run", sheet, "-t", template, "--yes", "--name", "first", "--no-audit").code == 1
    before = desk.results("first.results.csv")
    rejected = {row["_phone"] for row in before if row["_status"] == "rejected"}
    unknown = {row["_phone"] for row in before if row["_status"] == "unknown"}
    assert rejected
    assert unknown
    with stand_in(desk.folder) as healthy:
        monkeypatch.setenv("AICALLER_BASE_URL", healthy.base_url)
        ended = desk("rerun", "first", "--yes")
        assert set(healthy.rings()) == rejected
        assert len(healthy.rings()) == len(rejected)
    after = {row["_phone"]: row for row in desk.results("first.results.csv")}
    assert ended.code == 1, "the unknown rows are still unknown"
    assert {phone for phone, row in after.items() if row["_status"] == "unknown"} == unknown
    assert all(after[phone]["_status"] == "created" and after[phone]["_attempts"] == "2" for phone in rejected)


def test_rerun_leaves_pending_rows_to_resume(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(desk.folder, fault="400=1") as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        desk("run", desk.people(6), "-t", desk.template(FAST), "--yes", "--limit", "2", "--name", "first")
    healthy_folder = desk.folder / "healthy"
    healthy_folder.mkdir()
    with stand_in(healthy_folder) as healthy:
        monkeypatch.setenv("AICALLER_BASE_URL", healthy.base_url)
        ended = desk("rerun", "first", "--yes", "--json")
        assert json.loads(ended.out)["counts"] == {"created": 2, "pending": 4}
        assert len(healthy.rings()) == 2


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_a_refused_key_or_team_stops_the_run_and_the_rest_is_pending(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """The same answer would come for every row: the list is not burnt against it."""
    with stand_in(desk.folder, fault=f"{status}=1") as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        words = ("run", desk.people(30), "-t", desk.template(FAST), "--yes", "--json", "--max-in-flight", "2")
        ended = desk(*words)
    counts = json.loads(ended.out)["counts"]
    assert ended.code == 4
    # The account is refused, no row is: after the cure a resume goes on, and nothing needs a rerun.
    assert counts == {"pending": 30}
    assert "campaign resume" in ended.err


def test_a_row_of_lost_answers_stops_the_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(desk.folder, fault="close_after=1") as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        words = "--yes", "--json", "--max-in-flight", "2", "--no-audit"
        ended = desk("run", desk.people(30), "-t", desk.template(FAST), *words)
        assert ended.code == 5
        assert len(server.rings()) <= 5
    counts = json.loads(ended.out)["counts"]
    assert counts["unknown"] == len(server.rings())
    assert "never sent again" in ended.err


def test_a_run_on_the_stand_in_is_not_gone_on_with_at_aicaller(
    desk: Desk, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rehearsed calls must never pass for real ones: the run knows where it is, with a key at hand and without."""
    desk("run", desk.people(4), "-t", desk.template(FAST), "--sandbox", "--yes", "--limit", "1", "--name", "drill")
    assert desk("resume", "drill", "--yes", "--limit", "1").code == 0
    monkeypatch.delenv("AICALLER_API_KEY")
    assert desk("resume", "drill", "--yes", "--sandbox").code == 0
    assert [row["_status"] for row in desk.results("drill.results.csv")] == ["created"] * 4
    assert server.rings() == []


def test_a_real_run_is_not_gone_on_with_at_the_stand_in(desk: Desk, server: StandIn) -> None:
    """Nor real ones for rehearsed."""
    desk("run", desk.people(4), "-t", desk.template(FAST), "--yes", "--limit", "1", "--name", "real")
    ended = desk("resume", "real", "--yes", "--sandbox")
    assert ended.code == 2
    assert "without --sandbox" in ended.err
    assert len(server.rings()) == 1


def test_a_rehearsal_does_not_count_as_a_call(desk: Desk, server: StandIn) -> None:
    sheet, template = desk.people(3), desk.template(FAST)
    assert desk("run", sheet, "-t", template, "--sandbox", "--yes").code == 0
    assert desk("run", sheet, "-t", template, "--yes").code == 0
    assert len(server.rings()) == 3


def test_a_dry_run_shows_the_requests_masked_and_sends_and_keeps_nothing(desk: Desk, server: StandIn) -> None:
    ended = desk("run", desk.people(3), "-t", desk.template(), "--dry-run", "--limit", "2")
    shown = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.code == 0
    assert [one["row"] for one in shown] == [2, 3]
    assert shown[0]["request"]["promptVariableValues"] == [{"key": "day", "value": "Monday"}]
    assert "+12125550100" not in ended.out
    assert server.rings() == []
    assert not (desk.folder / "home").exists()


def test_check_tells_every_problem_at_once_and_keeps_nothing(desk: Desk) -> None:
    sheet = desk.sheet("Ada Example,+12125550101,Monday", "Bob Example,12,", ",13,", "Cy Example,+1 212 555 0101,")
    ended = desk("check", sheet, "-t", desk.template(), "--json")
    report = json.loads(ended.out)
    assert ended.code == 1
    assert (report["rows"], report["to_call"], report["invalid"]) == (4, 1, 2)
    assert report["skipped"] == {"duplicate": 1}
    assert [(problem["row"], problem["column"]) for problem in report["problems"]] == [
        (3, "Phone"),
        (4, "Name"),
        (4, "Phone"),
    ]
    assert not (desk.folder / "home").exists()


def test_results_are_made_anew_from_the_ledger(desk: Desk, server: StandIn) -> None:
    desk("run", desk.people(3), "-t", desk.template(FAST), "--yes", "--name", "first")
    first = (desk.folder / "first.results.csv").read_bytes()
    assert desk("results", "first", "-o", "anew.csv").code == 0
    assert (desk.folder / "anew.csv").read_bytes() == first
    assert desk("results", "first", "-o", "anew.json").code == 0
    rows = json.loads((desk.folder / "anew.json").read_text("utf-8"))
    assert [row["phone"] for row in rows] == sorted(server.rings())
    assert desk("results", "first", "-o", "anew.docx").code == 2


def test_our_own_results_file_is_recognised_as_the_sheet_it_came_from(desk: Desk, server: StandIn) -> None:
    """People correct the results file and upload it; a row that was called must be known again."""
    sheet, template = desk.sheet("=Ada,+12125550101,-5", "Bob,+12125550102,'x"), desk.template(FAST)
    desk("run", sheet, "-t", template, "--yes", "--name", "first")
    ended = desk("run", desk.folder / "first.results.csv", "-t", template, "--yes")
    assert ended.code == 2
    assert "first" in ended.err
    assert len(server.rings()) == 2


def test_status_shows_runs_and_reasons(desk: Desk) -> None:
    desk("run", desk.people(5), "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first", "--fault", "400=1")
    assert re.search(r"first .* 5 rejected", desk("status").out)
    assert "400" in desk("status", "first").out
    assert json.loads(desk("status", "first", "--json").out)["counts"] == {"rejected": 5}


def test_the_key_is_in_no_file_and_in_no_output(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(desk.folder, fault="400_telling=0.2,close_after=0.05") as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        ended = desk("run", desk.people(30), "-t", desk.template(FAST), "--yes", "-v", "--name", "first")
    assert KEY not in ended.out + ended.err
    holding = [path for path in desk.folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert holding == []


def test_a_name_is_taken_once(desk: Desk) -> None:
    desk("run", desk.people(2), "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first")
    ended = desk("run", desk.people(2, first=5), "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first")
    assert ended.code == 2
    assert "'first'" in ended.err
