"""`follow`, `rerun --outcome`, `run --canary` and `run --webhook` as a person starts them."""

import json
import re
import socket
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from campaign.sandbox.calls import fate_of
from tests.cli.conftest import KEY, TEMPLATE, Desk, StandIn

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"
RETRY = '[retry]\nno_answer = { after = "2h", times = 2 }\n'
NUMBERS = [f"+1{area}55501{line:02}" for area in (212, 312, 415) for line in range(100)]


def numbers(status: str, code: str | None = None) -> list[str]:
    """Those whose first call ends so at the stand-in."""
    return [phone for phone in NUMBERS if (fate_of(phone).status, fate_of(phone).code) == (status, code)]


@pytest.fixture
def people(desk: Desk) -> Path:
    some = [numbers("completed", "ENDED_NORMALLY")[0], numbers("noAnswer")[0], numbers("busy")[0]]
    some += [numbers("completed", "DO_NOT_CALL")[0], numbers("failed")[0]]
    return desk.sheet(*(f"Person {index},{phone},Monday" for index, phone in enumerate(some)))


def a_day_passes(desk: Desk) -> None:
    """All that was done was done a day ago, by the ledger and by the stand-in."""
    day = timedelta(days=1)
    truth = desk.folder / "home" / "sandbox.truth.jsonl"

    def earlier(text: str) -> str:
        return (datetime.fromisoformat(text) - day).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    truth.write_text(re.sub(r'(?<="at": ")[^"]+', lambda found: earlier(found[0]), truth.read_text("utf-8")), "utf-8")
    with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger:
        ledger.create_function("earlier", 1, lambda text: None if text is None else earlier(text))
        ledger.execute("UPDATE attempt SET claimed_at = earlier(claimed_at), ended_at = earlier(ended_at)")
        ledger.execute("UPDATE sheet_row SET submitted_at = earlier(submitted_at)")
        ledger.execute("UPDATE call_outcome SET again_at = earlier(again_at), final_since = earlier(final_since)")
        ledger.commit()


@pytest.fixture
def followed(desk: Desk, people: Path) -> Desk:
    desk("run", people, "-t", desk.template(FAST + RETRY), "--sandbox", "--yes", "--name", "first")
    a_day_passes(desk)
    assert desk("follow", "first", "--sandbox", "--rate", "1000").code == 0
    return desk


def test_follow_says_what_became_of_the_calls_and_writes_it_into_the_results(desk: Desk, people: Path) -> None:
    desk("run", people, "-t", desk.template(FAST + RETRY), "--sandbox", "--yes", "--name", "first")
    a_day_passes(desk)
    ended = desk("follow", "first", "--sandbox", "--rate", "1000")
    assert ended.code == 0
    assert ended.out.strip() == str(desk.folder / "first.results.csv")
    assert "row 5 …01" in ended.err
    assert "asked not to be called: on the suppression list now" in ended.err
    assert "1 row due to be called again: campaign resume first" in ended.err
    rows = desk.results("first.results.csv")
    assert [row["_outcome"] for row in rows] == ["ended_normally", "no_answer", "busy", "do_not_call", "failed"]
    assert not any(row["_phone"] in ended.err for row in rows)
    again = json.loads(desk("follow", "first", "--sandbox", "--json").out)
    assert (again["not_known_to_be_over"], again["due"], again["outcomes"]["busy"]) == (0, 1, 1)


def test_resume_calls_those_that_are_due_and_nobody_else(followed: Desk) -> None:
    ended = followed("resume", "first", "--sandbox", "--yes")
    assert "1 row will be called again: 1 no_answer" in ended.err
    rows = followed.results("first.results.csv")
    assert [row["_attempts"] for row in rows] == ["1", "2", "1", "1", "1"]
    assert "nothing to call" in followed("resume", "first", "--sandbox", "--yes").err


