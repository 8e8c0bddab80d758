"""Every instant of a schedule is fired once, or is noted with a reason, whoever looks, and whoever is killed."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaign.domain.cures.runs import resume_run
from campaign.ledger.store import open_ledger
from campaign.scheduler.cron import Timetable
from campaign.scheduler.definitions import pause_schedule, remove_schedule, unpause_schedule
from tests.scheduler.theatre import START, Fate, Killed, Scheduler, Theatre, firings, states

HOURLY = "0 * * * *"
LINES = {"day": "0 9 * * mon-fri", "night": "30 2 * * *"}


@pytest.fixture
def theatre(tmp_path: Path) -> Theatre:
    return Theatre(tmp_path / "home")


@pytest.fixture
def cast(theatre: Theatre) -> Iterator[tuple[Scheduler, Scheduler]]:
    with ExitStack() as stack:
        made = Scheduler(theatre), Scheduler(theatre)
        for scheduler in made:
            stack.callback(scheduler.close)
        yield made


Cast = tuple[Scheduler, Scheduler]


def killed_at(theatre: Theatre, *, step: str) -> None:
    def strike(now: str) -> None:
        if now == step:
            theatre.meanwhile = lambda _: None
            raise Killed

    theatre.meanwhile = strike


def test_ten_days_of_two_schedulers_that_are_killed_at_random(theatre: Theatre) -> None:
    play(theatre, lines=LINES, seed=1, days=10)


@pytest.mark.nightly
def test_a_month_of_two_schedulers_that_are_killed_at_random(theatre: Theatre) -> None:
    play(theatre, lines=LINES, seed=1, days=31)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 106))
def test_many_months_of_two_schedulers_that_are_killed_at_random(theatre: Theatre, seed: int) -> None:
    play(theatre, lines={**LINES, "twice": "15 9,15 * * *", "hours": HOURLY}, seed=seed, days=31)


def play(theatre: Theatre, *, lines: Mapping[str, str], seed: int, days: int) -> None:
    """Over the night in which the clocks are put forward: each instant once, or noted as missed or skipped."""
    for name, line in lines.items():
        theatre.add(name, cron=line)
    fate = Fate(theatre, seed=seed, kills=0.2)
    fate.play(until=START + timedelta(days=days))
    fate.end()
    assert fate.killed > days / 3
    made = [run for runs in theatre.begun.values() for run in runs]
    assert len(made) == len(set(made)) == len(theatre.begun), "an instant had two runs"
    for name, line in lines.items():
        found = firings(theatre, name)
        table = Timetable(zone="Europe/Berlin", cron=line)
        assert [one.instant for one in found] == list(table.between(START, until=theatre.clock.at))
        assert {one.state for one in found} <= {"ended", "missed", "skipped", "abandoned"}
        assert all(one.why for one in found if one.state != "ended")
        tied = {one.instant: one.run for one in found if one.run}
        assert tied == {at: runs[0] for (of, at), runs in theatre.begun.items() if of == name}
        late = [one for one in found if one.state == "missed" and one.noted_at - one.instant < timedelta(minutes=55)]
        assert not [one for one in late if "scheduler was stopped" not in str(one.why)]
        assert sum(one.state == "ended" for one in found) > len(found) / 8, "hardly anything was fired"


def test_of_two_schedulers_that_start_together_one_fires(theatre: Theatre) -> None:
    """A timer and a person, or two machines' timers, in the same second."""
    for number in range(6):
        theatre.add(f"s{number}", at=START + timedelta(hours=1))
    theatre.clock.passes(hours=1, minutes=1)
    together, told = threading.Barrier(3), list[object]()

    def start() -> None:
        scheduler = Scheduler(theatre)
        together.wait()
        told.extend(scheduler.round())
        scheduler.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 6
    assert sorted(map(len, theatre.begun.values())) == [1] * 6


def test_a_late_look_fires_once_for_all_that_came(theatre: Theatre, cast: Cast) -> None:
    theatre.add("hours", cron=HOURLY)
    theatre.clock.passes(hours=3, minutes=30)
    told = cast[0].round()
    assert [one.state for one in told] == ["missed", "missed", "ended"]
    assert [one.exit_code for one in told] == [1, 1, 0]
    assert states(theatre, "hours") == [("07:00", "missed"), ("08:00", "missed"), ("09:00", "ended")]
    assert cast[1].round() == []


