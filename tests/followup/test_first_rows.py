"""The canary over a whole run: what it waits for, for how long, and what it makes of it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from campaign.config.outcome_sections import CanarySection
from campaign.followup.canary import Canary
from campaign.ledger.store import Ledger
from campaign.preparation.plan.continue_run import plan_of_record
from campaign.sandbox.calls import Fate
from tests.followup.day import BAD, MORNING, ON_HOLD, REACHED, WISH, DayClock, a_day

pytestmark = pytest.mark.anyio
BOUNDS = CanarySection(refused=0.0, failed=0.4, do_not_call=0.0, wait=timedelta(minutes=10))
PEOPLE = tuple(f"+121255501{number:02d}" for number in range(6))


@pytest.mark.parametrize(
    ("fates", "broken", "minutes"),
    [
        ([REACHED, REACHED, BAD], [], 3),
        ([REACHED, WISH, REACHED], ["1 of 3 asked not to be called: 33%, and [canary] do_not_call = 0 allows 0%"], 3),
        ([BAD, BAD, REACHED], ["2 of 3 failed: 67%, and [canary] failed = 0.4 allows 40%"], 3),
        ([ON_HOLD, ON_HOLD, REACHED], ["only 1 of 3 outcomes are known by now ([canary] wait)"], 11),
    ],
    ids=["well", "a wish", "bad numbers", "nobody knows"],
)
async def test_the_first_rows_are_judged_by_what_became_of_them(
    tmp_path: Path, clock: DayClock, ledger: Ledger, *, fates: Sequence[Fate], broken: list[str], minutes: int
) -> None:
    """No longer than it takes to know, and never longer than the template says."""
    script = {phone: [fate] for phone, fate in zip(PEOPLE, fates, strict=False)}
    async with a_day(tmp_path, ledger=ledger, clock=clock, script=dict(script)) as day:
        record, canary = day.start(*PEOPLE), Canary(BOUNDS, rows=3, clock=clock)
        await day.dial(record, limit=3, saw=canary.on_event)
        plan = plan_of_record(record, rate=None, max_in_flight=None)
        async for _ in canary.outcomes(ledger, record, plan=plan, account=day.account, stop=anyio.Event()):
            pass
        assert canary.broken(ledger, record) == broken
        assert clock.at - MORNING <= timedelta(minutes=minutes)
        assert ledger.read.rows.count_waiting(record.id, from_round=0) == 3