def test_rerun_by_outcome_calls_those_and_nobody_else(followed: Desk) -> None:
    ended = followed("rerun", "first", "--sandbox", "--yes", "--outcome", "busy,voicemail")
    assert "1 row will be called again: 1 busy" in ended.err
    assert [row["_attempts"] for row in followed.results("first.results.csv")] == ["1", "1", "2", "1", "1"]
    ended = followed("rerun", "first", "--sandbox", "--yes", "--outcome", "busy")
    assert "no call is known to have ended as busy" in ended.err


@pytest.mark.parametrize("outcome", ["failed", "do_not_call", "ended_normally", "busy,failed", "nobody", "", "busy,"])
def test_rerun_refuses_outcomes_that_leave_no_room_for_another_call(desk: Desk, outcome: str) -> None:
    ended = desk("rerun", "first", "--sandbox", "--yes", "--outcome", outcome)
    assert ended.code == 2
    assert "it can be busy, call_later, cancelled, ivr, no_answer, voicemail" in ended.err


def test_results_that_are_fed_back_are_the_users_own_sheet(followed: Desk) -> None:
    """What was collected in the calls is no column of theirs, and nobody is called again for it."""
    ended = followed("run", "first.results.csv", "-t", "visits.toml", "--sandbox", "--yes")
    assert ended.code == 3
    assert "this sheet was run under this template already, as first" in ended.err


def test_a_canary_needs_bounds(desk: Desk, people: Path) -> None:
    ended = desk("run", people, "-t", desk.template(FAST), "--sandbox", "--yes", "--canary", "2")
    assert ended.code == 2
    assert "write [canary] into the template" in ended.err


def test_a_canary_that_does_not_hold_stops_the_run_with_the_rest_pending(desk: Desk, people: Path) -> None:
    bounds = '[canary]\nrefused = 0.5\nfailed = 0\ndo_not_call = 0\nwait = "0s"\n'
    template = desk.template(FAST + bounds)
    ended = desk("run", people, "-t", template, "--sandbox", "--yes", "--canary", "2", "--name", "first")
    assert ended.code == 5
    assert "the canary did not hold: only 0 of 2 outcomes are known by now ([canary] wait)" in ended.err
    assert "3 still pending; go on with: campaign resume first" in ended.err
    refused = ("--sandbox", "--yes", "--canary", "2", "--name", "second", "--again", "--fault", "400=1")
    other = desk.sheet("Ada,+12135550199,", "Bob,+12135550198,", "Cy,+12135550197,", name="other.csv")
    ended = desk("run", other, "-t", template, *refused)
    assert ended.code == 5
    assert "2 of 2 refused by AICaller: 100%, and [canary] refused = 0.5 allows 50%" in ended.err