def test_a_schedule_that_fires_once_is_over_then(theatre: Theatre, cast: Cast) -> None:
    theatre.add("once", at=START + timedelta(hours=1))
    assert cast[0].round() == []
    theatre.clock.passes(hours=1)
    assert [one.state for one in cast[0].round()] == ["ended"]
    theatre.clock.passes(days=400)
    assert cast[0].round() == cast[1].round() == []


def test_a_schedule_never_overlaps_with_its_own_run_whoever_looks(theatre: Theatre, cast: Cast) -> None:
    """The previous run still works: what comes meanwhile is skipped, and says so, and is not made up for."""
    theatre.add("quarters", cron="*/15 * * * *")
    theatre.clock.passes(minutes=15)
    beside = list[int]()

    def look(_step: str) -> None:
        if theatre.clock.at == START + timedelta(minutes=40):
            beside.extend(one.exit_code for one in cast[1].round())

    theatre.steps, theatre.meanwhile = 8, look
    cast[0].round()
    assert beside == [75], "06:30 while the run of 06:15 works"
    theatre.steps = 0
    cast[0].round()
    assert states(theatre, "quarters") == [
        ("06:15", "ended"),
        ("06:30", "skipped"),
        ("06:45", "skipped"),
    ]
    assert "the run of 2027-03-15 07:15+01:00 still worked" in str(firings(theatre, "quarters")[2].why)
    theatre.clock.passes(minutes=15)
    assert [one.state for one in cast[1].round()] == ["ended"]


@pytest.mark.parametrize("step", ["claimed", "loading"])
def test_killed_before_its_run_began_an_instant_is_fired_by_the_next(theatre: Theatre, cast: Cast, step: str) -> None:
    theatre.add("hours", cron=HOURLY)
    theatre.clock.passes(hours=1)
    killed_at(theatre, step=step)
    with pytest.raises(Killed):
        cast[0].round()
    assert states(theatre, "hours") == [("07:00", "firing")]
    theatre.clock.passes(minutes=10)
    assert [one.state for one in cast[1].round()] == ["ended"]
    assert len(theatre.begun) == 1


def test_killed_in_its_run_an_instant_goes_on_with_that_run(theatre: Theatre, cast: Cast) -> None:
    """Never a second run: who was called by the first is known by it."""
    theatre.add("hours", cron=HOURLY)
    theatre.clock.passes(hours=1)
    theatre.steps = 1
    killed_at(theatre, step="dialling")
    with pytest.raises(Killed):
        cast[0].round()
    [before] = firings(theatre, "hours")
    assert (before.state, before.run) == ("firing", "hours-2027-03-15-1")
    assert [one.ended and one.ended.run for one in cast[1].round()] == ["hours-2027-03-15-1"]
    [after] = firings(theatre, "hours")
    assert (after.state, after.run, after.exit_code) == ("ended", before.run, 0)
    assert list(theatre.begun.values()) == [["hours-2027-03-15-1"]]


@pytest.mark.parametrize(("step", "state"), [("claimed", "missed"), ("dialling", "abandoned")])
def test_what_lay_still_for_longer_than_its_grace_is_left_to_a_person(
    theatre: Theatre, cast: Cast, *, step: str, state: str
) -> None:
    """Phones that should have rung in the morning must not ring in the night, since a machine was started again."""
    theatre.add("day", cron="0 9 * * *")
    theatre.clock.passes(hours=2)
    theatre.steps = 1
    killed_at(theatre, step=step)
    with pytest.raises(Killed):
        cast[0].round()
    theatre.clock.passes(hours=12)
    [told] = cast[1].round()
    assert (told.state, told.exit_code) == (state, 1)
    assert theatre.worded == ([resume_run("day-2027-03-15-1")] if state == "abandoned" else [])
    assert cast[0].round() == []


def test_a_long_run_that_was_alive_lately_goes_on(theatre: Theatre, cast: Cast) -> None:
    """Ten hours of calls are no reason to leave it when the machine is started again within a minute."""
    theatre.add("day", cron="0 9 * * *")
    theatre.clock.passes(hours=2)

    def strike(step: str) -> None:
        if step == "dialling":
            theatre.clock.passes(hours=10)
            cast[0].ledger.schedules.seen(1)
            theatre.meanwhile = lambda _: None
            raise Killed

    theatre.steps, theatre.meanwhile = 1, strike
    with pytest.raises(Killed):
        cast[0].round()
    theatre.clock.passes(minutes=1)
    assert [one.state for one in cast[1].round()] == ["ended"]


