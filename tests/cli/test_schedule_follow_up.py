"""Before a firing the calls of earlier runs are looked up: who asked not to be called, or is to be called back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import TEMPLATE, Desk, StandIn, stand_in
from tests.cli.test_follow import numbers

FAST = TEMPLATE + '[pace]\ncalls_per_second = 1000\n[limits]\ncall_again_after = "20h"\n'
RETRY = '[retry]\nno_answer = { after = "2h", times = 2 }\n'
MONDAY = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
WEEKDAYS = ("--cron", "0 9 * * mon-fri", "--timezone", "Europe/Berlin")
[ENDED, WISHES_NOT, NO_ANSWER] = (
    numbers("completed", "ENDED_NORMALLY")[0],
    numbers("completed", "DO_NOT_CALL")[0],
    numbers("noAnswer")[0],
)


class Days:
    """A wall clock that runs, and leaps by days."""

    def __init__(self) -> None:
        self.ahead = MONDAY - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def next(self) -> None:
        self.ahead += timedelta(days=1)


@pytest.fixture
def days(desk: Desk) -> Days:
    desk.now = made = Days()
    return made


@pytest.fixture
def server(desk: Desk, days: Days, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A stand-in whose clock is the command line's."""
    with stand_in(desk.folder, clock=lambda: days().timestamp()) as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running


def add(desk: Desk, days: Days, *words: str, template: str = FAST) -> None:
    """A schedule whose first instant has just passed."""
    sheet = desk.sheet(*(f"Ann Lee,{phone},Monday" for phone in (ENDED, WISHES_NOT, NO_ANSWER)))
    added = desk("schedule", "add", "daily", sheet, "-t", desk.template(template), *WEEKDAYS, *words)
    assert added.code == 0, added.err
    days.ahead += timedelta(hours=1)


def test_who_asked_not_to_be_called_yesterday_is_not_called_today(desk: Desk, days: Days, server: StandIn) -> None:
    """Nobody had looked the calls up, and people were called again who had asked not to be."""
    add(desk, days, "--again")
    assert desk("schedule", "run", "--once").code == 0
    assert sorted(server.rings()) == sorted([ENDED, WISHES_NOT, NO_ANSWER])
    days.next()
    ended = desk("schedule", "run", "--once")
    assert ended.code == 0, ended.err
    assert "daily: run daily-2026-11-30-1: 3 calls looked up, 1 asked not to be called again" in ended.err
    assert sorted(server.rings()[3:]) == sorted([ENDED, NO_ANSWER])
    first = desk.results("daily/2026-11-30/daily-2026-11-30-1.results.csv")
    assert [row["_outcome"] for row in first] == ["ended_normally", "do_not_call", "no_answer"]


def test_who_is_due_by_the_templates_retry_is_called_back_before_the_sheet_is_run(
    desk: Desk, days: Days, server: StandIn
) -> None:
    """By the run that called them first; today's run of the same words leaves them out, as called already."""
    add(desk, days, template=FAST + RETRY)
    assert desk("schedule", "run", "--once").code == 0
    days.next()
    ended = desk("schedule", "run", "--once")
    assert ended.code == 0, ended.err
    assert server.rings()[3:] == [NO_ANSWER]
    today = desk.results("daily/2026-12-01/daily-2026-12-01-1.results.csv")
    assert [row["_status"] for row in today] == ["skipped"] * 3


def test_who_is_called_back_is_called_by_the_hours_of_now(desk: Desk, days: Days, server: StandIn) -> None:
    """The template was edited since; what its next firing goes by, its call-backs go by."""
    add(desk, days, template=FAST + RETRY)
    assert desk("schedule", "run", "--once").code == 0
    days.next()
    desk.template(FAST + RETRY + '[hours]\nfrom = 19:00:00\nuntil = 20:00:00\ntimezone = "Europe/Berlin"\n')
    ended = desk("schedule", "run", "--once")
    assert ended.code == 0, ended.err
    assert len(server.rings()) == 3


def test_a_schedule_can_be_told_to_follow_nothing(desk: Desk, days: Days, server: StandIn) -> None:
    add(desk, days, "--again", "--no-follow")
    assert desk("schedule", "run", "--once").code == 0
    days.next()
    ended = desk("schedule", "run", "--once")
    assert "looked up" not in ended.err
    assert len(server.rings()) == 6


def test_what_keeps_an_earlier_run_from_being_followed_keeps_nobody_from_being_called(
    desk: Desk, days: Days, server: StandIn
) -> None:
    """Its results file is another program's by now; today's calls are made, and the trouble is told."""
    add(desk, days, "--again")
    assert desk("schedule", "run", "--once").code == 0
    days.next()
    (desk.folder / "daily/2026-11-30/daily-2026-11-30-1.results.csv").write_text("another's\n", encoding="utf-8")
    ended = desk("schedule", "run", "--once")
    assert "daily: run daily-2026-11-30-1 was not followed up: " in ended.err
    assert len(server.rings()) == 5
    assert desk("suppress", "list").out.count("asked not to be called") == 1
