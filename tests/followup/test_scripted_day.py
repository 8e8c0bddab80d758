"""A day with every status: who is called again, and when, and who never is."""

import csv
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import anyio
import pytest

from campaign.domain.call_outcome import CallEnd
from campaign.followup.session import write_followed
from campaign.ledger.store import Ledger
from campaign.preparation.plan.continue_run import plan_of_record
from tests.followup.day import (
    BAD,
    BUSY,
    DROPPED,
    IVR,
    LATER,
    NOBODY,
    ON_HOLD,
    REACHED,
    VOICEMAIL,
    WISH,
    DayClock,
    a_day,
)

pytestmark = pytest.mark.anyio

RULES = """
[retry]
no_answer = { after = "2h", times = 2 }
busy = { after = "30m", times = 1 }
voicemail = { after = "4h", times = 1 }
"""
ADA, BOB, CY, DEE, EVE, FAY, GUS, HAL, IDA, JO, KIM = (f"+121255501{number:02d}" for number in range(11))
HOUR, RINGING, SOON = timedelta(hours=1), timedelta(seconds=32), timedelta(seconds=30)


def assert_rang(rings: list[timedelta], *later: timedelta) -> None:
    """Once in the morning, and then so long after the time before, or hardly longer."""
    assert len(rings) == 1 + len(later), rings
    for (before, rang), wanted in zip(pairwise(rings), later, strict=True):
        assert wanted <= rang - before < wanted + SOON, rings


async def test_everybody_is_called_as_often_and_when_the_rules_say(
    tmp_path: Path, clock: DayClock, ledger: Ledger
) -> None:
    """All that can become of a call, in one day: the heart of it is who is *not* called again."""
    script = {
        ADA: [REACHED], BOB: [NOBODY, BUSY, REACHED], CY: [NOBODY], DEE: [BUSY], EVE: [VOICEMAIL], FAY: [BAD],
        GUS: [DROPPED], HAL: [WISH], IDA: [LATER, REACHED], JO: [IVR], KIM: [ON_HOLD],
    }  # fmt: skip
    async with a_day(tmp_path, ledger=ledger, clock=clock, script=dict(script)) as day:
        record = day.start(*script, more=RULES)
        await day.dial(record)
        end = await day.follow(record, hours=26)
        assert_rang(day.rings(BOB), 2 * HOUR + RINGING, HOUR / 2)
        assert_rang(day.rings(CY), 2 * HOUR + RINGING, 2 * HOUR + RINGING)
        assert_rang(day.rings(DEE), HOUR / 2)
        assert_rang(day.rings(EVE), 4 * HOUR + RINGING)
        assert_rang(day.rings(IDA), 24 * HOUR)
        for never_again in (ADA, FAY, GUS, HAL, JO, KIM):
            assert_rang(day.rings(never_again))
        assert (end.late, end.counts.on_the_way, end.due, end.stop) == (True, 1, 0, None)
        ended = {row.phone: row for row in ledger.read.rows.results(record.id)}
        assert {phone: row.attempts for phone, row in ended.items()} == {
            phone: len(day.rings(phone)) for phone in script
        }
        kim = ended[KIM].outcome
        assert kim is not None
        assert (kim.status, kim.end) == ("onHold", None)
        history = [(row, attempt, outcome.end) for row, attempt, outcome in ledger.read.outcomes.all(record.id)]
        assert history[1:4] == [(3, 1, CallEnd.NO_ANSWER), (3, 2, CallEnd.BUSY), (3, 3, CallEnd.ENDED_NORMALLY)]


async def test_who_asked_not_to_be_called_is_called_by_no_run(tmp_path: Path, clock: DayClock, ledger: Ledger) -> None:
    """Neither by a new run, nor by one in which another call is due."""
    async with a_day(tmp_path, ledger=ledger, clock=clock, script={ADA: [NOBODY, WISH], BOB: [NOBODY]}) as day:
        first = day.start(ADA, BOB, more=RULES, name="first", call_again_after="0s")
        await day.dial(first)
        await day.follow(first, watch=False)
        second = day.start(ADA, name="second", call_again_after="0s")
        await day.dial(second)
        await day.follow(second, watch=False)
        assert len(day.rings(ADA)) == 2
        await day.follow(first)
        [kept] = [row for row in ledger.read.rows.results(first.id) if row.phone == ADA]
        assert (kept.status, kept.attempts) == ("created", 1)
        third = day.start(ADA, BOB, name="third", call_again_after="0s")
        await day.dial(third)
        assert len(day.rings(ADA)) == 2
        assert len(day.rings(BOB)) == 4
        [reason] = [row.error for row in ledger.read.rows.results(third.id) if row.phone == ADA]
        assert reason is not None
        assert reason.startswith("on the suppression list since 2026-12-01 (asked not to be called, in call ")


