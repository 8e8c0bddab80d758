"""Everybody who dials a run does it in one place: which events come out for whom, and in which order."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.call_outcome import CallEnd
from campaign.domain.model import Attempt, Created, RowState, Settled
from campaign.engine.events import (
    CallsEnded,
    DueRequeued,
    FirstRowsAwaited,
    FirstRowsPassed,
    FirstRowsStarted,
    Recovered,
    RejectedRequeued,
    Started,
    Superseded,
)
from campaign.engine.requeue import RequeueDraft
from campaign.engine.run_end import DialingEnd, exit_code_of
from campaign.engine.stop import StopRequest
from campaign.followup.canary import Canary
from campaign.followup.due_rows import RequeueDue
from campaign.ledger.records.drafts import DraftRerun
from campaign.ledger.records.outcomes import Looked
from campaign.ledger.records.schedules import ScheduleDraft
from campaign.ledger.store import Ledger
from campaign.preparation.plan.continue_run import plan_of_record
from campaign.reconcile.events import LostAnswersSettled
from campaign.sandbox.calls import Fate
from campaign.scheduler.definitions import PresetAnswers
from campaign.scheduler.events import RunEvent, ScheduleEvent, SheetLoaded
from campaign.scheduler.firing import fire
from campaign.scheduler.ports import SchedulerPorts
from tests.engine.held_run.stage import BOUNDS, PEOPLE, Refusing, a_stage, dialled, end_of, kinds, order_for
from tests.followup.day import BAD, MORNING, NOBODY, REACHED, TEMPLATE, DayClock
from tests.loading import NEW

pytestmark = pytest.mark.anyio


async def test_a_new_run_starts_settles_its_rows_and_gives_an_account(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    async with a_stage(tmp_path, ledger, clock) as day:
        record = day.start(*PEOPLE[:3])
        events = await dialled(day, record, order=order_for(day, record))
    assert kinds(events) == [Started, Settled, CallsEnded, DialingEnd]
    assert events[0] == Started(3, results=day.results(record))
    assert end_of(events).counts == {RowState.CREATED: 3}
    assert exit_code_of(end_of(events), signalled=None, limited=False) == 0
    assert day.results(record).read_text("utf-8-sig").count("created") == 3


async def test_after_a_crash_a_resume_tells_what_may_have_rung_and_looks_it_up_before_it_calls(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    async with a_stage(tmp_path, ledger, clock) as day:
        record = day.start(*PEOPLE[:3])
        with ledger.hold(record, call_again_after=timedelta(hours=24)) as held:
            row = next(ledger.read.rows.waiting(record.id, from_round=0))
            assert await held.claim(Attempt(row.id, row.number, 1, row.contact.phone, b"{}")) is None
        events = await dialled(day, record, order=order_for(day, record))
    assert kinds(events) == [
        Recovered,
        LostAnswersSettled,
        Started,
        Settled,
        CallsEnded,
        LostAnswersSettled,
        DialingEnd,
    ]
    assert events[:3] == [
        Recovered(1),
        LostAnswersSettled((), (), left=1, listed=0),
        Started(2, results=day.results(record)),
    ]
    assert end_of(events).counts == {RowState.CREATED: 2, RowState.UNKNOWN: 1}
    assert exit_code_of(end_of(events), signalled=None, limited=False) == 1


async def test_a_rerun_dials_its_rejected_rows_and_no_other_that_waits(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    async with a_stage(tmp_path, ledger, clock, faults=Refusing(count=2)) as day:
        record = day.start(*PEOPLE)
        first = replace(order_for(day, record), limit=3)
        assert end_of(await dialled(day, record, order=first)).counts[RowState.REJECTED] == 2
        failed = {row.id: row.attempts for row in ledger.read.reruns.failed(record.id)}
        chosen = ledger.drafts.choose(NEW, record, DraftRerun(failed), view="{}")
        again = replace(order_for(day, record), requeue=RequeueDraft(chosen))
        events = await dialled(day, record, order=again)
    assert kinds(events) == [RejectedRequeued, Started, Settled, CallsEnded, DialingEnd]
    assert events[:2] == [RejectedRequeued(2), Started(2, results=day.results(record))]
    assert end_of(events).counts == {RowState.CREATED: 3, RowState.PENDING: 3}


async def test_rows_whose_call_ended_so_are_requeued_and_dialled_alone(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    """`rerun --outcome`: a person asks; what still waits of the run is for a resume."""
    script = {PEOPLE[0]: [NOBODY, REACHED], PEOPLE[1]: [REACHED]}
    async with a_stage(tmp_path, ledger, clock, script=dict(script)) as day:
        record = day.start(*PEOPLE[:3])
        await dialled(day, record, order=replace(order_for(day, record), limit=2))
        await day.follow(record, watch=False)
        plan = plan_of_record(record, rate=None, max_in_flight=None)
        asked = RequeueDue(plan, at=clock.now(), ends=[CallEnd.NO_ANSWER], from_round=1)
        events = await dialled(day, record, order=replace(order_for(day, record), requeue=asked))
    assert kinds(events) == [DueRequeued, Started, Settled, CallsEnded, DialingEnd]
    assert events[0] == DueRequeued({CallEnd.NO_ANSWER: 1}, asked=(CallEnd.NO_ANSWER,))
    assert end_of(events).counts == {RowState.CREATED: 2, RowState.PENDING: 1}


async def test_a_watch_calls_again_who_is_due_without_a_word_of_the_rest(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    rules = '[retry]\nno_answer = { times = 1, after = "1h" }\n'
    async with a_stage(tmp_path, ledger, clock, script={PEOPLE[0]: [NOBODY, REACHED]}) as day:
        record = day.start(*PEOPLE[:2], more=rules)
        await dialled(day, record, order=replace(order_for(day, record), limit=1))
        await day.follow(record, watch=False)
        clock.at += timedelta(hours=2)
        redial = day._redial(record, plan_of_record(record, rate=None, max_in_flight=None))
        found = [event async for event in redial.events(at=clock.now(), stop=anyio.Event())]
    assert kinds(found) == [DueRequeued, Settled]
    assert len(day.rings(PEOPLE[0])) == 2
    assert day.rings(PEOPLE[1]) == []


@pytest.mark.parametrize(
    ("fate", "after"),
    [
        (REACHED, [Looked, FirstRowsPassed, Started, Settled, CallsEnded, DialingEnd]),
        (BAD, [Looked, DialingEnd]),
    ],
    ids=["it holds", "it breaks"],
)
async def test_a_canary_is_called_awaited_and_judged_before_any_other_row(
    tmp_path: Path, ledger: Ledger, clock: DayClock, *, fate: Fate, after: list[type]
) -> None:
    script = {phone: [fate] for phone in PEOPLE}
    async with a_stage(tmp_path, ledger, clock, script=dict(script)) as day:
        record = day.start(*PEOPLE)
        canary = Canary(BOUNDS, rows=2, clock=clock)
        events = await dialled(day, record, order=replace(order_for(day, record), first_rows=canary, limit=5))
    assert kinds(events) == [FirstRowsStarted, Settled, CallsEnded, FirstRowsAwaited, *after]
    assert events[0] == FirstRowsStarted(2)
    end = end_of(events)
    assert end.counts[RowState.PENDING] == (1 if fate is REACHED else 4)
    assert (end.stop is None) == (fate is REACHED)


async def test_rows_that_a_later_run_of_the_template_called_are_left_out(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    async with a_stage(tmp_path, ledger, clock) as day:
        first = day.start(*PEOPLE[:3], name="monday")
        clock.at += timedelta(minutes=1)
        second = day.start(*PEOPLE[:2], name="tuesday")
        await dialled(day, second, order=order_for(day, second))
        events = await dialled(day, first, order=order_for(day, first))
    assert events[0] == Superseded(2)
    assert [len(day.rings(phone)) for phone in PEOPLE[:3]] == [1, 1, 1]


def test_a_firing_dials_the_same_way_and_tells_it_by_its_schedule(
    tmp_path: Path, ledger: Ledger, clock: DayClock
) -> None:
    template = tmp_path / "visits.toml"
    template.write_text(TEMPLATE.format(more="", call_again_after="24h", per_day=10), "utf-8")
    sheet = tmp_path / "visits.csv"
    sheet.write_text("Name,Phone\n" + "".join(f"Person {phone[-2:]},{phone}\n" for phone in PEOPLE), "utf-8")
    ledger.schedules.add(
        ScheduleDraft(
            name="once",
            timezone="Europe/Berlin",
            cron=None,
            at=MORNING,
            sheet=str(sheet),
            template=str(template),
            service=SANDBOX_SERVICE,
            answers=PresetAnswers(sandbox=True).model_dump_json(),
            results_folder=str(tmp_path / "once"),
            grace_seconds=3600,
            notify_url=None,
        )
    )
    [schedule] = ledger.schedules.all()
    assert ledger.schedules.note(schedule, after=None, notes=(), claim=MORNING)
    firing = ledger.schedules.open_firing(schedule.id)
    assert firing is not None
    told = list[tuple[str, ScheduleEvent]]()
    around = SchedulerPorts(
        environment={},
        now=clock.now,
        wait=lambda _seconds: None,
        stop=StopRequest(),
        on_event=lambda name, event: told.append((name, event)),
        wording=str,
    )
    ended = fire(ledger, schedule, firing, around=around)
    assert ended is not None
    assert (ended.state, ended.exit_code, dict(ended.counts)) == ("ended", 0, {"created": 6})
    assert {name for name, _ in told} == {"once"}
    first, *rest = [event for _, event in told]
    assert first == SheetLoaded(sheet, to_call=6, invalid=0)
    events = [one.event for one in rest if isinstance(one, RunEvent)]
    assert kinds(events) == [Started, Settled, CallsEnded, DialingEnd]
    assert all(isinstance(one.outcome, Created) for one in events if isinstance(one, Settled))