def test_a_canary_calls_nobody_whom_another_ledger_has_called(
    desk: Desk, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are sent first: before them is the last moment for a look at the list of calls."""
    template = desk.template(FAST + "[canary]\nrefused = 1\nfailed = 1\ndo_not_call = 1\n")
    sheet = desk.people(3)
    assert desk("run", sheet, "-t", template, "--yes").code == 0
    monkeypatch.setenv("CAMPAIGN_HOME", str(desk.folder / "elsewhere"))
    ended = desk("run", sheet, "-t", template, "--yes", "--canary", "2", "--results", "again.csv")
    assert "canary: 0 rows first" in ended.err
    assert len(server.rings()) == 3


def test_a_canary_that_holds_lets_the_rest_be_called(desk: Desk, people: Path) -> None:
    template = desk.template(FAST + "[canary]\nrefused = 1\nfailed = 1\ndo_not_call = 1\n")
    words = ("run", people, "-t", template, "--sandbox", "--yes", "--canary", "2", "--fault", "400=1", "--json")
    ended = desk(*words)
    assert json.loads(ended.out)["counts"] == {"rejected": 5}
    assert "canary: within its bounds; the rest is called" in ended.err


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/x", "ftp://hooks.example", "https://u:p@hooks.example/x", "https://", "x", "https://[1"],
)
def test_a_webhook_that_is_not_private_is_refused(desk: Desk, people: Path, url: str) -> None:
    ended = desk("run", people, "-t", desk.template(FAST), "--sandbox", "--yes", "--webhook", url)
    assert ended.code == 2
    assert ended.err.startswith("campaign: --webhook")


def test_a_webhook_is_put_into_every_request_and_its_secret_nowhere_else(
    desk: Desk, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AICALLER_WEBHOOK_SECRET", "hush-77ab")
    words = ("run", people, "-t", desk.template(FAST), "--sandbox", "--webhook", "https://hooks.example/x")
    shown = json.loads(desk(*words, "--dry-run").out.splitlines()[0])["request"]["phoneCallWebhooks"]
    assert shown == [{"url": "https://hooks.example/x", "subscribedEvent": "phoneCall.completed", "secret": "•••"}]
    assert desk(*words, "--yes").code == 0
    truth = (desk.folder / "home" / "sandbox.truth.jsonl").read_text("utf-8")
    assert truth.count("https://hooks.example/x") == 5
    assert not [path for path in desk.folder.rglob("*") if path.is_file() and b"hush-77ab" in path.read_bytes()]


def test_nobody_listens_to_the_world_without_a_secret(desk: Desk) -> None:
    ended = desk("listen", "--host", "0.0.0.0")  # noqa: S104 - what is refused
    assert ended.code == 2
    assert "set AICALLER_WEBHOOK_SECRET" in ended.err


def test_a_port_that_is_taken_is_refused_in_one_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICALLER_API_KEY", KEY)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = desk("listen", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert "choose another port" in ended.err


def test_every_run_with_open_calls_is_followed_and_each_at_its_own_service(
    desk: Desk, people: Path, server: StandIn
) -> None:
    """A run of the sandbox needs no flag, and one that cannot be followed keeps none from it."""
    words = ("-t", desk.template(FAST), "--yes", "--allow-fictitious")
    assert desk("run", people, *words, "--sandbox", "--name", "rehearsal").code == 0
    assert desk("run", people, *words, "--name", "real").code == 0
    assert len(server.rings()) == 5
    a_day_passes(desk)
    ended = desk("follow", "--all", "--rate", "1000", "--deadline", "5s")
    assert "run rehearsal: 5 calls to look at" in ended.err
    assert "run real: 5 calls to look at" in ended.err
    again = desk("follow", "--all", "--rate", "1000", "--deadline", "0s")
    assert "run rehearsal" not in again.err


@pytest.mark.usefixtures("server")
def test_of_every_run_a_program_reads_one_list(desk: Desk, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects one after the other are no JSON: a program read none of them."""
    words = ("-t", desk.template(FAST), "--yes", "--allow-fictitious")
    assert desk("run", people, *words, "--sandbox", "--name", "rehearsal").code == 0
    assert desk("run", people, *words, "--name", "real").code == 0
    read = json.loads(desk("follow", "--all", "--rate", "1000", "--deadline", "0s", "--json").out)
    assert [(one["run"], one["not_known_to_be_over"]) for one in read] == [("rehearsal", 5), ("real", 5)]
    assert json.loads(desk("follow", "real", "--rate", "1000", "--deadline", "0s", "--json").out)["run"] == "real"
    monkeypatch.setenv("AICALLER_BASE_URL", "https://elsewhere.example.org")
    followed, refused = json.loads(desk("follow", "--all", "--rate", "1000", "--deadline", "0s", "--json").out)
    assert followed["run"] == "rehearsal"
    assert (refused["run"], refused["exit_code"], refused["error"]["code"]) == ("real", 2, "usage")


def test_one_run_or_all_are_followed(desk: Desk) -> None:
    assert desk("follow").code == desk("follow", "a", "--all").code == desk("follow", "--all", "--watch").code == 2
    ended = desk("follow", "--all")
    assert ended.code == 0
    assert "every call of every run is known to be over" in ended.err
    assert json.loads(desk("follow", "--all", "--json").out) == []
