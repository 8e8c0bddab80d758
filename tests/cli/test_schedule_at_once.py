"""`schedule run NAME --now` and `schedule edit`, as they are typed."""

from datetime import timedelta

import pytest

from campaign.cli.main import program
from campaign.cli.options.schedule import UNSET
from tests.cli.conftest import Desk, StandIn
from tests.cli.test_schedule_follow_up import ENDED, NO_ANSWER, Days, add, days, server
from tests.cli.verbs import commands

__all__ = ["days", "server"]


def test_now_fires_as_a_due_instant_does_and_follows_first(desk: Desk, days: Days, server: StandIn) -> None:
    """Fired by hand, yesterday's opt-outs must hold as well."""
    add(desk, days, "--again")
    assert desk("schedule", "run", "--once").code == 0
    days.ahead += timedelta(hours=20)  # half past five in Berlin: the next instant has not come
    ended = desk("schedule", "run", "daily", "--now")
    assert ended.code == 0, ended.err
    assert "1 asked not to be called again" in ended.err
    assert sorted(server.rings()[3:]) == sorted([ENDED, NO_ANSWER])


def test_now_refuses_the_questions_that_nobody_is_there_to_answer(desk: Desk, days: Days, server: StandIn) -> None:
    """A person typed it, but a schedule's answers are those of its flags: the next firing would refuse it too."""
    add(desk, days)
    desk.sheet(f"Ann Lee,{ENDED},Monday", "Bo Ray,12,Monday")
    ended = desk("schedule", "run", "daily", "--now")
    assert ended.code == 2
    assert "1 of its rows cannot be called" in ended.err
    assert server.rings() == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("other", "--now"), "there is no schedule called 'other'"),
        (("--now",), "campaign schedule run NAME --now"),
        (("daily",), "daily alone fires with --now"),
        (("daily", "--now", "--once"), "--now and --once contradict each other"),
    ],
)
def test_now_needs_a_name_and_a_name_needs_now(desk: Desk, days: Days, *, words: tuple[str, ...], told: str) -> None:
    add(desk, days, "--sandbox")
    ended = desk("schedule", "run", *words)
    assert ended.code == 2
    assert told in ended.err


def test_an_edit_shows_what_changes_and_keeps_the_rest(desk: Desk, days: Days) -> None:
    add(desk, days, "--sandbox", "--skip-invalid", "--rate", "2", "--header-row", "1")
    desk("schedule", "pause", "daily")
    ended = desk("schedule", "edit", "daily", "--cron", "0 14 * * *", "--rate", "30/min", "--unset", "skip-invalid")
    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[:5] == [
        "daily: when: At 09:00 on Monday through Friday -> At 14:00 every day",
        "daily: rate: 2.0 -> 0.5",
        "daily: skip invalid: yes -> no",
        "daily: At 14:00 every day, Europe/Berlin",
        "  next: paused since 2026-11-30 09:30+01:00",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "nothing changes"),
        (("--cron", "0 9 * * mon-fri"), "nothing changes"),
        (("--cron", "nine"), "has 1 fields"),
        (("--at", "2026-11-01T09:00"), "is over"),
        (("--timezone", "Mars/Base"), "is not one"),
        (("-t", "nowhere.toml"), "nowhere.toml"),
        (("--notify-url", "http://example.org/x"), "only https"),
    ],
)
def test_an_edit_that_will_not_do_changes_nothing(desk: Desk, days: Days, *, words: tuple[str, ...], told: str) -> None:
    add(desk, days, "--sandbox")
    before = desk("schedule", "list").out
    ended = desk("schedule", "edit", "daily", *words)
    assert ended.code == 2
    assert told in ended.err
    assert desk("schedule", "list").out == before


def test_every_flag_that_add_can_say_can_be_taken_back() -> None:
    """One that could not would need the schedule to be added anew, and its earlier runs would be followed no more."""
    said_anew = {"at", "cron", "template", "timezone", "grace", "results-folder"}
    flags = {
        word.removeprefix("--")
        for parameter in dict(commands(program))["schedule", "add"].params
        for word in parameter.opts
        if word.startswith("--")
    }
    assert flags - said_anew == set(UNSET)
