"""`campaign schedule`, from end to end: what is said when it is added, what rings when it fires, what the files say."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.aicaller.listening import answering, listening
from tests.cli.conftest import KEY, TEMPLATE, Desk, StandIn, stand_in
from tests.config.files.leases import needs_leases

FAST = TEMPLATE + '[pace]\ncalls_per_second = 1000\n[limits]\ncall_again_after = "20h"\n'
MONDAY = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
WEEKDAYS = ("--cron", "0 9 * * mon-fri", "--timezone", "Europe/Berlin")


class Clock:
    """The wall clock of the command line, told by the test; it runs on from there."""

    def __init__(self) -> None:
        self.at, self._since = MONDAY, time.monotonic()

    def __call__(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self._since)


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def clock(desk: Desk) -> Clock:
    desk.now = made = Clock()
    return made


@pytest.fixture
def server(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A stand-in whose clock is the command line's."""
    with stand_in(desk.folder, clock=lambda: (desk.now or _now)().timestamp()) as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running


def rings(desk: Desk) -> list[str]:
    """The phones that rang at the stand-in inside the program, in order."""
    truth = desk.folder / "home" / "sandbox.truth.jsonl"
    return [json.loads(line)["phone"] for line in truth.read_text("utf-8").splitlines()] if truth.exists() else []


def last(desk: Desk) -> dict[str, object]:
    found: dict[str, object] = json.loads(desk("schedule", "list", "--json").out)[0]["last"]
    return found


