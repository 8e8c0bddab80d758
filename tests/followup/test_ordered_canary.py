"""A canary that a restart has interrupted: it goes on where it was, and is judged before any other row is called."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from campaign.config.outcome_sections import CanarySection
from campaign.followup.canary import Canary
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger
from campaign.preparation.plan.continue_run import plan_of_record
from campaign.sandbox.calls import Fate
from campaign.usecases.serving.drafts.ordered_canary import OrderedCanary, canary_of_run
from tests.followup.day import BAD, REACHED, WISH, Day, DayClock, a_day

pytestmark = pytest.mark.anyio
BOUNDS = CanarySection(refused=0.0, failed=0.4, do_not_call=0.0, wait=timedelta(minutes=10))
ORDERED = OrderedCanary(rows=3, bounds=BOUNDS)
PEOPLE = tuple(f"+121255501{number:02d}" for number in range(6))


async def judged(day: Day, record: RunRecord, *, ledger: Ledger, canary: Canary) -> list[str]:
    """What the canary is found to be, once its outcomes are known."""
    plan = plan_of_record(record, rate=None, max_in_flight=None)
    async for _ in canary.outcomes(ledger, record, plan=plan, account=day.account, stop=anyio.Event()):
        pass
    return canary.broken(ledger, record)


@pytest.mark.parametrize(
    ("fates", "held"),
    [([REACHED, REACHED, BAD], True), ([WISH, REACHED, REACHED], False), ([BAD, REACHED, BAD], False)],
    ids=["well", "a wish before the restart", "bad numbers before and after it"],
)
@pytest.mark.parametrize("sent_before", [1, 2, 3, 5], ids=lambda sent: f"after {sent} calls")
async def test_a_restart_judges_all_of_the_canary_and_nothing_else(
    tmp_path: Path, clock: DayClock, ledger: Ledger, *, fates: Sequence[Fate], held: bool, sent_before: int
) -> None:
    """A canary that forgot its calls before the restart would let the rest be called unjudged, or call three more."""
    script = {phone: [fate] for phone, fate in zip(PEOPLE, [*fates, BAD, BAD, BAD], strict=True)}
    async with a_day(tmp_path, ledger=ledger, clock=clock, script=dict(script)) as day:
        record = day.start(*PEOPLE)
        await day.dial(record, limit=sent_before, saw=lambda _: None)
        canary = canary_of_run(ledger, record, ORDERED, limit=None, clock=clock)
        assert canary.rows == max(0, 3 - sent_before)
        await day.dial(record, limit=canary.rows, saw=canary.on_event)
        assert (await judged(day, record, ledger=ledger, canary=canary) == []) is held
        assert ledger.read.rows.count_waiting(record.id, from_round=0) == 6 - max(3, sent_before)


async def test_a_canary_that_was_not_begun_is_whole(tmp_path: Path, clock: DayClock, ledger: Ledger) -> None:
    async with a_day(tmp_path, ledger=ledger, clock=clock, script={}) as day:
        record = day.start(*PEOPLE)
        assert canary_of_run(ledger, record, ORDERED, limit=None, clock=clock).rows == 3
        assert canary_of_run(ledger, record, ORDERED, limit=2, clock=clock).rows == 2
