"""Answers lost in every way that the stand-in knows, looked up in lists that mislead in every way that a list can.

The truth log is the judge: whatever the ledger says was created must have rung under that id, and nobody twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from campaign.config.run_plan import RunPlan
from campaign.domain.model import RowState
from campaign.ledger.store import open_ledger
from campaign.sandbox.list_endings import Listing
from campaign.sandbox.server import serve
from tests.reconcile.lost import (
    PLAN,
    WITH_REFERENCE,
    Clock,
    EveryFault,
    begin,
    copied,
    faults_of_truth,
    people,
    resolved,
    rings,
    sandbox,
    send_all,
)

SHORT, LONG = 150, 2_000


@dataclass(frozen=True)
class Camp:
    """A folder with a run whose answers are lost, to be copied and looked up."""

    folder: Path
    plan: RunPlan
    unknown: int


@pytest.fixture(scope="module")
def camp(tmp_path_factory: pytest.TempPathFactory) -> Camp:
    return lost_run(tmp_path_factory.mktemp("lost") / "home", rows=SHORT, plan=PLAN)


def lost_run(folder: Path, *, rows: int, plan: RunPlan) -> Camp:
    folder.mkdir()

    async def send() -> int:
        with open_ledger(folder, now=Clock()) as ledger:
            record = begin(ledger, people(rows), plan=plan)
            async with serve(sandbox(folder, faults=EveryFault())) as stand_in:
                await send_all(ledger, record, stand_in.base_url, plan=plan)
                assert not stand_in.bugs
            assert not faults_of_truth(ledger, record, folder, all_found=False)
            return ledger.read.rows.count_states(record.id)[RowState.UNKNOWN]

    return Camp(folder, plan, unknown=anyio.run(send))


SOUND = {
    "a sound list": Listing(),
    "in no order, with repeats, and another team's calls to the same people": Listing(
        shuffled=True, repeats=3, strangers=2
    ),
    "without the names of team and template": Listing(bare=("teamId", "callTemplateId", "status", "updatedAt")),
    "after a cut": Listing(ending="list_cut", failing=1),
    "that speaks of pages": Listing(ending="list_paged"),
    "behind more calls of others than a run makes": Listing(ending="list_long"),
    "with entries of every wrong type before it": Listing(ending="list_odd"),
    "with brackets without end behind it": Listing(ending="list_deep"),
}
MORE_SOUND = {
    "in no order": Listing(shuffled=True),
    "with repeats": Listing(repeats=3),
    "after failures": Listing(ending="list_500", failing=2),
    "with nonsense behind it": Listing(ending="list_behind"),
    "with a broken entry behind it": Listing(ending="list_broken"),
}


@pytest.mark.parametrize("listing", SOUND.values(), ids=SOUND)
def test_every_call_that_was_made_is_found_with_its_id(camp: Camp, tmp_path: Path, listing: Listing) -> None:
    found = check(camp, tmp_path, listing=listing, all_found=True)
    assert found == made_but_unknown(camp)


LESS = {
    "that lags": Listing(lag=3600.0),
    "cut to its newest fifty": Listing(newest=50, shuffled=True),
    "that says no time": Listing(bare=("createdAt",)),
    "that says no words": Listing(bare=("nameOfHuman", "promptVariableValues")),
    "that is none": Listing(ending="list_html"),
    "for others": Listing(ending="list_401"),
}


@pytest.mark.parametrize("listing", LESS.values(), ids=LESS)
def test_a_list_that_says_less_settles_less_and_nothing_wrongly(camp: Camp, tmp_path: Path, listing: Listing) -> None:
    assert check(camp, tmp_path, listing=listing, all_found=False) < made_but_unknown(camp)


def test_a_reference_finds_every_call_in_a_list_that_says_neither_time_nor_name(tmp_path: Path) -> None:
    camp = lost_run(tmp_path / "home", rows=SHORT, plan=WITH_REFERENCE)
    listing = Listing(bare=("createdAt", "nameOfHuman", "toPhoneNumber"), shuffled=True, repeats=2)
    assert check(camp, tmp_path, listing=listing, all_found=True) == made_but_unknown(camp) > 0


def check(camp: Camp, tmp_path: Path, *, listing: Listing, all_found: bool) -> int:
    """Resolves a copy of the run; how many rows were found."""
    folder = tmp_path / "copy"

    async def look_up() -> int:
        with copied(camp.folder, folder, now=Clock()) as (ledger, record):
            done = await resolved(ledger, record, folder, listing=listing, plan=camp.plan)
            assert not faults_of_truth(ledger, record, folder, all_found=all_found)
            assert not done.settled.several
            assert not done.offered, "the run has only just ended"
            assert len(done.settled.found) + done.settled.left == camp.unknown
            assert len(rings(folder)) == len(rings(camp.folder))
            return len(done.settled.found)

    return anyio.run(look_up)


def made_but_unknown(camp: Camp) -> int:
    """How many calls were made whose answer was lost."""

    def count() -> Iterator[bool]:
        with open_ledger(camp.folder, now=Clock()) as ledger:
            called = {ring.phone for ring in rings(camp.folder)}
            rows = ledger._reading.connect().exec_driver_sql("SELECT phone FROM sheet_row WHERE state = 'unknown'")
            yield from (phone in called for (phone,) in rows)

    return sum(count())


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("plan", [PLAN, WITH_REFERENCE], ids=["without a mark", "with a reference"])
def test_two_thousand_rows_of_lost_answers_are_found(tmp_path: Path, plan: RunPlan) -> None:
    camp = lost_run(tmp_path / "home", rows=LONG, plan=plan)
    for number, listing in enumerate([*SOUND.values(), *MORE_SOUND.values()]):
        sub = tmp_path / str(number)
        sub.mkdir()
        assert check(camp, sub, listing=listing, all_found=True) == made_but_unknown(camp)
    for number, listing in enumerate([*LESS.values(), Listing(newest=100)], 100):
        sub = tmp_path / str(number)
        sub.mkdir()
        check(camp, sub, listing=listing, all_found=False)