async def test_calls_to_one_person_within_a_day_are_limited(tmp_path: Path, clock: DayClock, ledger: Ledger) -> None:
    """Rules that add up to pestering are held by the limit, and nobody is forgotten for it."""
    rules = '[retry]\nno_answer = { after = "1h", times = 3 }\n'
    async with a_day(tmp_path, ledger=ledger, clock=clock, script={ADA: [NOBODY]}) as day:
        record = day.start(ADA, more=rules, per_day=2)
        await day.dial(record)
        await day.follow(record)
        assert_rang(day.rings(ADA), HOUR + RINGING, 23 * HOUR - RINGING, HOUR + RINGING)


async def test_a_call_that_is_made_again_waits_for_calling_hours(
    tmp_path: Path, clock: DayClock, ledger: Ledger
) -> None:
    """Due at eleven, when nobody may be called any more: at nine on the day after."""
    rules = '[retry]\nno_answer = { after = "2h", times = 1 }\n'
    hours = '[hours]\nfrom = 09:00:00\nuntil = 10:00:00\ntimezone = "UTC"\n'
    async with a_day(tmp_path, ledger=ledger, clock=clock, script={ADA: [NOBODY]}) as day:
        record = day.start(ADA, more=rules + hours)
        await day.dial(record)
        with anyio.fail_after(20):
            await day.follow(record)
        assert_rang(day.rings(ADA), 24 * HOUR)


async def test_what_is_over_is_never_read_again(tmp_path: Path, clock: DayClock, ledger: Ledger) -> None:
    """Also when the following is stopped after each event, and begun anew."""
    script = {ADA: [REACHED], BOB: [NOBODY], CY: [BUSY], DEE: [BAD], EVE: [WISH]}
    async with a_day(tmp_path, ledger=ledger, clock=clock, script=dict(script)) as day:
        record = day.start(*script, more=RULES)
        await day.dial(record)
        end = await day.follow(record, at_most=1, watch=False)
        while end.counts.open:
            end = await day.follow(record, at_most=1, watch=False)
        assert (end.counts.open, end.counts.on_the_way) == (0, 0)
        asked = len(day.asked)
        for outcome in [outcome for _, _, outcome in ledger.read.outcomes.all(record.id)]:
            assert day.asked.count(outcome.call_id) <= 5
        await day.follow(record, watch=False)
        assert len(day.asked) == asked


async def test_a_following_that_is_stopped_anywhere_calls_nobody_twice_and_forgets_nobody(
    tmp_path: Path, clock: DayClock, ledger: Ledger
) -> None:
    script = {ADA: [NOBODY, REACHED], BOB: [BUSY, REACHED], CY: [NOBODY, NOBODY, REACHED]}
    async with a_day(tmp_path, ledger=ledger, clock=clock, script=dict(script)) as day:
        record = day.start(*script, more=RULES)
        await day.dial(record)
        end = await day.follow(record, at_most=1)
        while end.counts.open or end.next_again is not None or end.due or end.waiting:
            end = await day.follow(record, at_most=1)
        assert [len(day.rings(phone)) for phone in script] == [2, 2, 3]


async def test_the_results_hold_what_became_of_the_calls(tmp_path: Path, clock: DayClock, ledger: Ledger) -> None:
    async with a_day(tmp_path, ledger=ledger, clock=clock, script={ADA: [REACHED], BOB: [NOBODY]}) as day:
        record = day.start(ADA, BOB)
        await day.dial(record)
        await day.follow(record, watch=False)
        plan = plan_of_record(record, rate=None, max_in_flight=None)
        assert write_followed(ledger, record, plan=plan, path=day.results(record)) == day.results(record)
        with day.results(record).open(encoding="utf-8-sig", newline="") as file:
            ada, bob = csv.DictReader(file)
    assert list(ada)[-5:] == ["_call_status", "_outcome", "_duration", "_recording_url", "_result_Confirmed"]
    assert (ada["_call_status"], ada["_outcome"], ada["_duration"]) == ("completed", "ended_normally", "45")
    assert ada["_result_Confirmed"] in ("yes", "no")
    assert (bob["_call_status"], bob["_outcome"], bob["_result_Confirmed"]) == ("noAnswer", "no_answer", "")


async def test_a_webhook_only_has_its_call_read(tmp_path: Path, clock: DayClock, ledger: Ledger) -> None:
    """What it says of the call is not believed, and an id that is not ours is not even asked for."""
    async with a_day(tmp_path, ledger=ledger, clock=clock, script={ADA: [WISH], BOB: [NOBODY]}) as day:
        record = day.start(ADA, BOB)
        await day.dial(record)
        ada, bob = (row.call_id or "" for row in ledger.read.rows.results(record.id))
        clock.at += HOUR
        found = await day.hint((ada, "not-ours"), ("not-ours",), (bob,), (ada,))
        assert [(looked.call.phone, looked.suppressed) for looked in found] == [(ADA, True), (BOB, False)]
        assert day.asked == [ada, bob]
