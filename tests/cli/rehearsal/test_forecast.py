"""The rehearsal's last ring is when the last phone rings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import anyio
import pytest

from campaign.sandbox.faults.table import FaultPlan
from campaign.usecases.dialling.rehearsal.rehearse import (
    DEFAULT_FAULTS,
    Performance,
    RehearsalOptions,
    open_rehearsal,
    perform,
)
from tests.cli.conftest import Desk
from tests.cli.rehearsal.everyday import Surroundings, last_ring_of_everyday, options, published
from tests.cli.rehearsal.sheets import days, people

OPEN_IN_ALL_ZONES = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)


@contextmanager
def nobody_stops() -> Iterator[anyio.Event]:
    yield anyio.Event()


def performed(asked: RehearsalOptions, surroundings: Surroundings) -> Performance:
    with open_rehearsal(asked, context=surroundings) as rehearsal:
        return perform(rehearsal, published(rehearsal), stopping=nobody_stops, on_day=lambda _now, _rings: None)


@pytest.mark.parametrize("count", [20, pytest.param(500, marks=pytest.mark.soak)])
def test_what_was_rehearsed_is_what_happens(desk: Desk, count: int) -> None:
    """What the rehearsal leaves out to be fast (looks every half second, a results file, polls by HTTP) is no matter.

    The people are the same, and the faults are others. Hours, retries and a wish to be called tomorrow: two days.
    """
    asked = options(people(desk, count), days(desk, rate=1), seed=5)
    surroundings = Surroundings(desk.folder / "home", at=OPEN_IN_ALL_ZONES)
    rehearsal = performed(asked, surroundings)
    happened = last_ring_of_everyday(asked, surroundings, faults=FaultPlan.parse(DEFAULT_FAULTS, seed=77))
    assert rehearsal.count.last is not None
    assert (rehearsal.count.twice, rehearsal.count.forgotten) == ((), ())
    assert (happened - OPEN_IN_ALL_ZONES).days >= 1
    off = abs(rehearsal.count.last - happened) / (happened - OPEN_IN_ALL_ZONES)
    assert off < 0.01, (rehearsal.count.last, happened)