def test_a_scheduled_run_fires_once_and_the_same_sheet_calls_nobody_again(
    desk: Desk, server: StandIn, clock: Clock
) -> None:
    """The whole of it: two mornings, one sheet, a run with results of its own for each."""
    added = desk("schedule", "add", "morning", desk.people(3), "-t", desk.template(FAST), *WEEKDAYS)
    assert added.code == 0
    assert added.out.splitlines()[:2] == [
        "morning: At 09:00 on Monday through Friday, Europe/Berlin",
        "  next: 2026-11-30 09:00+01:00, 2026-12-01 09:00+01:00, 2026-12-02 09:00+01:00",
    ]
    assert desk("schedule", "run", "--once").code == 0
    assert server.rings() == []
    clock.at += timedelta(hours=1)
    ended = desk("schedule", "run", "--once", "-v")
    assert ended.code == 0
    assert "morning: row 2 " in ended.err
    assert "+12125550100" not in ended.err
    assert "morning: 2026-11-30 09:00+01:00 ended run morning-2026-11-30-1: 3 created" in ended.err
    assert sorted(server.rings()) == ["+12125550100", "+12125550101", "+12125550102"]
    first = desk.results("morning/2026-11-30/morning-2026-11-30-1.results.csv")
    assert [row["_status"] for row in first] == ["created"] * 3
    assert desk("schedule", "run", "--once").err == ""
    clock.at += timedelta(days=1)
    assert desk("schedule", "run", "--once").code == 0
    second = desk.results("morning/2026-12-01/morning-2026-12-01-1.results.csv")
    assert [row["_status"] for row in second] == ["skipped"] * 3
    assert all("morning-2026-11-30-1" in row["_error"] for row in second)
    assert len(server.rings()) == 3
    assert last(desk) == {
        "instant": "2026-12-01T08:00:00.000Z",
        "state": "ended",
        "run": "morning-2026-12-01-1",
        "exit_code": 0,
        "why": None,
    }
    assert not [path for path in desk.folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_the_sheet_is_read_afresh_and_again_calls_after_call_again_after(desk: Desk, clock: Clock) -> None:
    words = ("-t", desk.template(FAST), *WEEKDAYS, "--again", "--sandbox")
    desk("schedule", "add", "morning", desk.people(2), *words)
    clock.at += timedelta(hours=1)
    desk("schedule", "run", "--once")
    desk.people(3)
    clock.at += timedelta(days=1)
    desk("schedule", "run", "--once")
    assert sorted(rings(desk)) == ["+12125550100"] * 2 + ["+12125550101"] * 2 + ["+12125550102"]


def test_a_sheet_that_shrank_and_ends_in_the_middle_of_a_line_is_a_doubt_in_the_report(
    desk: Desk, clock: Clock
) -> None:
    """What is left when an upload broke off and its file was closed: success must not be all that is told."""
    words = ("-t", desk.template(FAST), *WEEKDAYS, "--again", "--sandbox", "--grace", "4h")
    desk("schedule", "add", "morning", desk.people(40), *words)
    clock.at += timedelta(hours=1)
    assert desk("schedule", "run", "--once").code == 0
    cut = desk.people(21).read_text("utf-8").removesuffix("ay\n")
    (desk.folder / "sheet.csv").write_text(cut, encoding="utf-8")
    clock.at += timedelta(days=1)
    told = "40 rows at the last firing, 21 now, and it ends in the middle of a line: is it whole?"
    ended = desk("schedule", "run", "--once")
    assert f"morning: doubt: sheet.csv: {told}" in ended.err
    assert last(desk)["why"] == f"sheet.csv: {told}"


def test_a_sheet_that_is_still_open_for_writing_is_refused_after_the_grace(desk: Desk, clock: Clock) -> None:
    """Nobody is called from half a list; the firing says what to do."""
    sheet = desk.people(3)
    desk("schedule", "add", "morning", sheet, "-t", desk.template(FAST), *WEEKDAYS, "--sandbox", "--grace", "1h")
    needs_leases(sheet)
    # The scheduler comes just before the grace is over, and the clock stands still: so there is no time to wait.
    clock.at += timedelta(hours=1, minutes=30)
    desk.now = lambda: clock.at
    with sheet.open("a"):
        ended = desk("schedule", "run", "--once")
    assert ended.code == 2
    assert "another program has it open for writing, and the schedule's grace is over" in ended.err
    assert last(desk)["state"] == "refused"
    assert rings(desk) == []


def test_a_sheet_that_is_open_for_writing_is_refused_by_a_run_at_once(desk: Desk) -> None:
    sheet = desk.people(3)
    needs_leases(sheet)
    with sheet.open("a"):
        ended = desk("run", sheet, "-t", desk.template(FAST), "--sandbox", "--yes")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "it is being written; wait until it is whole and closed, and try again" in ended.err
    assert rings(desk) == []


def test_of_a_pattern_the_newest_sheet_is_taken_and_never_our_own_results(desk: Desk, clock: Clock) -> None:
    exports = desk.folder / "exports"
    exports.mkdir()
    for age, name in enumerate(["b.csv", "a.csv", "z.results.csv", "~$b.csv", ".c.csv"]):
        path = desk.people(1, first=10 + age, name=f"exports/{name}")
        os.utime(path, (time.time(), 1_700_000_000 + age))
    desk("schedule", "add", "morning", "exports/*.csv", "-t", desk.template(FAST), *WEEKDAYS, "--sandbox")
    clock.at += timedelta(hours=1)
    assert f"morning: {exports / 'a.csv'}: 1 to call" in desk("schedule", "run", "--once").err


@pytest.mark.parametrize(
    ("rows", "flags", "why"),
    [
        (["Ada,+12125550101,", "Bob,12,"], [], "1 of its rows cannot be called, the first: row 3, column 'Phone'"),
        (["Bob,12,"], ["--skip-invalid"], "not one of its 1 rows can be called"),
        (["Ada,+12125550101,", "Bob,+12125550102,"], ["--max-calls", "1"], "this run would make 2 calls"),
        (None, [], "there is no such file now"),
    ],
)
def test_a_sheet_that_fails_its_check_fires_nothing_and_says_so(
    desk: Desk, clock: Clock, *, rows: list[str] | None, flags: list[str], why: str
) -> None:
    """On stderr, in the exit code, and in what the firing left in the ledger; and the instant is not tried again."""
    sheet = desk.sheet(*(rows or ["Ada,+12125550101,"]))
    if rows is None:
        sheet.unlink()
    template = desk.template(FAST)
    assert desk("schedule", "add", "morning", sheet, "-t", template, *WEEKDAYS, "--sandbox", *flags).code == 0
    clock.at += timedelta(hours=1)
    ended = desk("schedule", "run", "--once")
    assert ended.code == 2
    assert why in ended.err
    found = last(desk)
    assert (found["state"], found["run"]) == ("refused", None)
    assert why in str(found["why"])
    assert desk("schedule", "run", "--once").code == 0
    assert rings(desk) == []
    assert not (desk.folder / "morning").exists()


def test_what_would_keep_the_sheet_from_firing_is_said_when_the_schedule_is_added(desk: Desk) -> None:
    sheet = desk.sheet("Ada,+12125550101,", "Bob,12,")
    words = ("schedule", "add", "morning", sheet, "-t", desk.template(FAST), *WEEKDAYS, "--sandbox")
    added = desk(*words)
    assert added.code == 0
    assert "1 of the rows of sheet.csv cannot be called" in added.err
    assert "--skip-invalid" in added.err
    assert desk(*words).code == 2, "its name is taken"


def test_rows_that_changed_since_their_call_are_answered_by_a_flag(desk: Desk, clock: Clock) -> None:
    """Nobody is there to be asked; without an answer nobody is called."""
    sheet, words = desk.people(3), ("-t", desk.template(FAST), "--timezone", "UTC", "--sandbox")
    for day, flags in ((30, []), (1, []), (2, ["--skip-changed"]), (3, ["--call-changed"])):
        at = f"2026-{11 if day == 30 else 12}-{day:02}T09:00"
        desk("schedule", "add", f"on{day}", sheet, *words, "--at", at, *flags)
    codes, calls = list[int](), list[list[str]]()
    for _ in range(4):
        clock.at = clock.at.replace(hour=9) + timedelta(days=len(codes) > 0)
        ended = desk("schedule", "run", "--once")
        codes.append(ended.code)
        calls.append(rings(desk)[sum(map(len, calls)) :])
        text = sheet.read_text("utf-8")
        sheet.write_text(text.replace("Person 1,", "Person One,"), encoding="utf-8")
    assert codes == [0, 2, 0, 0]
    assert [len(each) for each in calls] == [3, 0, 0, 1]
    shown = desk("schedule", "list").out
    assert "refused: sheet.csv: 1 rows changed since they were called (row 3)" in shown
    assert "--call-changed or --skip-changed" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--timezone", "UTC"], "either --at 2026-12-01T09:00 or --cron"),
        (["--at", "2026-12-01T09:00", "--cron", "0 9 * * *", "--timezone", "UTC"], "either --at"),
        (["--at", "2027-03-28T02:30", "--timezone", "Europe/Berlin"], "does not exist"),
        (["--cron", "0 9 * *", "--timezone", "UTC"], "has 4 fields"),
        (["--cron", "0 9 * * *", "--timezone", "Berlin"], "Europe/Berlin"),
        ([*WEEKDAYS, "--grace", "2 moons"], "--grace '2 moons'"),
        ([*WEEKDAYS, "--grace", "10s"], "from 1m to 24h"),
        ([*WEEKDAYS, "--notify-url", "http://example.com/secret-path"], "only https keeps it private"),
        ([*WEEKDAYS, "--notify-url", "https://me:secret@example.com"], "a user or password does not belong"),
        ([*WEEKDAYS, "--sheet", "Nowhere"], "--sheet"),
    ],
)
def test_a_schedule_that_cannot_be_meant_is_refused_in_one_line(desk: Desk, words: list[str], message: str) -> None:
    ended = desk("schedule", "add", "morning", desk.people(1), "-t", desk.template(FAST), *words)
    assert ended.code == 2
    assert message in ended.err
    assert "secret" not in ended.err
    assert ended.err.count("\n") == 1
    assert desk("schedule", "list").out == ""