def test_asked_to_stop_a_firing_stays_open_and_the_next_scheduler_goes_on(theatre: Theatre, cast: Cast) -> None:
    theatre.add("hours", cron=HOURLY)
    theatre.clock.passes(hours=1)
    theatre.meanwhile = lambda _: cast[0].stop.ask()
    assert [one.state for one in cast[0].round()] == ["firing"]
    assert [one.state for one in cast[1].round()] == ["ended"]


def test_a_paused_schedule_notes_its_instants_and_makes_none_up(theatre: Theatre, cast: Cast) -> None:
    theatre.add("hours", cron=HOURLY)
    ledger = cast[0].ledger
    pause_schedule(ledger, "hours")
    theatre.clock.passes(hours=1, minutes=1)
    assert [(one.state, one.exit_code) for one in cast[1].round()] == [("skipped", 0)]
    theatre.clock.passes(hours=1)
    unpause_schedule(ledger, "hours")
    assert cast[1].round() == []
    theatre.clock.passes(hours=1)
    cast[1].round()
    assert states(theatre, "hours") == [("07:00", "skipped"), ("08:00", "skipped"), ("09:00", "ended")]
    assert "paused since 2027-03-15 07:00+01:00" in str(firings(theatre, "hours")[1].why)


def test_a_pause_also_keeps_a_cut_off_run_from_being_gone_on_with(theatre: Theatre, cast: Cast) -> None:
    """Whoever kills the scheduler and pauses the schedule wants the calls to end."""
    theatre.add("hours", cron=HOURLY)
    theatre.clock.passes(hours=1)
    theatre.steps = 1
    killed_at(theatre, step="dialling")
    with pytest.raises(Killed):
        cast[0].round()
    pause_schedule(cast[1].ledger, "hours")
    assert [one.state for one in cast[1].round()] == ["abandoned"]


def test_a_removed_schedule_fires_no_more_and_its_name_is_free(theatre: Theatre, cast: Cast) -> None:
    theatre.add("hours", cron=HOURLY)
    remove_schedule(cast[0].ledger, "hours")
    theatre.clock.passes(hours=1)
    assert cast[1].round() == []
    theatre.add("hours", cron=HOURLY)
    theatre.clock.passes(hours=1)
    assert [one.state for one in cast[1].round()] == ["ended"]


def test_a_clock_that_goes_back_fires_nothing_again(theatre: Theatre, cast: Cast) -> None:
    theatre.add("hours", cron=HOURLY)
    theatre.clock.passes(hours=2)
    cast[0].round()
    theatre.clock.at -= timedelta(hours=1, minutes=30)
    assert cast[0].round() == []
    theatre.clock.passes(hours=1)
    assert cast[1].round() == []
    assert len(theatre.begun) == 1


def test_the_night_of_the_change_fires_once(theatre: Theatre, cast: Cast) -> None:
    """02:30 is not there on 28 March 2027 in Berlin, and is there twice on 31 October."""
    theatre.add("night", cron="30 2 * * *", grace="86400")
    for day, utc in ((datetime(2027, 3, 28, tzinfo=UTC), "01:00"), (datetime(2027, 10, 31, tzinfo=UTC), "00:30")):
        theatre.clock.at = day - timedelta(minutes=1)
        cast[0].round()
        for _ in range(8):
            theatre.clock.passes(minutes=30)
            cast[0].round()
            cast[1].round()
        of_day = [one for one in firings(theatre, "night") if one.instant >= day]
        assert [(f"{one.instant:%H:%M}", one.state) for one in of_day] == [(utc, "ended")]


def test_a_claim_that_was_overtaken_claims_nothing(theatre: Theatre, cast: Cast) -> None:
    """Past the lock, as on a disk whose locks do not hold: the ledger itself lets one of them through."""
    theatre.add("hours", cron=HOURLY)
    theatre.clock.passes(hours=1)
    records = [scheduler.ledger.schedules.all()[0] for scheduler in cast]
    claims = [
        scheduler.ledger.schedules.note(record, after=None, notes=(), claim=theatre.clock.at)
        for scheduler, record in zip(cast, records, strict=True)
    ]
    assert claims == [True, False]
    with open_ledger(theatre.home, now=theatre.clock) as third:
        left = third.schedules.open_firing(records[0].id)
        assert left is not None
        assert cast[1].ledger.schedules.take_over(left)
        assert not third.schedules.take_over(left)
