"""Who opts out in a call may have another one on its way, which nothing here can hold back."""

from datetime import timedelta
from pathlib import Path

import pytest

from campaign.ledger.store import Ledger
from tests.followup.day import REACHED, WISH, DayClock, a_day

pytestmark = pytest.mark.anyio

HAL, IDA = "+12125550107", "+12125550108"
TOMORROW = '[stagger]\nstart = 2026-12-02T09:00:00Z\nevery = "30s"\n'


async def test_an_opt_out_names_the_calls_to_that_person_that_are_still_to_ring(
    tmp_path: Path, clock: DayClock, ledger: Ledger
) -> None:
    """By row, run, id and time, so that a person can cancel them at AICaller before they ring."""
    script = {HAL: [WISH, REACHED], IDA: [REACHED]}
    async with a_day(tmp_path, ledger=ledger, clock=clock, script=dict(script), service="https://aicaller.test") as day:
        today = day.start(HAL, IDA, call_again_after="0s")
        await day.dial(today)
        tomorrow = day.start(HAL, IDA, name="tuesday", call_again_after="0s", more=TOMORROW)
        await day.dial(tomorrow)
        made = {(call.phone, call.due_at > call.created_at): call.id for call in day.sandbox.calls}
        clock.at += timedelta(hours=1)
        hal, ida = await day.hint((made[HAL, False],), (made[IDA, False],))
    assert hal.suppressed
    [call] = hal.ahead
    assert (call.run, call.row, call.call_id) == ("tuesday", 2, made[HAL, True])
    assert call.until.isoformat() == "2026-12-02T09:00:00+00:00"
    assert ida.ahead == ()