def test_a_schedule_that_comes_again_needs_the_templates_word_on_when_to_call_again(desk: Desk, clock: Clock) -> None:
    """With no word a day's default would decide whether a person is called every morning."""
    del clock
    words = ("schedule", "add", "morning", desk.people(1), "-t", desk.template(), "--timezone", "UTC", "--sandbox")
    ended = desk(*words, "--cron", "0 9 * * *")
    assert ended.code == 2
    assert 'write call_again_after under [limits], such as call_again_after = "20h"' in ended.err
    assert desk(*words, "--at", "2026-12-01T09:00").code == 0


def test_a_scheduler_in_another_environment_calls_nobody(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schedule that was added for a stand-in on this machine must not ring real phones, nor the other way round."""
    for name, value in (("BASE_URL", "http://127.0.0.1:9"), ("API_KEY", KEY), ("TEAM_ID", "t")):
        monkeypatch.setenv(f"AICALLER_{name}", value)
    monkeypatch.setenv("AICALLER_CALL_TEMPLATE_ID", "t")
    desk("schedule", "add", "morning", desk.people(2), "-t", desk.template(FAST), *WEEKDAYS)
    monkeypatch.setenv("AICALLER_BASE_URL", "https://aicaller.test")
    clock.at += timedelta(hours=1)
    ended = desk("schedule", "run", "--once")
    assert ended.code == 2
    assert "makes its calls at loopback, and this scheduler would make them at https://aicaller.test" in ended.err
    assert "no runs yet" in desk("status").err


def test_a_late_scheduler_says_what_was_missed(desk: Desk, clock: Clock) -> None:
    desk("schedule", "add", "morning", desk.people(1), "-t", desk.template(FAST), *WEEKDAYS, "--sandbox")
    clock.at += timedelta(days=1, hours=5)
    ended = desk("schedule", "run", "--once")
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "morning: 2026-11-30 09:00+01:00 missed: no scheduler was there to fire it in time",
        "morning: 2026-12-01 09:00+01:00 missed: no scheduler was there to fire it in time",
    ]


@pytest.mark.usefixtures("server")
def test_a_firing_that_is_gone_on_with_goes_by_the_hours_that_its_template_has_by_then(
    desk: Desk, clock: Clock
) -> None:
    """The evening was asked for when it began, and the morning since: nobody is there to be asked which holds."""
    evening = FAST + '[hours]\nfrom = 19:00:00\nuntil = 20:00:00\ntimezone = "Europe/Berlin"\n'
    sheet, template = desk.people(2), desk.template(evening)
    assert desk("schedule", "add", "daily", sheet, "-t", template, *WEEKDAYS, "--grace", "1d").code == 0
    clock.at = MONDAY + timedelta(hours=1)

    def stop_when_it_waits(line: str) -> None:
        if "nobody may be called before" in line:
            # To the main thread, which sleeps in its event loop: firings have threads of their own.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    desk.hear = stop_when_it_waits
    assert desk("schedule", "run", "--once").code == 130
    desk.hear = lambda _line: None
    desk.template(evening.replace("19:00:00", "09:00:00"))
    ended = desk("schedule", "run", "--once")
    assert ended.code == 0, ended.err
    assert "daily:   [hours] from: 19:00, now 09:00" in ended.err
    assert "2 created" in ended.err


def test_pause_resume_and_remove(desk: Desk, clock: Clock) -> None:
    desk("schedule", "add", "morning", desk.people(1), "-t", desk.template(FAST), *WEEKDAYS, "--sandbox")
    assert desk("schedule", "resume", "morning").code == 2
    assert desk("schedule", "pause", "morning").code == 0
    assert desk("schedule", "pause", "morning").code == 2
    assert "  next: paused since 2026-11-30 08:30+01:00" in desk("schedule", "list").out
    clock.at += timedelta(hours=1)
    assert desk("schedule", "run", "--once").code == 0
    resumed = desk("schedule", "resume", "morning")
    assert "next: 2026-12-01 09:00+01:00" in resumed.out
    assert "last: 2026-11-30 09:00+01:00 skipped: paused since" in resumed.out
    assert desk("schedule", "remove", "morning").code == 0
    assert desk("schedule", "remove", "morning").code == 2
    assert "no schedules yet" in desk("schedule", "list").err


def test_a_summary_is_posted_without_a_word_of_the_sheet_and_its_failure_harms_nothing(
    desk: Desk, clock: Clock
) -> None:
    """Reasons quote the sheet: a firing that was refused is told by its state alone."""
    good, bad = desk.people(2), desk.sheet("Ada,+12125550101,", "Bob,12,", name="bad.csv")
    words = ("-t", desk.template(FAST), *WEEKDAYS, "--sandbox", "--notify-url")
    with listening(answering(200)) as (url, posted):
        desk("schedule", "add", "good", good, *words, url)
        desk("schedule", "add", "bad", bad, *words, url)
        assert "told to 127.0.0.1" in desk("schedule", "list").out
        assert "secret" not in desk("schedule", "list").out
        clock.at += timedelta(hours=1)
        assert desk("schedule", "run", "--once").code == 2
    told = {one["schedule"]: one for one in map(json.loads, posted)}
    results = str(desk.folder / "good" / "2026-11-30" / "good-2026-11-30-1.results.csv")
    assert told["good"] == {
        "schedule": "good",
        "instant": "2026-11-30T08:00:00.000Z",
        "state": "ended",
        "exit_code": 0,
        "run": "good-2026-11-30-1",
        "counts": {"created": 2},
        "reason": None,
        "results": results,
        "text": f"schedule good, run good-2026-11-30-1: 2 created; results in {results}",
        "missed": 0,
    }
    assert (told["bad"]["state"], told["bad"]["exit_code"], told["bad"]["run"]) == ("refused", 2, None)
    clock.at += timedelta(days=1)
    ended = desk("schedule", "run", "--once")
    assert "good: the summary was not taken: 127.0.0.1: ConnectError" in ended.err
    assert "good: 2026-12-01 09:00+01:00 ended" in ended.err
    assert "secret" not in ended.err
