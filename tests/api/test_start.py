"""`start`, `resume`, `rerun`, `follow`, `status`: what rings, and what comes back."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import campaign
from tests.cli.conftest import TEMPLATE, Desk, StandIn, stand_in
from tests.cli.test_follow import a_day_passes

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"


def test_every_good_row_is_called_once_and_the_end_says_so(desk: Desk, server: StandIn) -> None:
    end = campaign.start(desk.people(5), desk.template(FAST), call_people=True, name="first")
    assert end == campaign.RunEnd(
        run="first",
        counts=campaign.Counts(created=5),
        results_file=desk.folder / "first.results.csv",
        stopped=None,
        trouble=None,
        unrecorded=(),
        exit_code=0,
    )
    assert end.raise_for_status() is end
    assert sorted(server.rings()) == [row["_phone"] for row in desk.results("first.results.csv")]


def test_a_sandbox_run_rings_nobody_and_needs_no_key(desk: Desk) -> None:
    end = campaign.start(desk.people(3), desk.template(FAST), sandbox=True)
    assert (end.counts.created, campaign.status(end.run).service) == (3, "sandbox")


def test_what_is_left_is_resumed_and_nobody_is_called_twice(desk: Desk, server: StandIn) -> None:
    first = campaign.start(desk.people(6), desk.template(FAST), call_people=True, name="first", limit=2)
    assert first.counts == campaign.Counts(created=2, pending=4)
    assert campaign.resume("first", call_people=True).counts == campaign.Counts(created=6)
    assert set(Counter(server.rings()).values()) == {1}


def test_the_same_sheet_goes_on_with_its_run_when_it_is_told_to(desk: Desk, server: StandIn) -> None:
    """What a task that is tried again wants."""
    sheet, template = desk.people(4), desk.template(FAST)
    campaign.start(sheet, template, call_people=True, name="first", limit=1)
    end = campaign.start(sheet, template, call_people=True, same_sheet="resume")
    assert (end.run, end.counts.created, len(server.rings())) == ("first", 4, 4)


def test_rejected_rows_are_called_again_and_only_those(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(desk.folder, fault="400=0.5", seed=3) as refusing:
        end = campaign.start(
            desk.people(10), desk.template(FAST), call_people=True, name="first", environment=way_to(refusing, desk)
        )
        rejected = end.counts.rejected
        assert 0 < rejected < 10
        with pytest.raises(campaign.IncompleteError, match=f"{rejected} rejected") as raised:
            end.raise_for_status()
        assert raised.value.exit_code == end.exit_code == 1
    (desk.folder / "healthy").mkdir()
    with stand_in(desk.folder / "healthy") as healthy:
        for name, value in healthy.env.items():
            monkeypatch.setenv(name, value)
        again = campaign.rerun("first", call_people=True, since=datetime.now(UTC) - timedelta(hours=1))
        assert again.counts == campaign.Counts(created=10)
        assert len(healthy.rings()) == rejected


def test_following_tells_what_became_of_each_call(desk: Desk) -> None:
    end = campaign.start(desk.people(4), desk.template(FAST), sandbox=True)
    events = list[campaign.Event]()
    a_day_passes(desk)
    followed = campaign.follow(end.run, sandbox=True, rate=1000, on_event=events.append)
    assert (sum(followed.outcomes.values()), followed.not_over, followed.exit_code) == (4, 0, 0)
    looks = [event for event in events if isinstance(event, campaign.CallLooked)]
    assert Counter(look.outcome for look in looks if look.is_new) == followed.outcomes
    assert Counter(row.outcome for row in campaign.results(end.run)) == followed.outcomes


def test_events_say_how_each_row_settled_with_nothing_to_call(desk: Desk) -> None:
    events = list[campaign.Event]()
    campaign.start(desk.people(3), desk.template(FAST), sandbox=True, fault="400_telling=1", on_event=events.append)
    settled = [event for event in events if isinstance(event, campaign.RowSettled)]
    assert [event.row for event in settled] == [2, 3, 4]
    assert {event.status for event in settled} == {"rejected"}
    assert "55501" not in str(events)


def test_status_gives_all_runs_or_one_with_its_reasons(desk: Desk) -> None:
    campaign.start(desk.people(2), desk.template(FAST), sandbox=True, name="first", fault="400=1")
    campaign.start(desk.people(1, first=7), desk.template(FAST), sandbox=True, name="second")
    assert [run.name for run in campaign.status()] == ["first", "second"]
    run = campaign.status("first")
    assert run.counts == campaign.Counts(rejected=2)
    assert list(run.reasons["rejected"].values()) == [2]
    again = campaign.start(
        desk.folder / "sheet.csv", desk.folder / "visits.toml", sandbox=True, name="third", same_sheet="again"
    )
    assert campaign.status(again.run).skipped == {"called_recently": 1}
    assert run.created_at.tzinfo is not None


def test_home_and_clock_are_those_that_are_handed_in(desk: Desk, tmp_path: Path) -> None:
    def clock() -> datetime:
        return datetime(2031, 5, 5, 12, 0, tzinfo=UTC)

    home = tmp_path / "elsewhere"
    campaign.start(desk.people(1), desk.template(FAST), sandbox=True, name="first", home=home, now=clock)
    assert campaign.status("first", home=home).created_at == clock()
    assert campaign.status() == []


def way_to(stand_in: StandIn, desk: Desk) -> dict[str, str]:
    return {**stand_in.env, "CAMPAIGN_HOME": str(desk.folder / "home")}
