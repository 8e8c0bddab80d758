"""A schedule fires because a person asks for it: once, beside its timetable, and never beside itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from campaign.domain.errors import BusyError, UsageError
from campaign.scheduler.definitions import (
    PresetAnswers,
    edit_schedule,
    named_schedule,
    pause_schedule,
    timetable_of,
)
from campaign.scheduler.edit import ScheduleChange, changed_draft
from tests.scheduler.theatre import Killed, Scheduler, Theatre, states

NINE = "0 9 * * *"
"""At 08:00 UTC in Berlin's winter; the theatre begins at 06:00 UTC."""


@pytest.fixture
def theatre(tmp_path: Path) -> Theatre:
    made = Theatre(tmp_path / "home")
    made.add("day", cron=NINE)
    return made


@pytest.fixture
def scheduler(theatre: Theatre) -> Iterator[Scheduler]:
    made = Scheduler(theatre)
    yield made
    made.close()


def test_it_fires_once_and_its_next_instant_still_comes(theatre: Theatre, scheduler: Scheduler) -> None:
    """Somebody who wants today's calls early must not lose tomorrow's, nor make two runs of one wish."""
    [told] = scheduler.at_once("day")
    assert told.state == "ended"
    assert scheduler.round() == []
    theatre.clock.passes(hours=3)
    assert [one.state for one in scheduler.round()] == ["ended"]
    assert states(theatre, "day") == [("06:00", "ended"), ("08:00", "ended")]


def test_what_is_due_at_this_moment_is_fired_in_its_place(theatre: Theatre, scheduler: Scheduler) -> None:
    """Two firings within a second would be two runs of one sheet."""
    theatre.clock.passes(hours=2, minutes=10)
    assert [one.state for one in scheduler.at_once("day")] == ["ended"]
    assert states(theatre, "day") == [("08:00", "ended")]


def test_an_interrupted_firing_is_gone_on_with_in_its_place(theatre: Theatre, scheduler: Scheduler) -> None:
    """Its people are the ones that are wanted, and some of them were called."""
    theatre.steps = 2

    def strike(step: str) -> None:
        if step == "dialling":
            theatre.meanwhile = lambda _: None
            raise Killed

    theatre.meanwhile = strike
    with pytest.raises(Killed):
        scheduler.at_once("day")
    scheduler.restart()
    assert [one.state for one in scheduler.at_once("day")] == ["ended"]
    assert states(theatre, "day") == [("06:00", "ended")]
    assert [len(runs) for runs in theatre.begun.values()] == [1]


def test_two_wishes_at_one_moment_are_two_instants(scheduler: Scheduler) -> None:
    """The clock of the theatre stands still: an instant that is taken must not be asked for for ever."""
    assert [one.state for one in (*scheduler.at_once("day"), *scheduler.at_once("day"))] == ["ended", "ended"]


def test_it_is_refused_beside_its_own_firing(theatre: Theatre, scheduler: Scheduler) -> None:
    """Both would have the same rows to call."""
    theatre.steps = 1
    other, refused = Scheduler(theatre), list[BusyError]()

    def meanwhile(_step: str) -> None:
        with pytest.raises(BusyError) as caught:
            other.at_once("day")
        refused.append(caught.value)

    theatre.meanwhile = meanwhile
    scheduler.at_once("day")
    other.close()
    assert refused
    assert states(theatre, "day") == [("06:00", "ended")]


def test_a_paused_schedule_fires_for_nobody(theatre: Theatre, scheduler: Scheduler) -> None:
    """It was paused because something is wrong with it: whoever fires it by hand is told, and how it goes on."""
    pause_schedule(scheduler.ledger, "day")
    with pytest.raises(UsageError, match="paused since"):
        scheduler.at_once("day")
    assert theatre.begun == {}


def test_an_edited_time_holds_from_the_edit_on(theatre: Theatre, scheduler: Scheduler) -> None:
    """07:30 was over at 08:00: an edit must not ring the phones of a time that nobody had in mind."""
    scheduler.at_once("day")
    theatre.clock.passes(hours=1, minutes=20)
    edited(theatre, scheduler, cron="0 8 * * *")
    assert scheduler.round() == []
    theatre.clock.passes(days=1)
    assert [one.state for one in scheduler.round()] == ["ended"]
    assert states(theatre, "day") == [("06:00", "ended"), ("07:00", "ended")]


def test_an_instant_that_nobody_had_fired_by_the_edit_is_recorded(theatre: Theatre, scheduler: Scheduler) -> None:
    """Every instant of a schedule has a line, or people who were not called that day are nowhere to be found."""
    theatre.clock.passes(hours=2, minutes=10)
    edited(theatre, scheduler, cron="0 12 * * *")
    assert scheduler.round() == []
    assert states(theatre, "day") == [("08:00", "skipped")]


def test_an_edit_keeps_a_pause_and_what_it_does_not_name(theatre: Theatre, scheduler: Scheduler) -> None:
    before = named_schedule(scheduler.ledger, "day")
    pause_schedule(scheduler.ledger, "day")
    edited(theatre, scheduler, said=PresetAnswers(skip_invalid=True, rate=2.0))
    edited(theatre, scheduler, said=PresetAnswers(rate=3.0), taken_back=frozenset({"skip_invalid"}))
    after = named_schedule(scheduler.ledger, "day")
    assert after.paused_at is not None
    assert (after.sheet, timetable_of(after)) == (before.sheet, timetable_of(before))
    assert PresetAnswers.model_validate_json(after.answers) == PresetAnswers(sandbox=True, rate=3.0)


def test_an_edit_of_what_another_process_has_changed_meanwhile_is_refused(
    theatre: Theatre, scheduler: Scheduler
) -> None:
    """It was made for another schedule than there is now."""
    record = named_schedule(scheduler.ledger, "day")
    theatre.clock.passes(minutes=1)
    edited(theatre, scheduler, cron="0 12 * * *")
    draft = changed_draft(record, ScheduleChange(cron="0 7 * * *"), environment={}, now=theatre.clock())
    assert not scheduler.ledger.schedules.edit(record, draft, after=None, notes=())


def test_a_claim_by_the_old_time_is_refused_after_an_edit(theatre: Theatre, scheduler: Scheduler) -> None:
    """A scheduler that read the schedule before the edit would ring at the time that was edited away."""
    record = named_schedule(scheduler.ledger, "day")
    theatre.clock.passes(hours=1)
    edited(theatre, scheduler, cron="0 12 * * *")
    instant = theatre.clock() + timedelta(hours=1)
    assert not scheduler.ledger.schedules.note(record, after=None, notes=(), claim=instant)


def edited(theatre: Theatre, scheduler: Scheduler, **change: Any) -> None:
    """Edits the schedule, whose template is nowhere: only what the ledger does with it is looked at."""
    record = named_schedule(scheduler.ledger, "day")
    template = theatre.home / "visits.toml"
    template.write_text('[columns]\nname = "Name"\nphone = "Phone"\n[limits]\ncall_again_after = "20h"\n')
    said = ScheduleChange(**change)
    draft = changed_draft(record, said, environment={}, now=theatre.clock())
    edit_schedule(scheduler.ledger, record, replace(draft, template=str(template)))
